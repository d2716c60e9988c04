// The verdict over the whole screen, with a sound and a vibration of its own.
"use strict";

(() => {
  const LONG = 24;
  const TONES = { admitted: [880], repeated: [520, 520], refused: [220, 180, 220], kept: [520] };
  const SHAKES = { admitted: [80], repeated: [80, 80, 80], refused: [300, 100, 300], kept: [80, 80] };
  let audio = null;

  // Browsers let a page sound only after a touch.
  desk.allowSound = () => {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (Context && !audio) audio = new Context();
  };

  function sound(kind) {
    if (!audio) return;
    TONES[kind].forEach((frequency, n) => {
      const tone = audio.createOscillator();
      const start = audio.currentTime + n * 0.16;
      tone.frequency.value = frequency;
      tone.connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.13);
    });
  }

  // facts: door, at, name, unit, label, why, note. Until `next` is pressed or `forMs` has passed. `release`, `walkIn` and
  // `type` are what their buttons do; without them the buttons are not there.
  desk.show = (kind, facts, { forMs, next, release, walkIn, type } = {}) => {
    const place = document.getElementById("verdict");
    const shown = document.getElementById(`verdict-${kind}`).content.firstElementChild.cloneNode(true);
    for (const part of shown.querySelectorAll("[data-fill]")) {
      const fact = facts[part.dataset.fill];
      if (fact) part.textContent = fact;
    }
    shown.querySelector(".who").classList.toggle("is-long", (facts.name || "").length > LONG);
    place.replaceChildren(shown);
    place.classList.add("verdict-shown");
    const close = () => {
      if (place.firstElementChild !== shown) return;
      place.replaceChildren();
      place.classList.remove("verdict-shown");
      if (next) next();
    };
    for (const [name, act] of [["release", release], ["walk-in", walkIn], ["type", type]]) {
      const button = shown.querySelector(`[data-${name}]`);
      if (!button) continue;
      button.hidden = !act;
      button.addEventListener("click", () => (act(), close()));
    }
    shown.querySelector("[data-next]").addEventListener("click", close);
    if (forMs) setTimeout(close, forMs);
    sound(kind);
    if (navigator.vibrate && navigator.userActivation?.hasBeenActive !== false) navigator.vibrate(SHAKES[kind]);
  };

  // Day and time, of what may be some days old; a text that is no time stays as it is.
  desk.day = (at) => {
    const when = new Date(at);
    if (Number.isNaN(when.getTime())) return String(at);
    return `${when.getMonth() + 1}-${String(when.getDate()).padStart(2, "0")} ${desk.clock(at)}`;
  };
  desk.clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
})();
