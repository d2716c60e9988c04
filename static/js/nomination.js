"use strict";
// A nomination while it is written: counted at each key, saved by itself every ten seconds, and kept on this
// device until the server has it. Without this script the buttons of the form do the same.

(() => {
  const form = document.getElementById("nomination");
  if (!form) return;
  const PAUSE = 10_000;
  const status = document.getElementById("saved");
  // Of this person alone: somebody else who signs in here is not offered what this person typed.
  const key = `nomination:${form.dataset.person}:${form.dataset.autosave}`;
  const oldKey = `nomination:${form.dataset.autosave}`; // until version 0.9 it did not say whose it was
  const OURS = ["csrf_token", "version", "tab"];
  const said = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name]);
  const tell = (text) => { if (status.textContent !== text) status.textContent = text; };

  // What was typed, without our own marks; the same for the same content.
  const typed = () => JSON.stringify([...new FormData(form)].filter(([name]) => !OURS.includes(name)));

  const counters = [...document.querySelectorAll("[data-counter]")].map((box) => {
    const { least, most, counted, sayShort, sayOver, sayFull, sayFigures } = box.dataset;
    const field = document.getElementById(box.dataset.counter);
    const [figure, say, bar, figures] = ["[data-figure]", "[data-say]", "progress", "[data-figures]"]
      .map((part) => box.querySelector(part));
    return () => {
      const found = wordcount.count(field.value.trim()), n = found[counted];
      const look = n < least ? "short" : n > most ? "over" : "full";
      box.className = `counter counter-${look}`;
      figure.textContent = n;
      bar.value = Math.min(n, bar.max);
      figures.textContent = said(sayFigures, found);
      const text = { short: said(sayShort, { n: least - n }), over: said(sayOver, { n: n - most }), full: sayFull }[look];
      if (say.textContent !== text) say.textContent = text;
    };
  });

  const keep = (content) => {
    try {
      localStorage.setItem(key, JSON.stringify({ content, at: new Date().toLocaleString(document.documentElement.lang) }));
    } catch { /* no room, or not allowed: the server has the last one */ }
  };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* there was none */ } };
  const kept = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

  // Nothing tells whose an older draft is. It is of this nomination, so it goes to the first who opens that again.
  try {
    const old = localStorage.getItem(oldKey);
    if (old !== null && !kept()) localStorage.setItem(key, old);
    localStorage.removeItem(oldKey);
  } catch { /* no room: it stays where it is */ }

  let saved = typed(), stopped = false, busy = false;

  const save = async () => {
    const content = typed();
    if (stopped || busy || content === saved) return;
    busy = true;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { version, at } = await answer.json();
        form.elements.version.value = version;
        saved = content;
        if (typed() === saved) forget();
        tell(said(form.dataset.saySaved, { at }));
      } else if (answer.status === 409) {
        stopped = true;
        tell(form.dataset.sayConflict);
      } else if (answer.status === 422) tell((await answer.json()).said);
      else tell([400, 401, 403, 404].includes(answer.status) ? form.dataset.sayOut : form.dataset.sayAway);
    } catch {
      tell(form.dataset.sayAway);
    } finally {
      busy = false;
    }
  };

  const put = (content) => {
    const values = new Map();
    for (const [name, value] of JSON.parse(content)) values.set(name, [...(values.get(name) || []), value]);
    for (const field of form.elements) {
      if (!field.name || OURS.includes(field.name) || field.type === "submit") continue;
      const mine = values.get(field.name) || [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = mine.includes(field.value);
      else field.value = mine[0] || "";
    }
  };

  let due = 0;
  form.addEventListener("input", () => {
    keep(typed());
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => counters.forEach((count) => count()));
  });
  form.addEventListener("submit", () => { stopped = stopped || navigator.onLine; }); // else offline.js keeps it here
  window.addEventListener("pageshow", (shown) => { if (shown.persisted) stopped = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
  window.addEventListener("online", save);
  setInterval(save, PAUSE);
  counters.forEach((count) => count());

  // Whether the server has this content already: it cleans what was typed, and it alone knows how.
  const stored = async (content) => {
    try {
      const body = new URLSearchParams([...JSON.parse(content), ["compare", "yes"]]);
      for (const name of OURS) body.set(name, form.elements[name].value);
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" } });
      return answer.ok && (await answer.json()).same;
    } catch {
      return false;
    }
  };

  const offer = (before) => {
    const box = document.getElementById("kept");
    document.getElementById("kept-when").textContent = said(form.dataset.sayKept, { at: before.at });
    box.hidden = false;
    document.getElementById("kept-use").addEventListener("click", () => {
      put(before.content);
      counters.forEach((count) => count());
      box.hidden = true;
      save();
    });
    document.getElementById("kept-drop").addEventListener("click", () => { forget(); box.hidden = true; });
  };

  const before = kept();
  if (!before || before.content === saved) forget();
  else stored(before.content).then((same) => {
    if (!same) offer(before);
    else if (kept()?.at === before.at) forget(); // else she has typed on meanwhile
  });
})();
