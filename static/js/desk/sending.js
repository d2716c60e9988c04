// Sends what is kept, each pairing's entries with that pairing's own token. Only what did not reach the server is tried
// again: an entry that the server refuses to take is kept, with the reason, and stops no other.
"use strict";

(() => {
  const BATCH = 100;
  const PATIENCE = 8000;
  const AGAIN = [404, 408, 425, 429]; // beside 5xx: the request was not worked on
  const shut = new Set(); // pairings that the server knows no more; asked again when the page is opened anew
  let batch = BATCH;
  let sending = null;

  desk.ask = async (path, { body, token, etag } = {}) => {
    const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (etag) headers["If-None-Match"] = etag;
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(`/desk/api/${path}`, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const said = answer.status === 304 ? {} : await answer.json();
    if (answer.ok && said.server_time) desk.correct(said.server_time);
    return { status: answer.status, said, etag: answer.headers.get("ETag") };
  };

  desk.isShut = (id) => shut.has(id);

  // Asks what a pairing is for: the server's answer, or null. "shut" and "away" are told to the page.
  desk.askState = async (pairing) => {
    const asked = await desk.reached(pairing, "state");
    if (!asked) return null;
    if (asked.status !== 200) return tellAway(pairing), null;
    desk.learn(pairing, asked.said);
    return asked.said;
  };

  // The answer to a request of this pairing, or null if the server was not reached or does not know it any more.
  desk.reached = reached;
  async function reached(pairing, path, { body, etag } = {}) {
    try {
      const asked = await desk.ask(path, { body, etag, token: pairing.token });
      if (asked.status !== 401) return shut.delete(pairing.id), asked;
      shut.add(pairing.id);
      desk.tell("shut", pairing.id);
    } catch {
      tellAway(pairing);
    }
    return null;
  }
  const tellAway = (pairing) => desk.tell("away", pairing.id);

  // One request at a time.
  desk.flush = () => {
    if (!sending) sending = send().finally(() => (sending = null));
    return sending;
  };

  async function send() {
    for (const pairing of desk.pairings()) {
      if (!shut.has(pairing.id) && waiting(pairing).length) await sendOf(pairing);
    }
    desk.forgetIdle();
    desk.tell("unsent");
  }

  const waiting = (pairing) => desk.entriesOf(pairing.id).filter(desk.waits);

  async function sendOf(pairing) {
    if (pairing.device === undefined && !(await desk.askState(pairing))) return;
    for (let entries = waiting(pairing); entries.length; entries = waiting(pairing)) {
      const scans = entries.filter(({ scan }) => !scan.kind); // first: a release names a scan that the server has
      const some = (scans.length ? scans : entries).slice(0, batch);
      const path = scans.length ? "scans" : "entries";
      const body = { [path]: some.map(({ scan }) => scan), sent_at: new Date().toISOString() };
      const asked = await reached(pairing, path, { body });
      if (!asked) return;
      const { status, said } = asked;
      if (status === 200) {
        batch = BATCH;
        const settled = some.filter((entry, n) => settle(entry, said.results?.[n])).length;
        desk.tell("count", { id: pairing.id, count: said.count });
        desk.tell("unsent");
        if (!settled) return;
      } else if (status >= 500 || AGAIN.includes(status) || typeof said.code !== "string") {
        batch = Math.max(1, Math.floor(batch / 2));
        return tellAway(pairing);
      } else if (some.length > 1) {
        batch = Math.max(1, Math.floor(some.length / 2));
      } else {
        refuse(some[0], { reason: said.code, words: said.detail });
      }
    }
  }

  // An entry is done with only when its own nonce was answered. What the server did not store stays on the phone.
  function settle(entry, result) {
    const { nonce } = entry.scan;
    if (!result || (result.nonce !== nonce && result.nonce !== null)) return false;
    if (result.stored === false) return refuse(entry, result);
    desk.drop(entry.key);
    desk.tell("result", { ...result, nonce, scan: entry.scan });
    return true;
  }

  function refuse(entry, { reason, words }) {
    desk.refuse(entry, { reason, words });
    desk.tell("result", { nonce: entry.scan.nonce, scan: entry.scan, verdict: "refused", reason, words, name: "", unit: "" });
    return true;
  }
})();
