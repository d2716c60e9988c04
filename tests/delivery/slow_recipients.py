"""How long everybody's mail takes while the server is silent for some recipients, with time scaled down.

usage: python -m tests.delivery.slow_recipients LETTERS EVERY STEP one|many
Every EVERYth recipient makes the server silent for 15 to 60 seconds at STEP ("rcpt" or "dot"). It prints the
median and the longest wait of the others, in seconds of the full scale: with one line as it was before, and now.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from flask import Flask

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.delivery import holding, sender
from eventreg.delivery.mail.smtp import SmtpTimeouts
from eventreg.delivery.sender import Sender
from eventreg.outbox import service as outbox
from eventreg.outbox.rules import PROMPT
from eventreg.outbox.service import AddressedLetter, LetterTopic, Recipient
from eventreg.registrations.reading import find_live
from tests.conftest import close, make_app
from tests.rig import cast

from .fault_server import FaultServer, Talk, fault_server

SCALE = (
    1 / 12
)  # of a second for each second of the full scale; at 1 / 25 the work of a busy machine outweighed the silences
SILENCE = (15.0, 60.0)  # seconds of the full scale
DOMAINS = {"one": ("example.cn",), "many": ("example.cn", "branch.example.cn", "plant.example.cn")}


@dataclass
class SlowServer:
    """A script for the fault server; it notes when each recipient's letter was taken."""

    step: str
    slow: dict[str, float]
    taken_at: dict[str, float] = field(default_factory=dict)

    def script(self, step: str, talk: Talk) -> None:
        """Be silent where that is asked for."""
        if step == self.step and talk.to in self.slow:
            time.sleep(self.slow[talk.to])
        if step == "dot":
            self.taken_at[talk.to] = time.monotonic()


@dataclass(frozen=True)
class Waited:
    """Seconds of the full scale: the median and the longest wait of the prompt recipients, and the longest of all."""

    median: float
    longest: float
    slowest: float
    twice: int


def addresses(count: int, domains: str) -> list[str]:
    """Recipients, dealt out over the domains."""
    names = DOMAINS[domains]
    return [f"x{n}@{names[n % len(names)]}" for n in range(count)]


@contextmanager
def scaled(*, as_before: bool) -> Iterator[None]:
    """Time runs faster; as before there is one line, and it never gives anything back."""
    stalls_after, lines = holding.STALLS_AFTER, sender.LINES
    holding.STALLS_AFTER = timedelta(days=1) if as_before else PROMPT * SCALE
    sender.LINES = dict.fromkeys(lines, 1) if as_before else lines
    try:
        yield
    finally:
        holding.STALLS_AFTER, sender.LINES = stalls_after, lines


def run(
    folder: Path,
    *,
    letters: int,
    every: int,
    step: str,
    domains: str,
    as_before: bool = False,
    seed: int = 308,
) -> Waited:
    """Post so many letters at once and wait until the server has taken all of them."""
    with scaled(as_before=as_before):
        return _run(folder, letters=letters, every=every, step=step, domains=domains, seed=seed)


def _run(folder: Path, *, letters: int, every: int, step: str, domains: str, seed: int) -> Waited:
    luck = random.Random(seed)
    people = addresses(letters, domains)
    slow = {to: luck.uniform(*SILENCE) * SCALE for n, to in enumerate(people) if n % every == every // 2}
    slow_server = SlowServer(step, slow)
    with fault_server(slow_server.script) as server:
        settings = Settings(
            instance=folder,
            scheduler=False,
            smtp_url=f"smtp://127.0.0.1:{server.port}",
            base_url="http://localhost",
        )
        app = make_app(settings)
        delivery = app.extensions["eventreg.delivery"]
        waits = SmtpTimeouts(connect=15 * SCALE + 1, command=90 * SCALE, dot=600 * SCALE, hurried=4 * SCALE)
        app.extensions["eventreg.delivery"] = replace(delivery, waits=waits)
        stage = cast.set_stage(app, now=utc_now())
        cast.sign_up(app, stage, "D4", now=utc_now())
        began = deliver(app, server, stage, people)
        close(app)
    prompt = [(at - began) / SCALE for to, at in slow_server.taken_at.items() if to not in slow]
    late = [(at - began) / SCALE for at in slow_server.taken_at.values()]
    return Waited(
        statistics.median(prompt), max(prompt), max(late), len(server.taken) - letters,
    )  # fmt: skip


def post_to(app: Flask, stage: cast.Stage, people: list[str]) -> None:
    """Post a letter to each of these addresses, due now."""
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people["D4"])
        assert live is not None
        about = LetterTopic("registration_seated", stage.campaign_id, None)
        many = [
            AddressedLetter(
                Recipient(stage.people["D4"], to, "zh-CN"), f"slow:{to}", {"registration": live.id}
            )
            for to in people
        ]
        with unit_of_work():
            outbox.post_many(about, many, now=utc_now() - timedelta(seconds=1))


def deliver(app: Flask, server: FaultServer, stage: cast.Stage, people: list[str]) -> float:
    """Post a letter to each, and let one process send; returns when it began."""
    post_to(app, stage, people)
    working, began = Sender(app), time.monotonic()
    working.start()
    try:
        all_taken = server.wait_for(
            lambda: len({taken.to for taken in server.taken}) == len(people), seconds=120
        )
        assert all_taken, f"{len(server.taken)} of {len(people)} letters were taken"
    finally:
        working.stop()
    return began


def main() -> None:
    """Run on SQLite and print the figures."""
    letters, every, step, domains = sys.argv[1:]
    for as_before in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            waited = run(
                Path(folder),
                letters=int(letters),
                every=int(every),
                step=step,
                domains=domains,
                as_before=as_before,
            )
        print("as before" if as_before else "now", waited)


if __name__ == "__main__":
    main()
