"use strict";
// "Insert" beside a placeholder puts it where the cursor was last. A field of English text gets the English name.

for (const list of document.querySelectorAll("form .letter-names")) {
  const form = list.closest("form"), fields = "textarea, input[name^=subject]";
  let last = form.querySelector("textarea");
  form.addEventListener("focusin", (event) => event.target.matches(fields) && (last = event.target));
  const english = (field) => (/_(zh|en)$/.test(field.id) ? field.id.endsWith("_en") : document.documentElement.lang === "en");

  for (const button of list.querySelectorAll("input")) {
    button.parentElement.hidden = false;
    button.addEventListener("click", () => {
      // A person's words may not stand in a subject: they go into the text below it.
      if ("textOnly" in button.dataset && last.tagName === "INPUT") last = document.getElementById(last.id.replace("subject", "text"));
      const put = english(last) ? button.dataset.en : button.dataset.zh;
      last.setRangeText(put, last.selectionStart, last.selectionEnd, "end");
      last.dispatchEvent(new Event("input", { bubbles: true }));
      last.focus();
    });
  }
}
