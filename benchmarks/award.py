"""An award measured: everybody's submissions in the last minute with large files among them, counting, comparing."""

from __future__ import annotations

import io
import statistics
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from sqlalchemy import func, insert, select, update

from eventreg.accounts import grants
from eventreg.accounts.models import BrowserSession
from eventreg.accounts.rules import ELEVATED_IDLE, Role
from eventreg.campaigns.service import get_campaign
from eventreg.config import PROJECT, Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.nominations import drafts, quotas
from eventreg.nominations.files.models import NominationFile
from eventreg.nominations.models import Nomination, NominationVersion
from eventreg.nominations.quotas import QuotaRequest
from eventreg.nominations.rules import CONDITIONS
from eventreg.nominations.screening import index
from eventreg.nominations.screening.models import NominationIndex
from eventreg.nominations.screening.overlap import prints
from eventreg.nominations.wordcount import zishu
from eventreg.people import units
from eventreg.people.models import Person
from tests.rig.actors import acting
from tests.rig.browser.phone import open_chromium

from . import stage
from .loads import Load, play
from .measures import Bench, Figure
from .servers import running
from .stage import Stage

AWARD = "ten-women"
SUBMISSIONS, CONTACTS, WITH_FILE = 300, 30, 10
MINUTE = 60.0  # seconds over which the submissions are spread
FILE = 25 * 1024 * 1024 - 2048  # bytes: what is let in, less a little
READERS, PAGES = 4, 24  # who open other pages meanwhile, and how often each contact's browser does
OTHERS = 2_000  # deeds that one is compared with
MB = 1_000_000
TYPE = """(text) => {
  const took = [];
  for (let n = 0; n < 9; n++) {
    const start = performance.now();
    wordcount.count(text + n);
    took.push(performance.now() - start);
  }
  return took;
}"""


def last_minute(bench: Bench) -> Iterator[Figure]:
    """300 submissions in a minute, ten of them with a file of 25 MB before; employees read pages meanwhile."""
    for kind in bench.kinds:
        at = bench.fresh(kind, people=SUBMISSIONS + CONTACTS)
        picture = at.settings.instance / "picture.jpg"
        picture.write_bytes(_picture())
        those = _drafted(at, picture)
        got, pages = _played(bench, at, those)
        stored, files = _stored(at.settings)
        yield Figure(
            f"Nominations stored of {SUBMISSIONS} in the last minute, {kind}",
            stored,
            "",
            f"all {SUBMISSIONS}, and {WITH_FILE} files of 25 MB",
            (stored, files, got.failed) == (SUBMISSIONS, WITH_FILE, 0),
            more={"files": files, "slowest_ms": round(got.slowest), "median_ms": round(got.p50)},
        )
        yield Figure(
            f"Other pages' p95 in that minute, {kind}",
            round(pages.p95, 1),
            "ms",
            "at most 500 ms",
            pages.p95 <= 500 and not pages.failed,
            more={"pages": pages.done, "p50_ms": round(pages.p50, 1)},
        )


def _played(bench: Bench, at: Stage, those: list[dict[str, Any]]) -> tuple[Load, Load]:
    """The submissions, and the pages that employees open meanwhile."""
    job = {"way": "submit", "visitors": CONTACTS, "over": MINUTE, "seconds": 2 * MINUTE, "those": those}
    reading = {"way": "page", "path": "/", "visitors": READERS, "over": MINUTE, "seconds": 2 * MINUTE}
    with running(at.settings, bench.layout) as server, ThreadPoolExecutor(1) as beside:
        pages = beside.submit(play, server, **reading, those=at.cookies[:CONTACTS] * PAGES)
        return play(server, **job), pages.result()


