"""The day itself: screens that ask every two seconds, scans that a phone kept, papers that are made meanwhile."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery import qr
from eventreg.registrations.models import Registration, Ticket
from eventreg.reports.documents import service as documents
from eventreg.reports.documents.rules import DocumentKind
from eventreg.venue.models import Device, Scan
from eventreg.venue.screens import service as screens
from eventreg.venue.screens.rules import Widget
from eventreg.venue.screens.service import NewScreen
from tests.rig.actors import acting

from .loads import play
from .measures import Bench, Figure
from .servers import Running, running
from .stage import SLUG, Stage, nonce, settled

SCREENS = 50
EVERY = 2.0  # seconds between two questions of a screen
BATCH = 100
SCANS = 1_000
BADGES = 200


def wall(bench: Bench) -> Iterator[Figure]:
    """The share of a core that 50 screens take while somebody comes in each second."""
    shares = []
    for _ in range(bench.rounds):
        at = bench.fresh("SQLite", people=200, seated=200)
        with settled(at.settings), unit_of_work():
            wanted = NewScreen("bench", (Widget.ARRIVALS, Widget.RESULTS), check_point="door")
            token = screens.make(get_campaign(SLUG), wanted, actor=acting("bench", utc_now()))
        with running(at.settings, bench.layout) as server:
            shares.append(_watched(server, at, token, bench.seconds))
    share = statistics.median(shares)
    goal = "at most 100% of a core"
    yield Figure(f"{SCREENS} screens, share of a core, SQLite", round(share, 3), "", goal, share <= 1)


def _watched(server: Running, at: Stage, token: str, seconds: int) -> float:
    """CPU seconds a second of the server while the screens ask and people come in."""
    until = time.monotonic() + seconds + EVERY
    threads = [
        threading.Thread(target=_screen, args=(server.port, token, until, n * EVERY / SCREENS), daemon=True)
        for n in range(SCREENS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(EVERY)
    before, began = server.cpu(), time.monotonic()
    for ticket in at.tickets:
        if time.monotonic() >= until:
            break
        _post_scans(server.port, at.device, [_scan(ticket)])
        time.sleep(1)
    share = (server.cpu() - before) / (time.monotonic() - began)
    for thread in threads:
        thread.join(timeout=60)
    return share


def _screen(port: int, token: str, until: float, wait: float) -> None:
    time.sleep(wait)
    etag, line = "", http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        line.request("GET", f"/screen/{token}/state", headers={"If-None-Match": etag} if etag else {})
        answer = line.getresponse()
        answer.read()
        etag = answer.headers.get("ETag", "")
        time.sleep(EVERY)
    line.close()


def kept_scans(bench: Bench) -> Iterator[Figure]:
    """1,000 scans that a phone kept, in batches of 100, beside 1,000 plain inserts by as many transactions."""
    for kind in bench.kinds:
        ours, plain = [], []
        for _ in range(bench.rounds):
            at = bench.fresh(kind, people=SCANS, seated=SCANS)
            with running(at.settings, bench.layout) as server:
                began = time.monotonic()
                for first in range(0, SCANS, BATCH):
                    _post_scans(server.port, at.device, [_scan(t) for t in at.tickets[first : first + BATCH]])
                ours.append(SCANS / (time.monotonic() - began))
            plain.append(_inserted(bench.fresh(kind, people=SCANS, seated=SCANS)))
        rate, limit = statistics.median(ours), statistics.median(plain)
        ratio = rate / limit
        yield Figure(
            f"1,000 scans that a phone kept, {kind}",
            round(rate, 1),
            "/s",
            "beside plain inserts, without a goal",
            True,
            round(limit, 1),
            round(ratio, 3),
        )


def _inserted(at: Stage) -> float:
    """Rows of scans a second, inserted by the ORM's bulk insert, a transaction for each hundred."""
    with settled(at.settings):
        rows = select(Registration.id, Ticket.token_hash).join(
            Ticket, Ticket.registration_id == Registration.id
        )
        tickets = db.session.execute(rows.limit(SCANS)).all()
        device = db.session.scalars(select(Device.id)).first()
        db.session.rollback()
        now, began = utc_now(), time.monotonic()
        for first in range(0, SCANS, BATCH):
            with unit_of_work():
                db.session.add_all(
                    Scan(
                        device_id=device,
                        nonce=nonce(),
                        check_point="door",
                        registration_id=id_,
                        token_hash=token_hash,
                        scanned_at=now,
                        at=now,
                        received_at=now,
                        verdict="admitted",
                    )
                    for id_, token_hash in tickets[first : first + BATCH]
                )
        return SCANS / (time.monotonic() - began)


def badges(bench: Bench) -> Iterator[Figure]:
    """The 95th of a hundred other pages while 200 badges are made over and over, beside the same without."""
    ratios, slow = [], []
    for _ in range(bench.rounds):
        at = bench.fresh("SQLite", people=BADGES, seated=BADGES)
        page = {"way": "page", "path": f"/campaigns/{SLUG}", "visitors": 2, "bearer": "", "again": True}
        with running(at.settings, bench.layout) as server:
            play(server, **page, seconds=1, those=[""])
            without = play(server, **page, seconds=bench.seconds, those=[""])
            over = threading.Event()
            maker = threading.Thread(target=_make_badges, args=(at, over), daemon=True)
            maker.start()
            during = play(server, **page, seconds=bench.seconds, those=[""])
            over.set()
            maker.join(timeout=60)
        slow.append(during.p95)
        ratios.append(during.p95 / without.p95)
    ratio, p95 = statistics.median(ratios), statistics.median(slow)
    name = f"Other pages' p95 while {BADGES} badges are made, SQLite"
    goal = "at most three times that without"
    yield Figure(name, round(p95, 1), "ms", goal, ratio <= 3, round(p95 / ratio, 1), round(ratio, 2))


def _make_badges(at: Stage, over: threading.Event) -> None:
    """What the tick of a process does, without its pauses."""
    with settled(at.settings):
        campaign = get_campaign(SLUG)
        while not over.is_set():
            with unit_of_work():
                documents.ask(campaign, DocumentKind.BADGES, lang="zh-CN", actor=acting("bench", utc_now()))
            documents.make_due(draw=qr.svg, now=utc_now())


def _scan(text: str) -> dict[str, object]:
    at = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    return {"nonce": nonce(), "text": text, "scanned_at": at, "device_at": at, "typed": False}


def _post_scans(port: int, device: str, batch: list[dict[str, object]]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = json.dumps({"sent_at": datetime.now(UTC).isoformat(), "scans": batch})
    headers = {"Authorization": f"Bearer {device}", "Content-Type": "application/json"}
    line.request("POST", "/desk/api/scans", body=body, headers=headers)
    answer = line.getresponse()
    told = json.loads(answer.read())
    line.close()
    verdicts = {result["verdict"] for result in told["results"]}
    if verdicts != {"admitted"}:
        raise RuntimeError(f"a scan was not admitted: {told['results'][:2]}")


ALL: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    one.__name__: one for one in (wall, kept_scans, badges)
}
