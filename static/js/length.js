"use strict";
// How long a text is, under its field. Nothing that is typed or pasted is cut off: the server refuses what is too
// long and the page keeps it. Without this script the page says how much is allowed.

for (const box of document.querySelectorAll("[data-length]")) {
  const field = document.getElementById(box.dataset.length), most = Number(box.dataset.most);
  const show = () => {
    const length = [...field.value.trim()].length, over = length - most;
    box.textContent = over > 0 ? box.dataset.sayOver.replace("{n}", over) : box.dataset.say.replace("{n}", length);
    box.classList.toggle("field-length-over", over > 0);
  };
  field.addEventListener("input", show);
  show();
}
