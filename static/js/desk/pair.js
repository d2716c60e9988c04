// Uses the code behind the # up. It never stands in an address that a server or a log sees.
"use strict";

// Another code opened in the same tab changes only what is behind the #.
addEventListener("hashchange", () => location.reload());

(async () => {
  const line = document.getElementById("pairing");
  const code = location.hash.slice(1);
  if (!code) {
    line.textContent = line.dataset.sayNone;
    return;
  }
  try {
    const { status, said } = await desk.ask("pair", { code });
    if (status === 200) {
      desk.keepToken(said.token);
      location.replace("/desk");
    } else line.textContent = status === 410 ? line.dataset.sayDead : line.dataset.sayAway;
  } catch {
    line.textContent = line.dataset.sayAway;
  }
})();
