// The desk: every text becomes a scan that is kept, sent, and answered by a verdict: the server's, or without a network
// that of the list on this phone.
"use strict";

(() => {
  const SHOWN = 1200;
  const LOOKED_AT = 6000; // a verdict that asks for a decision
  const SAME = 3000; // two reads of one text within three seconds are one scan
  const PATIENCE = 2500; // then the verdict is that of the list
  const RETRY = 5000;
  const STATE = 30000;
  const LAST = 10;
  const MANY = 2000; // so long a list is fetched every five minutes only
  const say = document.getElementById("main").dataset;
  const part = (id) => document.getElementById(id);
  const open = new Map(); // nonce -> what waits for its answer: { scan, found, row, timer, shown }
  let where = { door: "", campaign: "" };
  let before = { text: "", at: 0 };
  let busy = false;
  let away = false;
  let differs = false; // the server answered otherwise than this phone: the list of conflicts is fetched anew

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
    row.querySelector("b").textContent = facts.name || (scan.kind === "walk_in" ? say.sayWalkIn : kind === "kept" ? say.sayKept : say.sayUnknown);
    row.querySelector("small").textContent = kind === "admitted" ? [facts.unit, facts.label].filter(Boolean).join(" · ") : facts.words || "";
    row.querySelector("time").textContent = desk.clock(scan.scanned_at);
    return row;
  }

  function show(kind, waiting, facts, note = "") {
    busy = true;
    const { scan } = waiting;
    const { name, unit, label, words: why } = facts;
    const amber = (kind === "repeated" || kind === "kept") && scan.kind !== "walk_in";
    desk.show(kind, { door: where.door, at: desk.clock(scan.scanned_at), name, unit, label, why, note }, {
      forMs: kind === "admitted" ? SHOWN : LOOKED_AT,
      next: () => (busy = false),
      release: amber && (() => release(waiting)),
      walkIn: kind === "refused" && scan.kind !== "walk_in" && arePlacesLeft() && openWalkIn,
      type: kind === "refused" && scan.kind !== "walk_in" && (() => part("code").focus()),
    });
  }

  const arePlacesLeft = () => {
    const facts = desk.rosterFacts();
    return !facts || (!facts.waiting && facts.free !== 0);
  };

  // Somebody was compared with their ticket and let through: recorded with what this phone knew.
  function release({ scan, row }) {
    desk.keepRelease(scan.nonce, "amber");
    row?.querySelector("small")?.append(` ${say.sayReleased}`);
    desk.flush();
  }

  function list(row, old) {
    if (old) old.replaceWith(row);
    else part("last").prepend(row);
    while (part("last").children.length > LAST) part("last").lastElementChild.remove();
  }

  function scan(text, how) {
    busy = true;
    expect(desk.keep(text, how), desk.lookUp(text, how));
  }

  function expect(made, looking) {
    const waiting = { scan: made, row: null };
    const kept = desk.mirrorWritten(); // a verdict of this phone says as well that the scan cannot be lost
    waiting.found = Promise.all([Promise.resolve(looking).catch(() => null), kept]).then(([found]) => found);
    waiting.timer = setTimeout(() => postpone(waiting), PATIENCE);
    open.set(made.nonce, waiting);
    if (away) postpone(waiting);
    desk.flush();
  }

  // The server has not answered: what the list says, with its age.
  async function postpone(waiting) {
    clearTimeout(waiting.timer);
    if (waiting.row || waiting.late) return;
    waiting.late = true;
    const found = await waiting.found;
    if (!open.has(waiting.scan.nonce)) return; // answered meanwhile
    const [kind, facts] = byList(waiting, found);
    if (kind === "admitted") {
      waiting.shown = "green";
      desk.noteSeen(found.line, waiting.scan.scanned_at);
    } else if (kind !== "kept" || found) waiting.shown = kind === "refused" ? "red" : "amber";
    if (waiting.shown) desk.note(waiting.scan, { shown: waiting.shown });
    if (waiting.scan.kind === "walk_in") desk.note(waiting.scan, { let_through: true }); // they do not wait for hours
    waiting.row = line(kind, waiting.scan, facts);
    list(waiting.row);
    show(kind, waiting, facts, waiting.scan.kind !== "walk_in" && desk.rosterFacts() ? age() : "");
  }

  function byList({ scan }, found) {
    if (desk.isShut(desk.pairing().id)) return ["kept", { words: say.sayShut }];
    if (scan.kind === "walk_in") return ["kept", { words: say.sayAsked }];
    if (!found) return ["kept", desk.rosterFacts() ? { words: say.sayNotListed } : {}];
    const { line: about, verdict, words, since } = found;
    const again = say.sayAgain.replace("{at}", since && desk.clock(since)); // read by this phone itself
    const facts = { name: about.name, unit: about.unit, label: about.label, words: words || (verdict === "repeated" ? again : say.sayByList) };
    return [verdict, facts];
  }

  const age = () => {
    const { minutes } = desk.rosterFacts() || { minutes: 0 };
    return minutes < 1 ? say.sayAgeNow : say.sayAge.replace("{n}", minutes);
  };
  const showAge = () => (part("age").textContent = desk.rosterFacts() ? age() : say.sayNoList);

  function settle(result) {
    const waiting = open.get(result.nonce);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    open.delete(result.nonce);
    const row = line(result.verdict, waiting.scan, result);
    list(row, waiting.row);
    if (result.verdict === "admitted") waiting.found.then((found) => found && desk.noteSeen(found.line, waiting.scan.scanned_at));
    // The server had the entry before this phone let them in: it is told.
    const told = waiting.scan.kind === "walk_in" ? !waiting.late || result.scan?.let_through : waiting.shown !== "green" || result.scan?.shown === "green";
    const unknown = result.verdict === "refused" && !told;
    if (unknown) desk.keepRelease(result.nonce, "green");
    const other = waiting.row && result.verdict !== "admitted" && !(result.verdict === "repeated" && waiting.shown === "amber");
    // Somebody who was let through and turns out refused or counted before is shown, whenever that is known.
    if (!waiting.row || other) show(result.verdict, { ...waiting, row }, result);
    if (other) differs = true;
  }

  function read(text, error) {
    if (error) return notice(say.sayCamera);
    const now = Date.now();
    const again = text === before.text && now - before.at < SAME;
    if (!busy || again) before = { text, at: now };
    if (!busy && !again) scan(text, {});
  }

  function showConflicts() {
    const conflicts = desk.rosterFacts()?.conflicts || [];
    part("conflicts").hidden = !conflicts.length;
    part("conflicts-title").textContent = say.sayConflicts.replace("{n}", conflicts.length);
    part("conflicts-list").replaceChildren(
      ...conflicts.map(({ name, unit, words }) => {
        const row = part("kept-group").content.firstElementChild.cloneNode(true);
        [name || say.sayUnknown, unit, words].forEach((text, n) => (row.children[n].textContent = text));
        return row;
      }),
    );
  }

  desk.listen((what, facts) => {
    if (what === "result" && facts.scan?.kind === "release") differs = true;
    if (what === "result") settle(facts);
    if (what === "unsent") showUnsent();
    if (what === "unsent" && differs && !desk.unsent().length) (differs = false), desk.refreshRoster();
    if (what === "full") notice(say.sayFull);
    if (what === "roster") showAge(), showConflicts();
    if (what === "count" && facts.id === desk.pairing()?.id) (away = false), showCount(facts.count), notice("");
    // What concerns an earlier pairing of this phone stands in the list of kept scans.
    if (!["shut", "away"].includes(what) || facts !== desk.pairing()?.id) return;
    away = true;
    notice(what === "shut" ? say.sayShut : say.sayAway);
    showAge();
    open.forEach(postpone);
  });

  function showPost({ door, campaign, role }) {
    if (!door) return;
    where = { door, campaign };
    const title = document.querySelector(".desk-bar h1");
    document.title = document.title.replace(title.textContent, () => door);
    title.textContent = door;
    part("taps").hidden = role !== "finish";
  }

  async function state() {
    const said = await desk.askState(desk.pairing());
    if (!said) return;
    away = false;
    showPost(said);
    showCount(said.count);
    notice("");
    const list = desk.rosterFacts();
    if (!list || list.lines < MANY || list.minutes >= 5) desk.refreshRoster();
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

  // A typed text: a ticket's code, or a short number that somebody signed up under.
  function type(text) {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (!number) return scan(text, { typed: true });
    const found = desk.findArrival(number);
    if (!found) return notice(say.sayNoArrival.replace("{n}", number));
    const asked = say.sayIsIt.replace("{n}", number).replace("{name}", found.name).replace("{unit}", found.unit);
    if (window.confirm(asked)) scan(`arrival:${number}`, { typed: true });
  }

  function openWalkIn() {
    part("walk-in").hidden = false;
    part("staff-no").focus();
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
    if (text) scan(text, {});
    else notice(say.sayNothing);
  });
  part("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    desk.allowSound();
    const text = part("code").value.trim();
    part("code").value = "";
    if (text) type(text);
  });
  part("walk-in-open").addEventListener("click", openWalkIn);
  part("walk-in").addEventListener("submit", (event) => {
    event.preventDefault();
    const staffNo = part("staff-no").value.trim();
    part("staff-no").value = "";
    part("walk-in").hidden = true;
    if (staffNo) expect(desk.keepWalkIn(staffNo));
  });
  part("tap").addEventListener("click", () => {
    const { scanned_at: at } = desk.keepTap();
    taps += 1;
    part("tap-last").textContent = say.sayTapped.replace("{n}", taps).replace("{at}", new Date(at).toLocaleTimeString("zh-CN", { hour12: false }));
    navigator.vibrate?.(40);
    desk.flush();
  });
  let taps = 0;
  part("leave").addEventListener("click", () => {
    const n = desk.entries().length;
    if (!window.confirm(n ? say.sayLeaveWith.replace("{n}", n) : say.sayLeave)) return;
    desk.leave();
    desk.mirrorWritten().then(() => location.reload());
  });
  desk.entriesOf(desk.pairing().id).filter(desk.waits).filter(({ scan: kept }) => kept.kind !== "tap" && kept.kind !== "release").forEach(({ scan: kept }) => {
    const row = line("kept", kept, {});
    list(row);
    open.set(kept.nonce, { scan: kept, row, timer: 0, shown: kept.shown, found: Promise.resolve(null) });
  });
  // The page shows one check point and scans for that: paired anew in another tab, it is loaded again.
  const reload = () => desk.isStale() && location.reload();
  window.addEventListener("storage", ({ key }) => (desk.isCurrentKey(key) ? reload() : desk.tell("unsent")));
  window.addEventListener("pageshow", reload);
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", send);
  setInterval(send, RETRY);
  setInterval(state, STATE);
  showAge();
  showConflicts();
  state().then(send);
})();
