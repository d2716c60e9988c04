// What a phone keeps: its pairings, and every entry until the server has taken it: scans, and taps, walk-ins and releases,
// which have a `kind`. An entry names its device, campaign and check point and is kept under its pairing, so that it is
// never sent under another one. One key an entry: two tabs cannot overwrite each other's.
"use strict";

(() => {
  const CURRENT = "eventreg.desk.current"; // the id of the pairing in force
  const PAIRING = "eventreg.desk.pairing."; // + id: token, and what this phone is paired for
  const KEPT = "eventreg.desk.kept."; // + id of the pairing, a dot, and the nonce
  const OFFSET = "eventreg.desk.offset";
  const OLD_TOKEN = "eventreg.desk.token"; // until version 0.9 one token, and scans that named nothing
  const OLD_SCAN = "eventreg.desk.scan.";
  const UNKNOWN = "unknown"; // in place of a pairing: nothing says where these were scanned
  const KINDS = ["tap", "walk_in", "release"]; // beside scans, which have none
  const TEXT_MOST = 2001; // a longer text can be no ticket, and the server says so of this many characters

  const unsaved = new Map(); // key -> scan: when the phone's storage is full
  const listeners = [];
  desk.listen = (listener) => listeners.push(listener);
  desk.tell = (what, facts) => listeners.forEach((listener) => listener(what, facts));

  // Every change of these goes to the second copy as well (mirror.js).
  const isMirrored = (key) => key === CURRENT || key.startsWith(PAIRING) || key.startsWith(KEPT);
  const set = (key, value) => {
    localStorage.setItem(key, value);
    if (isMirrored(key)) desk.mirror(key, value);
  };
  const remove = (key) => {
    localStorage.removeItem(key);
    if (isMirrored(key)) desk.mirror(key, null);
  };

  const parsed = (raw) => {
    try {
      return JSON.parse(raw);
    } catch {
      return null;
    }
  };
  const keysOf = (prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  const random = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  };

  // Pairings: { id, token, device, slug, campaign, door, check_point, check_point_name, paired_at }.
  const save = (pairing) => set(PAIRING + pairing.id, JSON.stringify(pairing));
  const find = (id) => parsed(localStorage.getItem(PAIRING + id));

  takeOver();
  // This page scans for the pairing that it shows, also when another tab pairs the phone anew.
  const shown = localStorage.getItem(CURRENT);
  const mine = find(shown);
  keysOf(OLD_SCAN).forEach((key) => move(key, mine ? mine.id : UNKNOWN));

  desk.pairing = () => mine;
  desk.isStale = () => localStorage.getItem(CURRENT) !== shown;
  desk.isCurrentKey = (key) => key === CURRENT;
  desk.pairings = () => {
    const stored = keysOf(PAIRING).map((key) => parsed(localStorage.getItem(key)));
    return stored.filter((pairing) => pairing && pairing.token);
  };

  // The pairing of a page of an older version. What it is paired for is asked at the first contact.
  function takeOver() {
    const token = localStorage.getItem(OLD_TOKEN);
    if (!token) return;
    const id = random();
    save({ id, token });
    if (!localStorage.getItem(CURRENT)) set(CURRENT, id);
    localStorage.removeItem(OLD_TOKEN);
  }

  function move(key, id) {
    const raw = localStorage.getItem(key);
    const scan = parsed(raw);
    const name = scan && typeof scan.nonce === "string" ? scan.nonce : key.slice(key.lastIndexOf(".") + 1);
    const to = `${KEPT}${id}.${name}`;
    try {
      set(to, scan ? JSON.stringify({ ...scan, adopted: true }) : raw);
      remove(key);
    } catch {
      if (scan) unsaved.set(to, { ...scan, adopted: true }); // sent from memory; the stored one stays where it is
    }
  }

  // Room for a pairing is taken before its code is used up: false if this phone can store nothing.
  desk.canPair = () => {
    try {
      localStorage.setItem(PAIRING + "room", "x".repeat(2000));
      localStorage.removeItem(PAIRING + "room");
      return true;
    } catch {
      return false;
    }
  };

  desk.keepPairing = (said) => {
    const id = random();
    save({ id, token: said.token });
    desk.learn(find(id), said);
    set(CURRENT, id);
  };

  // What the server says a pairing is for. Its scans that name nothing yet are named after it; those of an older version
  // that were scanned before this pairing belong to another one that nobody knows any more.
  desk.learn = (pairing, said) => {
    const { device, slug, campaign, door, check_point, check_point_name, role, paired_at } = said;
    Object.assign(pairing, { device, slug, campaign, door, check_point, check_point_name, role, paired_at });
    if (mine && mine.id === pairing.id) Object.assign(mine, pairing);
    try {
      save(pairing);
    } catch {
      /* no room: it is asked again when the page is opened anew */
    }
    for (const { key, scan } of desk.entriesOf(pairing.id)) {
      if (!scan || scan.device !== undefined) continue;
      if (scan.adopted && !(Date.parse(scan.scanned_at) >= Date.parse(paired_at))) move(key, UNKNOWN);
      else change(key, { ...scan, ...postOf(pairing) });
    }
  };

  // A pairing that was replaced is forgotten when nothing is kept under it.
  desk.forgetIdle = () => {
    const current = localStorage.getItem(CURRENT);
    for (const { id } of desk.pairings()) {
      if (id !== current && !desk.entriesOf(id).length) remove(PAIRING + id);
    }
  };

  const postOf = ({ device, slug, check_point }) => ({ device, campaign: slug, check_point });

  // Entries: { key, id of the pairing, scan }; `scan` is null for what cannot be read any more.
  desk.entries = () => {
    const stored = keysOf(KEPT).filter((key) => !unsaved.has(key)).map((key) => entry(key, localStorage.getItem(key)));
    const held = [...unsaved].map(([key, scan]) => ({ ...entry(key, ""), scan }));
    const at = ({ scan }) => (scan ? String(scan.scanned_at) : "");
    return [...stored, ...held].sort((a, b) => at(a).localeCompare(at(b)) || a.key.localeCompare(b.key));
  };
  desk.entriesOf = (id) => desk.entries().filter((one) => one.id === id);
  function entry(key, raw) {
    const rest = key.slice(KEPT.length);
    const found = parsed(raw);
    const good = found && typeof found.nonce === "string" && (typeof found.text === "string" || KINDS.includes(found.kind));
    return { key, id: rest.slice(0, rest.indexOf(".")), scan: good ? found : null, raw };
  }

  // Waiting to be sent: not those that the server refused to take, and not those that nobody can place or read.
  desk.waits = ({ id, scan }) => Boolean(scan) && !scan.refused && !desk.isUnknown(id);
  desk.isUnknown = (id) => id === UNKNOWN || !find(id);
  desk.unsent = () => desk.entries().filter(desk.waits);

  // `typed` says whether a person typed the text or a camera read it: a short code can only be typed.
  desk.keep = (text, { typed = false } = {}) => put({ text: text.slice(0, TEXT_MOST), typed });
  desk.keepTap = () => put({ kind: "tap" });
  desk.keepWalkIn = (staffNo) => put({ kind: "walk_in", staff_no: staffNo });
  desk.keepRelease = (of, shown) => put({ kind: "release", of, shown });

  // The time by the phone's own clock goes along: the server corrects it, however wrong that clock is.
  function put(fields) {
    const [now, offset] = [Date.now(), desk.offset()];
    const times = { scanned_at: new Date(now + offset).toISOString(), device_at: new Date(now).toISOString(), offset_ms: offset };
    const post = mine.device === undefined ? {} : postOf(mine);
    const scan = { nonce: random(), ...fields, ...times, ...post };
    if (!find(mine.id)) desk.store(PAIRING + mine.id, JSON.stringify(mine)); // another tab paired the phone anew
    const key = keyOf(scan);
    if (!desk.store(key, JSON.stringify(scan))) {
      unsaved.set(key, scan);
      desk.mirror(key, JSON.stringify(scan));
      desk.tell("full");
    }
    desk.tell("unsent");
    return scan;
  }
  const keyOf = ({ nonce }) => `${KEPT}${mine.id}.${nonce}`;

  // What else becomes known about an entry while it is kept; false if the server has it already.
  desk.note = (scan, facts) => {
    const kept = desk.entriesOf(mine.id).find(({ key }) => key === keyOf(scan));
    if (kept?.scan) change(kept.key, { ...kept.scan, ...facts });
    return Boolean(kept?.scan);
  };

  // Stores a text; what can be fetched again makes room for it. False if there is none.
  desk.store = (key, text) => {
    for (const makeRoom of [null, desk.forgetRosters]) {
      makeRoom?.({ all: true });
      try {
        set(key, text);
        return true;
      } catch {
        /* full */
      }
    }
    return false;
  };

  // The phone leaves its check point. What is kept stays, and is sent under its pairing when there is a network.
  desk.leave = () => {
    remove(CURRENT);
    desk.forgetRosters({ all: true });
    desk.forgetIdle();
  };

  function change(key, scan) {
    if (!desk.store(key, JSON.stringify(scan))) unsaved.set(key, scan);
  }
  desk.refuse = ({ key, scan }, { reason, words }) => change(key, { ...scan, refused: { reason, words } });
  desk.drop = (key) => {
    remove(key);
    unsaved.delete(key);
  };

  // What a killed browser had not written yet comes back from the second copy. An entry that the server has already is
  // answered as before.
  desk.restored = (async () => {
    const there = new Set(Object.keys(localStorage)); // what is dropped from now on is not lost
    const copies = await desk.mirrored();
    const lost = copies.filter(([key]) => !there.has(key) && localStorage.getItem(key) === null && !unsaved.has(key));
    for (const [key, value] of lost) if (!desk.store(key, value)) unsaved.set(key, parsed(value));
    const known = new Set(copies.map(([key]) => key));
    Object.keys(localStorage).filter((key) => isMirrored(key) && !known.has(key)).forEach((key) => desk.mirror(key, localStorage.getItem(key)));
    if (lost.some(([key]) => key === CURRENT)) location.reload();
    else if (lost.length) desk.tell("unsent");
  })();

  desk.offset = () => Number(localStorage.getItem(OFFSET)) || 0;
  desk.correct = (serverTime) => {
    try {
      localStorage.setItem(OFFSET, String(Math.round(Date.parse(serverTime) - Date.now())));
    } catch {
      /* no room: the offset of before stays */
    }
  };
})();
