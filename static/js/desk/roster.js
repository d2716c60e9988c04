// The list for times without a network: hashes of tickets with the verdicts that the server gave when it was fetched. This
// page adds only what it has let in itself since. Forgotten when the phone leaves, and a day after the event.
"use strict";

(() => {
  const ROSTER = "eventreg.desk.roster."; // + id of the pairing
  const SEEN = "eventreg.desk.seen."; // + id of the pairing: ticket -> when this phone let it in
  const HASH = 32;
  const MARK = 5;
  const ADDRESS = /^https?:\/\/.*\/t\/([^/?#]*)\/?(?:[?#].*)?$/is;
  const LOOK_ALIKE = { I: "1", O: "0" };
  let held = null; // { id, list, tickets, codes, arrivals }

  const now = () => Date.now() + desk.offset();
  const read = (key) => JSON.parse(localStorage.getItem(key) || "null");

  desk.forgetRosters = ({ all = false } = {}) => {
    if (desk.isStale() && !all) return; // another tab paired the phone anew: this page is loaded again
    const mine = desk.pairing()?.id;
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(ROSTER) || name.startsWith(SEEN))) {
      const id = key.slice(key.startsWith(ROSTER) ? ROSTER.length : SEEN.length);
      const over = key.startsWith(ROSTER) && now() >= Date.parse(read(key)?.forget_at);
      if (all || id !== mine || over) localStorage.removeItem(ROSTER + id), localStorage.removeItem(SEEN + id);
      if (!localStorage.getItem(ROSTER + id) && held?.id === id) held = null;
    }
  };

  // The list with its lines by ticket, by mark of a short code, and by arrival number; null if there is none.
  function opened() {
    const id = desk.pairing()?.id;
    if (held?.id === id) return held;
    const list = id && read(ROSTER + id);
    if (!list) return null;
    const [tickets, codes, arrivals] = [new Map(), new Map(), new Map()];
    for (const [ticket, code, arrival, name, unit, label = "", verdict = "admitted", words = ""] of list.lines) {
      const line = { ticket, arrival, name, unit: list.units[unit], label, verdict, words };
      tickets.set(ticket, line);
      if (code) codes.set(code, line);
      arrivals.set(arrival, line); // the last ticket of a registration is the one in force
    }
    held = { id, list, tickets, codes, arrivals };
    return held;
  }

  desk.refreshRoster = async () => {
    desk.forgetRosters();
    const pairing = desk.pairing();
    const asked = await desk.reached(pairing, "roster", { etag: opened()?.list.etag });
    if (asked?.status === 200) {
      const list = { ...asked.said, etag: asked.etag, checked_at: Date.now() };
      held = null;
      if (now() < Date.parse(list.forget_at)) desk.store(ROSTER + pairing.id, JSON.stringify(list));
    } else if (asked?.status === 304 && opened()) {
      held.list.checked_at = Date.now();
      desk.store(ROSTER + pairing.id, JSON.stringify(held.list));
    } else return;
    desk.tell("roster");
  };

  // { minutes since the list was fetched, its lines, free places or null, people who wait, conflicts }; null without a list.
  desk.rosterFacts = () => {
    const list = opened()?.list;
    if (!list) return null;
    const minutes = Math.max(0, Math.floor((Date.now() - list.checked_at) / 60_000));
    return { minutes, lines: list.lines.length, free: list.free, waiting: list.waiting, conflicts: list.conflicts || [] };
  };

  async function hashOf(text) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(digest)].map((n) => n.toString(16).padStart(2, "0")).join("");
  }

  // The line of a text, or null. "arrival:17" is the number that somebody was found by.
  async function find(text, typed) {
    const roster = opened();
    if (!roster || !crypto.subtle) return null;
    const arrival = /^arrival:(\d+)$/.exec(text);
    if (arrival) return roster.arrivals.get(Number(arrival[1])) || null;
    const code = text.toUpperCase().replace(/[\s-]/g, "").replace(/[IO]/g, (mark) => LOOK_ALIKE[mark]);
    if (typed && code.length === 8) return roster.codes.get((await hashOf(`${roster.list.slug}:${code}`)).slice(0, MARK)) || null;
    const token = (ADDRESS.exec(text.trim()) || [null, text.trim()])[1];
    return roster.tickets.get((await hashOf(token)).slice(0, HASH)) || null;
  }

  // What this phone can say by itself: { line, verdict: admitted | repeated | refused, words, since }; null for a code that
  // it does not know. `since` is when this phone let the same ticket in.
  desk.lookUp = async (text, { typed = false } = {}) => {
    const line = await find(text, typed);
    if (!line) return null;
    const since = (read(SEEN + desk.pairing().id) || {})[line.ticket];
    const again = since && line.verdict === "admitted";
    return { line, verdict: again ? "repeated" : line.verdict, words: again ? "" : line.words, since };
  };
  desk.findArrival = (number) => opened()?.arrivals.get(number) || null;

  // This phone let somebody in: from now on their ticket is read again.
  desk.noteSeen = ({ ticket }, at) => {
    const key = SEEN + desk.pairing().id;
    desk.store(key, JSON.stringify({ [ticket]: at, ...read(key) }));
  };

  desk.forgetRosters();
})();
