// Keeps the desk usable without a network: its files, its storage and the screen. What is kept asks before the page goes.
"use strict";

(() => {
  const place = document.getElementById("main").dataset;

  async function keepFiles() {
    const made = await navigator.serviceWorker.register(place.serviceWorker, {
      scope: place.scope,
      updateViaCache: "none",
    });
    window.addEventListener("online", () => made.update().catch(() => {}));
  }
  if (navigator.serviceWorker) keepFiles().catch(() => {}); // without it the desk works as long as the page is open
  // The service worker deletes no files of a set whose name is held (see service_worker.js).
  navigator.locks?.request(`eventreg-desk-${place.set}`, { mode: "shared" }, () => new Promise(() => {}));
  navigator.serviceWorker?.controller?.postMessage("tidy");
  navigator.storage?.persist?.().catch(() => {}); // else the browser may clear what was not sent when room is short

  const stayAwake = () => {
    if (!document.hidden && desk.pairing()) navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();

  window.addEventListener("beforeunload", (event) => {
    if (desk.entries().length && !desk.isStale()) event.preventDefault();
  });
})();
