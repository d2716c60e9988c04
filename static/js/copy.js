"use strict";
// A button that copies what a field holds. It is shown only where the browser lets a page copy; without this script
// the field can still be selected.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // not without https
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy), word = button.querySelector("span");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      word.textContent = button.dataset.done;
    } catch {
      // the text is selected: the reader copies it by hand
    }
  });
}
