// The desk: every text becomes a scan that is kept, sent, and answered by a verdict.
"use strict";

(() => {
  const SHOWN = 1200;
  const SAME = 3000; // two reads of one text within three seconds are one scan
  const PATIENCE = 2500; // then the verdict says: not checked yet
  const RETRY = 5000;
  const STATE = 30000;
  const LAST = 10;
  const say = document.getElementById("main").dataset;
  const part = (id) => document.getElementById(id);
  const open = new Map(); // nonce -> { scan, row, timer }: scans of this page that wait for their answer
  let where = { door: "", campaign: "" };
  let before = { text: "", at: 0 };
  let busy = false;

  function notice(words) {
    part("say").textContent = words || "";
    part("say").hidden = !words;
  }

  function showUnsent() {
    const n = desk.unsent().length;
    const held = desk.entries().length - n;
    part("unsent").classList.toggle("unsent-some", n + held > 0);
    const words = n ? say.sayUnsent.replace("{n}", n) : held ? say.sayHeld.replace("{n}", held) : say.sayNoneUnsent;
    part("unsent").lastElementChild.textContent = words;
  }

  function showCount(n) {
    part("where").textContent = say.sayCount.replace("{where}", where.campaign).replace("{n}", n);
  }

  function line(kind, scan, facts) {
    const row = part(`last-${kind}`).content.firstElementChild.cloneNode(true);
    row.querySelector("b").textContent = facts.name || (kind === "kept" ? say.sayKept : say.sayUnknown);
    row.querySelector("small").textContent = kind === "admitted" ? facts.unit : facts.words || "";
    row.querySelector("time").textContent = desk.clock(scan.scanned_at);
    return row;
  }

  function show(kind, scan, facts) {
    busy = true;
    const shown = { door: where.door, at: desk.clock(scan.scanned_at), name: facts.name, unit: facts.unit, why: facts.words };
    desk.show(kind, shown, { forMs: SHOWN, next: () => (busy = false) });
  }

  function list(row, old) {
    if (old) old.replaceWith(row);
    else part("last").prepend(row);
    while (part("last").children.length > LAST) part("last").lastElementChild.remove();
  }

  function scan(text, how) {
    busy = true;
    const made = desk.keep(text, how);
    const waiting = { scan: made, row: null, timer: setTimeout(() => postpone(waiting), PATIENCE) };
    open.set(made.nonce, waiting);
    desk.flush();
  }

  function postpone(waiting) {
    clearTimeout(waiting.timer);
    if (waiting.row) return;
    const facts = desk.isShut(desk.pairing().id) ? { words: say.sayShut } : {};
    waiting.row = line("kept", waiting.scan, facts);
    list(waiting.row);
    show("kept", waiting.scan, facts);
  }

  function settle(result) {
    const waiting = open.get(result.nonce);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    open.delete(result.nonce);
    const row = line(result.verdict, waiting.scan, result);
    list(row, waiting.row);
    // Somebody who was let through unchecked and turns out refused is shown, whenever that is known.
    if (!waiting.row || result.verdict !== "admitted") show(result.verdict, waiting.scan, result);
  }

  function read(text, error) {
    if (error) return notice(say.sayCamera);
    const now = Date.now();
    const again = text === before.text && now - before.at < SAME;
    if (!busy || again) before = { text, at: now };
    if (!busy && !again) scan(text);
  }

  desk.listen((what, facts) => {
    if (what === "unsent") showUnsent();
    if (what === "result") settle(facts);
    if (what === "full") notice(say.sayFull);
    if (what === "count" && facts.id === desk.pairing()?.id) showCount(facts.count), notice("");
    // What concerns an earlier pairing of this phone stands in the list of kept scans.
    if (!["shut", "away"].includes(what) || facts !== desk.pairing()?.id) return;
    notice(what === "shut" ? say.sayShut : say.sayAway);
    open.forEach(postpone);
  });

  function showPost({ door, campaign }) {
    if (!door) return;
    where = { door, campaign };
    const title = document.querySelector(".desk-bar h1");
    document.title = document.title.replace(title.textContent, () => door);
    title.textContent = door;
  }

  async function state() {
    const said = await desk.askState(desk.pairing());
    if (!said) return;
    showPost(said);
    showCount(said.count);
    notice("");
  }

  async function start() {
    desk.allowSound();
    try {
      const track = await desk.watch(part("video"), read);
      part("start").hidden = true;
      part("torch").hidden = !track.getCapabilities?.().torch;
      part("torch").onclick = () => {
        const on = part("torch").getAttribute("aria-pressed") !== "true";
        track.applyConstraints({ advanced: [{ torch: on }] });
        part("torch").setAttribute("aria-pressed", String(on));
      };
    } catch {
      notice(say.sayCamera);
    }
  }

  showUnsent();
  const send = () => desk.flush();
  if (!desk.pairing()) return void send(); // what is kept of earlier pairings is sent all the same
  showPost(desk.pairing());
  part("unpaired").hidden = true;
  part("desk").hidden = false;
  part("start").addEventListener("click", start);
  part("photo").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    const text = file && (await desk.readPhoto(file).catch(() => null));
    if (text) scan(text);
    else notice(say.sayNothing);
  });
  part("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    desk.allowSound();
    const text = part("code").value.trim();
    part("code").value = "";
    if (text) scan(text, { typed: true });
  });
  desk.entriesOf(desk.pairing().id).filter(desk.waits).forEach(({ scan: kept }) => {
    const row = line("kept", kept, {});
    list(row);
    open.set(kept.nonce, { scan: kept, row, timer: 0 });
  });
  // The page shows one check point and scans for that: paired anew in another tab, it is loaded again.
  const reload = () => desk.isStale() && location.reload();
  window.addEventListener("storage", ({ key }) => (desk.isCurrentKey(key) ? reload() : desk.tell("unsent")));
  window.addEventListener("pageshow", reload);
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", send);
  setInterval(send, RETRY);
  setInterval(state, STATE);
  state().then(send);
})();
