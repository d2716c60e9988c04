"use strict";
// A form that is sent while there is no network stays on its page with all that was typed, and says so beside the
// button. Without this script the browser shows a page of its own, and what was typed is left to its way back.

(() => {
  const notice = document.getElementById("offline");
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.defaultPrevented) return;
    event.preventDefault();
    const pressed = event.submitter;
    if (pressed) (pressed.closest(".form-end, .actions") || pressed).before(notice);
    else event.target.append(notice);
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
  });
  window.addEventListener("online", () => { notice.hidden = true; });
})();
