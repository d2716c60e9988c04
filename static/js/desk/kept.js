// What this phone still holds: scans of another pairing, of one that was shut out, and those that the server did not take.
// They are listed with the reason, and exported as a file for an organiser.
"use strict";

(() => {
  const DAY = 24 * 3600 * 1000;
  const part = (id) => document.getElementById(id);
  const say = part("kept").dataset;
  const away = new Set(); // pairings that could not be reached just now
  let exported = new Set();

  const reasonOf = ({ id, scan }) => {
    if (!scan) return say.sayBroken;
    if (scan.refused) return scan.refused.words;
    if (desk.isUnknown(id)) return say.sayUnknownPost;
    return desk.isShut(id) ? say.sayShut : say.sayWaits;
  };
  // What only a file can still bring to the server.
  const stuck = (entry) => !desk.waits(entry) || desk.isShut(entry.id);
  // A scan that this page has just made is in the list of last scans, and is shown here only while it cannot be sent.
  const isShown = (entry) => stuck(entry) || isOld(entry) || entry.id !== desk.pairing()?.id || away.has(entry.id);
  const isOld = ({ scan }) => Date.now() + desk.offset() - Date.parse(scan?.scanned_at) >= DAY;

  const postOf = (id) => {
    const pairing = desk.pairings().find((one) => one.id === id);
    if (!pairing?.door) return say.sayNoPost;
    return say.sayPost.replace("{door}", pairing.door).replace("{point}", pairing.check_point_name).replace("{campaign}", pairing.campaign);
  };

  function show() {
    const entries = desk.entries().filter(isShown);
    const groups = new Map();
    for (const entry of entries) {
      const key = `${entry.id}\n${reasonOf(entry)}`;
      groups.set(key, [...(groups.get(key) || []), entry]);
    }
    part("kept").hidden = !entries.length;
    part("kept-title").textContent = say.sayTitle.replace("{n}", entries.length);
    const old = entries.filter(isOld).length;
    part("kept-old").textContent = say.sayOld.replace("{n}", old);
    part("kept-old").hidden = !old;
    part("kept-groups").replaceChildren(...[...groups.values()].map(group));
    part("kept-clear").hidden = !entries.some((entry) => stuck(entry) && exported.has(entry.key));
  }

  // The times of some scans, each once; of many the first and the last.
  function timesOf(entries) {
    const times = [...new Set(entries.map(({ scan }) => (scan ? desk.day(scan.scanned_at) : "?")))];
    return (times.length > 4 ? [times[0], "…", times.at(-1)] : times).join(say.sayComma);
  }

  function group(entries) {
    const made = part("kept-group").content.firstElementChild.cloneNode(true);
    made.querySelector("b").textContent = postOf(entries[0].id);
    made.querySelector("small").textContent = reasonOf(entries[0]);
    made.querySelector("span").textContent = say.sayTimes.replace("{n}", entries.length).replace("{at}", timesOf(entries));
    return made;
  }

  const line = ({ id, scan, raw }) => {
    if (!scan) return { unreadable: raw };
    const { device, slug, campaign, door, check_point } = desk.pairings().find((one) => one.id === id) || {};
    const { refused, ...rest } = scan;
    return { device, campaign: slug, check_point, ...rest, title: campaign, door, refused: refused?.reason };
  };

  part("kept-export").addEventListener("click", () => {
    const entries = desk.entries();
    const file = { format: "eventreg-scans", version: 2, exported_at: new Date().toISOString(), offset_ms: desk.offset() };
    const text = JSON.stringify({ ...file, scans: entries.map(line) }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = `${say.sayFile}-${file.exported_at.slice(0, 16).replace(/\D/g, "")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    exported = new Set(entries.map(({ key }) => key));
    show();
  });
  part("kept-clear").addEventListener("click", () => {
    if (!window.confirm(say.sayClear)) return;
    desk.entries().filter((entry) => stuck(entry) && exported.has(entry.key)).forEach(({ key }) => desk.drop(key));
    desk.forgetIdle();
    desk.tell("unsent");
  });

  desk.listen((what, facts) => {
    if (what === "away") away.add(facts);
    if (what === "count") away.delete(facts.id);
    if (["away", "shut", "unsent", "count"].includes(what)) show();
  });
  setInterval(show, 60_000);
  show();
})();
