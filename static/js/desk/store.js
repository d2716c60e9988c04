// What a paired phone remembers: its token, and every scan until the server has acknowledged its nonce.
// One key a scan: two tabs cannot overwrite each other's.
"use strict";
window.desk = {};

(() => {
  const TOKEN = "eventreg.desk.token";
  const OFFSET = "eventreg.desk.offset";
  const SCAN = "eventreg.desk.scan.";
  const BATCH = 100;
  const PATIENCE = 8000;
  const unsaved = new Map(); // when the phone's storage is full

  const listeners = [];
  const tell = (what, facts) => listeners.forEach((listener) => listener(what, facts));
  let batch = BATCH;
  let sending = null;

  desk.listen = (listener) => listeners.push(listener);
  desk.token = () => localStorage.getItem(TOKEN);
  desk.keepToken = (token) => localStorage.setItem(TOKEN, token);

  desk.ask = async (path, body) => {
    const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
    if (desk.token()) headers.Authorization = `Bearer ${desk.token()}`;
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
    const said = await answer.json();
    if (answer.ok && said.server_time) {
      localStorage.setItem(OFFSET, String(Date.parse(said.server_time) - Date.now()));
    }
    return { status: answer.status, said };
  };

  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(SCAN));

  desk.unsent = () => {
    const kept = keys().map((key) => JSON.parse(localStorage.getItem(key)));
    return [...kept, ...unsaved.values()].sort((a, b) => a.scanned_at.localeCompare(b.scanned_at));
  };

  desk.keep = (text) => {
    const now = new Date(Date.now() + Number(localStorage.getItem(OFFSET) || 0));
    const scan = { nonce: nonce(), text, scanned_at: now.toISOString() };
    try {
      localStorage.setItem(SCAN + scan.nonce, JSON.stringify(scan));
    } catch {
      unsaved.set(scan.nonce, scan);
      tell("full");
    }
    tell("unsent");
    return scan;
  };

  function nonce() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  }

  function settle(result) {
    localStorage.removeItem(SCAN + result.nonce);
    unsaved.delete(result.nonce);
    tell("result", result);
  }

  // Send what waits, one request at a time. A scan goes only when its own nonce was answered.
  desk.flush = () => {
    if (!sending) sending = send().finally(() => (sending = null));
    return sending;
  };

  async function send() {
    while (desk.token() && desk.unsent().length) {
      const scans = desk.unsent().slice(0, batch);
      let answer;
      try {
        answer = await desk.ask("scans", { scans });
      } catch {
        return tell("away");
      }
      if (answer.status === 401) return tell("shut");
      if (answer.status !== 200) {
        batch = Math.max(1, Math.floor(batch / 2));
        return tell("away");
      }
      answer.said.results.forEach(settle);
      batch = BATCH;
      tell("count", answer.said.count);
      tell("unsent");
      const asked = new Set(scans.map((scan) => scan.nonce));
      if (!answer.said.results.some((result) => asked.has(result.nonce))) return;
    }
  }
})();
