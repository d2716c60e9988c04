"""A day on a hillside: three phones with wrong clocks, a stopped server, lost answers, a killed server, a killed browser."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright
from sqlalchemy import select

from eventreg.core.clock import utc_now
from eventreg.core.db.session import db
from eventreg.venue.models import Admission, Scan
from eventreg.venue.offline import conflicts

from .hall import Hall, becomes, open_hall

pytestmark = [pytest.mark.browser, pytest.mark.kill]

HOUR_MS = 3_600_000
CLOCKS = {"A": 3 * HOUR_MS, "B": -48 * HOUR_MS, "C": -int(time.time() * 1000)}  # +3 h, two days behind, 1970
TICKETS, TWICE = 200, 40
SURE = timedelta(seconds=20)  # between the reading of a batch of tickets and the noted instant
# Reads tickets as fast as a hand can: each is typed, and its verdict is closed.
READ = """async (texts) => {
  const kinds = [];
  for (const text of texts) {
    document.getElementById("code").value = text;
    document.getElementById("typed").requestSubmit();
    for (let n = 0; n < 400 && !document.querySelector("#verdict [data-verdict]"); n += 1) await new Promise((done) => setTimeout(done, 5));
    const shown = document.querySelector("#verdict [data-verdict]");
    kinds.push(shown ? shown.dataset.verdict : "nothing");
    shown?.querySelector("[data-next]").click();
  }
  return kinds;
}"""


@dataclass
class Day:
    """What was scanned: nonces with their tickets, when, and what the phones showed."""

    verdicts: Counter[str] = field(default_factory=Counter)
    scanned: dict[str, list[datetime]] = field(default_factory=dict)  # ticket -> instants


def read(page: Page, texts: Sequence[str], day: Day) -> None:
    """Scan these tickets, in portions so that the instant of each is known to some seconds."""
    for at in range(0, len(texts), 20):
        some = texts[at : at + 20]
        now = utc_now()
        day.verdicts.update(page.evaluate(READ, list(some)))
        for text in some:
            day.scanned.setdefault(text, []).append(now)


def kill_browser(folder: Path) -> None:
    """SIGKILL the browser of this profile, with all its processes: the ones that this test started."""
    ours = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and str(folder) in (entry / "cmdline").read_text("utf-8", "replace"):
                ours.append(int(entry.name))
    for process in ours:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def sent(page: Page, venue: Hall) -> bool:
    """Let the phone send until it holds nothing; False when it still holds something after a while."""
    for _ in range(60):
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(500)
        if page.locator("#unsent").inner_text() == "全部已上传":
            return True
    return False


@pytest.fixture
def venue(engine: Playwright, tmp_path: Path) -> Iterator[Hall]:
    """A hall with places for everybody."""
    with open_hall(engine, tmp_path, capacity=TICKETS, extra=TICKETS) as made:
        yield made


FAULTS = {
    "": "",
    # deletes a scan before its answer came
    "delete_first": """const ask = desk.ask; desk.ask = (path, given) => {
      const gone = new Set(path === "scans" ? given.body.scans.map(({ nonce }) => nonce) : []);
      desk.entries().filter(({ scan }) => gone.has(scan?.nonce)).forEach(({ key }) => desk.drop(key));
      return ask(path, given); };""",
    # sends what was scanned elsewhere as of the check point that the phone has now
    "todays_post": """const [ask, mine] = [desk.ask, desk.pairing()];
      desk.pairings = () => [mine]; desk.entriesOf = () => desk.entries();
      desk.ask = (path, given) => {
        if (path === "scans") given.body.scans.forEach((scan) => { ["device", "campaign", "check_point"].forEach((name) => delete scan[name]); });
        return ask(path, given); };""",
    # claims that the phone's clock is right
    "own_clock": """const ask = desk.ask; desk.ask = (path, given) => {
      if (path === "scans") { delete given.body.sent_at; given.body.scans.forEach((scan) => {
        delete scan.offset_ms; scan.scanned_at = scan.device_at; }); }
      return ask(path, given); };""",
}


def test_nothing_is_lost_and_everybody_counts_once(venue: Hall, tmp_path: Path) -> None:
    found = a_day(venue, "")

    assert found == Outcome(
        counted=TICKETS, scans=TICKETS + TWICE, conflicts=TWICE, unsent=0, far_off=0, shown=found.shown
    )
    assert set(found.shown) <= {"admitted", "repeated"}


@pytest.mark.parametrize("fault", ["delete_first", "own_clock", "todays_post"])
def test_a_planted_fault_is_seen(venue: Hall, fault: str) -> None:
    """The controls: without the rule that they break the day looks different."""
    found = a_day(venue, fault)

    assert found != Outcome(
        counted=TICKETS, scans=TICKETS + TWICE, conflicts=TWICE, unsent=0, far_off=0, shown=found.shown
    )


@dataclass
class Outcome:
    """What the server has in the end, and how many phones still hold something."""

    counted: int  # at the door
    scans: int
    conflicts: int
    unsent: int
    far_off: int
    shown: dict[str, int]


def a_day(venue: Hall, fault: str) -> Outcome:
    """Pair, lose the network, scan, restart, and send through a bad line."""
    tickets = [venue.ticket(f"X{n:04d}") for n in range(1, TICKETS + 1)]
    plan = {
        "A": tickets[:80] + tickets[160:180],
        "B": tickets[60:140],
        "C": tickets[140:200],
    }  # 60..79 at A and B, 160..179 at A and C
    for name in plan:
        with venue.phone(name, shift_ms=CLOCKS[name]) as page:
            venue.pair(page, f"门{name}")
            becomes(page, "desk.rosterFacts() !== null")
            becomes(page, f"desk.findArrival({TICKETS}) !== null")
    venue.stop()
    day = Day()
    for name, texts in plan.items():
        killed = contextlib.suppress(Exception) if name == "C" else contextlib.nullcontext()
        with killed, venue.phone(name, shift_ms=CLOCKS[name]) as page:
            venue.desk(page)
            read(page, texts, day)
            if name == "C":
                kill_browser(venue.folder / name)
    venue.start()
    venue.relay.fate = lambda path: "down" if path.endswith("/scans") else ""
    with venue.phone(
        "B", shift_ms=CLOCKS["B"]
    ) as page:  # it stands at the finish now, and still holds what it scanned
        venue.pair(page, "终点", "finish")
    _break_the_line(venue)
    unsent = 0
    for name in plan:
        with venue.phone(name, shift_ms=CLOCKS[name]) as page:
            if FAULTS[fault]:
                page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {FAULTS[fault]} }});")
            venue.desk(page)
            unsent += not sent(page, venue)
    return _outcome(venue, day, unsent)


def _break_the_line(venue: Hall) -> None:
    """Answers of some batches are lost after the commit, others do not arrive; one time the server is killed meanwhile."""
    batches = 0

    def fate(path: str) -> str:
        nonlocal batches
        if not path.endswith("/scans"):
            return ""
        batches += 1
        if batches == 4:
            threading.Thread(target=_again, args=(venue,)).start()
        return {1: "cut", 2: "down", 3: "cut", 5: "down", 6: "cut"}.get(batches, "")

    venue.relay.fate = fate


def _again(venue: Hall) -> None:
    time.sleep(0.02)
    venue.stop()
    venue.start()


def _outcome(venue: Hall, day: Day, unsent: int) -> Outcome:
    earliest = {text: min(at) for text, at in day.scanned.items()}
    with venue.app.app_context():
        rows = db.session.execute(select(Scan.registration_id, Scan.at, Scan.nonce)).all()
        here = select(Admission.at).where(Admission.check_point == "door").order_by(Admission.at)
        admitted = list(db.session.scalars(here))
        listed = conflicts.list_of(venue.stage.campaign_id)
        db.session.rollback()
    wanted = sorted(earliest.values())
    far_off = sum(abs(at - real) > SURE for at, real in zip(admitted, wanted, strict=False))
    return Outcome(len(admitted), len(rows), len(listed), unsent, far_off, dict(day.verdicts))
