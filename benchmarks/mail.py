"""Letters measured: sent beside a plain loop, queued beside plain INSERTs, in flat memory, beside the web.

usage: python -m benchmarks.mail FOLDER PORT LETTERS      sends and prints the peak of memory in MiB
"""

from __future__ import annotations

import resource
import smtplib
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert, select, update

from eventreg.config import PROJECT, Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.connections import for_writing
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery import letters as worded
from eventreg.delivery.mail import mailer
from eventreg.delivery.sender import deliver_next
from eventreg.outbox import claims
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import Lane
from eventreg.outbox.service import AddressedLetter, LetterTopic, Recipient
from eventreg.registrations.models import Registration
from eventreg.words.locale import speaking

from . import stage
from .loads import play
from .measures import FORM, Bench, Figure
from .servers import running
from .sink import sink

KIND = "registration_seated"
DUE = {"few": 100, "many": 50_000}
CALM = 8  # visitors: the machine is not full, so that waiting shows


def letters(bench: Bench) -> Iterator[Figure]:
    """Letters a second to a sink, by the sender and by a plain loop; and memory with many due."""
    for kind in bench.kinds:
        count = 100 * bench.seconds
        ours: list[float] = []
        plain: list[float] = []
        for _ in range(bench.rounds):
            for rates, way in ((ours, _by_sender), (plain, _by_plain_loop)):
                with sink() as port:
                    settings = _with_letters(bench, kind, count, port)
                    with stage.settled(settings) as app:
                        rates.append(count / way(app))
        yield _beside(f"Letters to a sink, {kind}", ours, plain, 0.8, "a plain loop")
    yield _memory(bench)


def queueing(bench: Bench) -> Iterator[Figure]:
    """Reminders queued a second, by the outbox and by bare batched INSERTs of the same rows."""
    for kind in bench.kinds:
        count = 2_500 * bench.seconds
        ours: list[float] = []
        plain: list[float] = []
        for _ in range(bench.rounds):
            with stage.settled(bench.fresh(kind, people=10, seated=1).settings):
                ours.append(count / _timed(_post, count, utc_now()))
                rows = [dict(row) for row in db.session.execute(_rows()).mappings()]
                db.session.rollback()
            again = [{**row, "key": f"again:{n}", "message_id": f"<{n}@again>"} for n, row in enumerate(rows)]
            with stage.settled(bench.fresh(kind, people=10, seated=1).settings):
                plain.append(count / _timed(_insert, again))
        yield _beside(f"Reminders queued, {kind}", ours, plain, 0.6, "batched INSERTs")


def silent_mail(bench: Bench) -> Iterator[Figure]:
    """Sign-ups with letters going out meanwhile: the mail server well, and silent."""
    job = {"way": "sign_up", "path": FORM, "visitors": CALM, "seconds": bench.seconds, "bearer": ""}
    for kind in bench.kinds:
        slow: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(bench.rounds):
            for silent, times in slow.items():
                at = bench.fresh(kind, people=700 * bench.seconds)
                with sink(silent=silent) as port:
                    settings = replace(at.settings, smtp_url=f"smtp://127.0.0.1:{port}")
                    with running(settings, bench.layout, scheduler=True) as server:
                        play(server, **{**job, "seconds": 1}, those=at.cookies[:200])
                        times.append(play(server, **job, those=at.cookies[200:]).p95)
        well, silence = (statistics.median(times) for times in slow.values())
        yield Figure(
            f"Sign-ups' p95 that a silent mail server adds, {kind}",
            round(silence - well, 1),
            "ms",
            "less than 50 ms",
            silence - well < 50,
            more={"p95_well_ms": round(well, 1), "p95_silent_ms": round(silence, 1)},
        )


def _with_letters(bench: Bench, kind: str, count: int, port: int) -> Settings:
    settings = replace(
        bench.fresh(kind, people=10, seated=1).settings, smtp_url=f"smtp://127.0.0.1:{port}?batch=1000000"
    )
    with stage.settled(settings):
        _post(count, utc_now())
    return settings


