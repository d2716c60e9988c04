// A screen at the venue: asks for its state every two seconds, lets clocks run by the server's time, and shows its pages and
// long lists in turn.
"use strict";

(() => {
  const EVERY = 2000;
  const PAGE_FOR = 15_000;
  const LIST_FOR = 6000;
  const WALL_OLD = 30_000; // a code that could not be renewed for so long opens nothing soon
  const main = document.getElementById("main");
  const pages = document.getElementById("pages");
  const say = main.dataset;
  let offset = Date.parse(say.now) - Date.now();
  let etag = "";
  let fresh = Date.now();
  let page = 0;
  let turned = Date.now();

  const two = (n) => String(n).padStart(2, "0");
  const span = (seconds) => `${two(Math.floor(seconds / 60))}:${two(Math.floor(seconds % 60))}`;
  const clock = (at) => [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");

  async function ask() {
    const answer = await fetch(say.state, {
      headers: etag ? { "If-None-Match": etag } : {},
      cache: "no-store",
      signal: AbortSignal.timeout(8000),
    });
    if (answer.status === 404) return end();
    const told = answer.headers.get("Server-Time");
    if (told) offset = Date.parse(told) - Date.now();
    if (answer.status === 200) {
      const said = await answer.json();
      etag = answer.headers.get("ETag") || "";
      show(said.pages);
    } else if (answer.status !== 304) return;
    fresh = Date.now();
  }

  function end() {
    document.getElementById("fresh").textContent = say.sayGone;
    pages.replaceChildren();
    clearInterval(asking);
  }

  // The fragments come from our own server, which escapes every text in them.
  function show(said) {
    const made = said.map(({ widget, html }) => {
      const section = document.createElement("section");
      section.className = "screen-page";
      section.dataset.widget = widget;
      section.innerHTML = html;
      return section;
    });
    pages.replaceChildren(...made);
    draw();
  }

  function draw() {
    const now = Date.now();
    const all = [...pages.children];
    if (now - turned > PAGE_FOR) turn(1);
    all.forEach((section, n) => (section.hidden = n !== page % all.length));
    pages.querySelectorAll("[data-started]").forEach(run);
    pages.querySelectorAll("[data-wall]").forEach((wall) => (wall.hidden = now - fresh > WALL_OLD));
    document.getElementById("rest").textContent = all.length ? lists(all[page % all.length], now) : "";
    const away = now - fresh > 3 * EVERY;
    main.classList.toggle("screen-away", away);
    const words = away ? say.sayAway : say.sayFresh;
    document.getElementById("fresh").textContent = words.replace("{at}", clock(new Date(fresh + offset)));
  }

  function run(shown) {
    const seconds = Math.max(0, (Date.now() + offset - Date.parse(shown.dataset.started)) / 1000);
    const limit = Number(shown.dataset.limit);
    shown.textContent = span(seconds);
    const over = Math.floor(seconds) - limit;
    shown.classList.toggle("over", over > 0);
    const words = shown.nextElementSibling;
    if (over > 0) words.textContent = words.dataset.sayOver.replace("{over}", span(over));
  }

  // A list that is longer than the screen is shown part by part.
  function lists(section, now) {
    let longest = 0;
    for (const list of section.querySelectorAll("[data-list]")) {
      const most = Number(list.dataset.list);
      const items = [...list.children];
      const part = Math.floor(now / LIST_FOR) % Math.max(1, Math.ceil(items.length / most));
      items.forEach((item, n) => (item.hidden = Math.floor(n / most) !== part));
      if (items.length > most) longest = Math.max(longest, items.length);
    }
    return longest ? say.sayRest.replace("{n}", longest) : "";
  }

  function turn(by) {
    const all = pages.children.length;
    page = all ? (page + by + all) % all : 0;
    turned = Date.now();
  }

  document.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowRight" || key === "ArrowLeft") turn(key === "ArrowRight" ? 1 : -1);
    draw();
  });
  main.addEventListener("click", () => document.documentElement.requestFullscreen?.().catch(() => {}));
  navigator.wakeLock?.request("screen").catch(() => {});
  const asking = setInterval(() => ask().catch(() => {}), EVERY);
  setInterval(draw, 500);
  draw();
})();
