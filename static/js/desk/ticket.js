// A ticket's address, opened by another camera app on a phone that is paired: check it here.
"use strict";

(() => {
  const place = document.getElementById("at-the-door");
  const button = place.querySelector("button");
  if (!desk.pairing()) return;
  place.hidden = false;
  let scan = null;

  function show(kind, facts) {
    desk.show(kind, { at: desk.clock(scan.scanned_at), name: facts.name, unit: facts.unit, why: facts.words });
    scan = null;
  }
  desk.listen((what, facts) => {
    if (!scan) return;
    if (what === "result" && facts.nonce === scan.nonce) return show(facts.verdict, facts);
    if (what === "result" || facts !== desk.pairing()?.id) return;
    if (what === "away") show("kept", {});
    if (what === "shut") show("kept", { words: button.dataset.sayShut });
  });
  button.addEventListener("click", () => {
    if (scan) return;
    desk.allowSound();
    scan = desk.keep(location.href);
    desk.flush();
  });
})();