def counting(bench: Bench) -> Iterator[Figure]:
    """字数 of long texts: by the server, and by the page's twin while somebody types."""
    text = _deeds(Random(38), 4 * MB // 3)
    size = len(text.encode()) / MB
    rates = [size / _timed(lambda: zishu(text)) for _ in range(5)]
    rate = statistics.median(rates)
    yield Figure("字数 counted by the server", round(rate, 1), "MB/s", "at least 20 MB/s", rate >= 20)
    one = text[: len(text) // round(size)]
    script = (PROJECT / "static/js/wordcount.js").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        page = browser.new_page()
        page.add_script_tag(content=script)
        took: list[float] = page.evaluate(TYPE, one)
        browser.close()
    middle = statistics.median(took)
    yield Figure(
        "字数 of 1 MB counted in the page",
        round(middle, 1),
        "ms",
        "at most 50 ms",
        middle <= 50,
        more={"longest_task_ms": round(max(took), 1)},
    )


def overlap(bench: Bench) -> Iterator[Figure]:
    """One deed compared with 2,000 others, the most alike with their passages, from the database."""
    for kind in bench.kinds:
        at = bench.fresh(kind, people=OTHERS + 1)
        with stage.settled(at.settings):
            compared = partial(index.hints, *_compared())
            took = statistics.median(_timed(compared) for _ in range(3))
        name = f"One deed compared with {OTHERS:,}, {kind}"
        yield Figure(name, round(took, 2), "s", "at most 1 s", took <= 1)


def _drafted(at: Stage, picture: Path) -> list[dict[str, Any]]:
    """A whole draft for each of the crowd, by contacts who are signed in; what the generator has to send."""
    with stage.settled(at.settings):
        award, now = get_campaign(AWARD), utc_now()
        ids = list(db.session.scalars(_crowd()))
        department = units.list_departments()[0].id
        contacts = ids[:CONTACTS]
        with unit_of_work():
            db.session.execute(update(Person).where(Person.id.in_(ids)).values(unit_id=department))
            fresh = {"elevated_until": now + ELEVATED_IDLE}  # a contact has signed in within the half hour
            db.session.execute(
                update(BrowserSession).where(BrowserSession.person_id.in_(contacts)).values(fresh)
            )
            wish = {department: QuotaRequest(SUBMISSIONS, "bench")}
            quotas.save(award.id, wish, None, seen=award.version, actor=acting("bench", now))
            for contact in contacts:
                grants.grant(
                    contact,
                    Role.UNIT_CONTACT,
                    unit_id=department,
                    actor=acting("bench", now - timedelta(minutes=1)),
                )
        those: list[dict[str, Any]] = []
        for n, nominee in enumerate(ids[CONTACTS:]):
            by = contacts[n % CONTACTS]
            with unit_of_work():
                made = drafts.begin(award.id, department, nominee, actor=acting(by, now))
            file = str(picture) if n % CONTACTS == n // CONTACTS else ""
            those.append(
                {"path": f"/unit/nominations/{made}", "cookie": at.cookies[n % CONTACTS], "file": file}
            )
    luck = Random(3)
    for one in those:
        one["fields"] = {**_answers(), "deeds": _deeds(luck, 1_200)}
    return those


def _answers() -> dict[str, Any]:
    """What the form holds beside the deeds."""
    said = {"post": "班长", "since": "2008年7月", "short": "把小事办好。", "present": "9", "way": "ballot"}
    return {**said, "chosen_on": "2026-01-15", "ticked": list(CONDITIONS), "do": "submit"}


def _stored(settings: Settings) -> tuple[int, int]:
    """How many nominations were submitted, and how many large files lie beside them."""
    with stage.settled(settings):
        submitted = select(func.count()).where(Nomination.state == "submitted")
        large = db.session.scalars(select(NominationFile.id).where(NominationFile.size == FILE)).all()
        folder = settings.instance / "files"
        on_disk = [one for one in large if any(path.stat().st_size == FILE for path in folder.rglob(one))]
        return db.session.scalar(submitted) or 0, len(on_disk)


def _compared() -> tuple[int, str]:
    """2,000 submitted texts, of which some share a third with the one that is returned, and that one."""
    luck, award, now = Random(8), get_campaign(AWARD).id, utc_now()
    ids, unit = list(db.session.scalars(_crowd())), units.list_departments()[0].id
    mine = _deeds(luck, 1_200)
    texts = [_deeds(luck, 1_200) if n % 100 else mine[:400] + _deeds(luck, 800) for n in range(OTHERS)]
    texts.append(mine)
    first = (db.session.scalar(select(func.max(Nomination.id))) or 0) + 1
    own = {
        "campaign_id": award,
        "unit_id": unit,
        "state": "draft",
        "version": 1,
        "handed_in": 1,
        "made_at": now,
    }
    version = {"number": 1, "answers": {}, "ticked": [], "tab": "", "saved_at": now}
    numbered = list(enumerate(zip(ids, texts, strict=True), first))
    with unit_of_work():
        db.session.execute(
            insert(Nomination),
            [own | {"id": n, "person_id": who, "made_by": who, "preference": n} for n, (who, _t) in numbered],
        )
        db.session.execute(
            insert(NominationVersion),
            [version | {"nomination_id": n, "deeds": t, "saved_by": who} for n, (who, t) in numbered],
        )
        db.session.execute(
            insert(NominationIndex),
            [{"nomination_id": n, "version": 1, "body": t, "prints": prints(t)} for n, (_w, t) in numbered],
        )
    return numbered[-1][0], mine


def _crowd() -> Any:
    return select(Person.id).where(Person.staff_no.startswith("B")).order_by(Person.staff_no)


def _deeds(luck: Random, length: int) -> str:
    """A deeds text of about this many characters: Han, figures, names in Latin letters, paragraphs."""
    words: list[str] = []
    size = 0
    while size < length:
        han = "".join(chr(luck.randrange(0x4E00, 0x9000)) for _ in range(luck.randrange(6, 24)))
        words.append(han + luck.choice(("，", "。", "、", "”", " 2026 年", " QC 98.5%", "。\n")))
        size += len(words[-1])
    return "".join(words)


def _picture() -> bytes:
    """A photo that weighs what may weigh at most: its end is padded."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue().ljust(FILE, b"\0")


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


ALL: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    one.__name__: one for one in (last_minute, counting, overlap)
}
