// Uses the code behind the # up. It never stands in an address that a server or a log sees.
"use strict";

// Another code opened in the same tab changes only what is behind the #.
addEventListener("hashchange", () => location.reload());

(async () => {
  const line = document.getElementById("pairing");
  const say = line.dataset;
  const code = location.hash.slice(1);
  if (!code) {
    line.textContent = say.sayNone;
    return;
  }
  if (!desk.canPair()) {
    line.textContent = say.sayFull;
    return;
  }
  // What was scanned so far is sent first. What cannot be sent stays under its own check point; the desk shows it.
  const kept = desk.unsent().length;
  if (kept) {
    line.textContent = say.sayFirst.replace("{n}", kept);
    await desk.flush();
  }
  try {
    const { status, said } = await desk.ask("pair", { body: { code } });
    if (status === 200) {
      desk.keepPairing(said);
      await desk.mirrorWritten();
      location.replace("/desk");
    } else line.textContent = status === 410 ? say.sayDead : say.sayAway;
  } catch {
    line.textContent = say.sayAway;
  }
})();