def _post(count: int, now: datetime) -> None:
    """So many letters about the one seat, each to an address of its own."""
    seat, person, campaign = db.session.execute(
        select(Registration.id, Registration.person_id, Registration.campaign_id).limit(1)
    ).one()
    facts = {"registration": seat}
    many = (
        AddressedLetter(Recipient(person, f"b{n}@example.cn", "zh-CN"), f"bench:{n}", facts)
        for n in range(count)
    )
    with unit_of_work():
        outbox.post_many(LetterTopic(KIND, campaign), many, now=now)


def _by_sender(_app: Flask) -> float:
    def work() -> None:
        while deliver_next("bench", Lane.ORDINARY):
            pass

    return _timed(work)


def _by_plain_loop(app: Flask) -> float:
    """Render, build, send over one connection, commit each: nobody else is there, nothing goes wrong."""
    settings, keys = app.extensions["eventreg.settings"], app.extensions["eventreg.keys"]
    host = smtplib.SMTP("127.0.0.1", app.config["MAIL_PORT"])
    rows = [claims._claimed(row) for row in db.session.execute(select(*claims.COLUMNS))]  # noqa: SLF001
    db.session.rollback()

    def work() -> None:
        with for_writing(db.engine.connect(), patience=5.0) as connection:
            for letter in rows:
                with speaking(letter.locale):
                    content = worded.word(letter, keys=keys, base_url=settings.base_url, now=utc_now())
                    message = mailer.compose(
                        content, letter.address, message_id=letter.message_id, posted_at=letter.posted_at
                    )
                db.session.rollback()
                host.sendmail("bench@example.cn", [letter.address], message.as_bytes())
                _mark(connection, letter.id)

    took = _timed(work)
    host.quit()
    return took


def _mark(connection: Connection, letter_id: int) -> None:
    sent = update(Letter).where(Letter.id == letter_id).values(state="sent", sent_at=utc_now())
    with connection.begin():
        connection.execute(sent)


def _rows() -> Any:
    return select(*(column for column in Letter.__table__.columns if column.name != "id"))


def _insert(rows: list[dict[str, object]]) -> None:
    with for_writing(db.engine.connect(), patience=5.0) as connection, connection.begin():
        for start in range(0, len(rows), outbox.BATCH):
            connection.execute(insert(Letter.__table__), rows[start : start + outbox.BATCH])  # type: ignore[arg-type]


def _memory(bench: Bench) -> Figure:
    """The peak of a process that sends the same 100 letters with few and with many due."""
    peaks: dict[str, float] = {}
    for name, due in DUE.items():
        with sink() as port:
            settings = _with_letters(bench, "SQLite", due, port)
            command = [sys.executable, "-m", "benchmarks.mail", str(settings.instance), str(port), "100"]
            done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=PROJECT)
            peaks[name] = float(done.stdout)
    added = peaks["many"] - peaks["few"]
    more: dict[str, float | str] = {f"{name}_mib": peak for name, peak in peaks.items()}
    return Figure(
        "Memory that 50,000 due letters add to 100",
        round(added, 1),
        "MiB",
        "at most 20 MiB",
        added <= 20,
        more=more,
    )


def _beside(name: str, ours: list[float], plain: list[float], goal: float, what: str) -> Figure:
    mine, limit = statistics.median(ours), statistics.median(plain)
    ratio = mine / limit
    return Figure(
        name,
        round(mine, 1),
        "/s",
        f"at least {goal:.0%} of {what}",
        ratio >= goal,
        round(limit, 1),
        round(ratio, 3),
    )


def _timed(work: Callable[..., object], *given: object) -> float:
    start = perf_counter()
    work(*given)
    return perf_counter() - start


def main() -> None:
    """Send so many of the letters that are due, and say how much memory it took at most."""
    folder, port, count = sys.argv[1:]
    settings = Settings(instance=Path(folder), scheduler=False, smtp_url=f"smtp://127.0.0.1:{port}")
    with stage.settled(settings):
        sent = 0
        while sent < int(count) and (dealt := deliver_next("bench", Lane.ORDINARY, keep=True)):
            sent += dealt
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


ALL: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    one.__name__: one for one in (letters, queueing, silent_mail)
}

if __name__ == "__main__":
    main()
