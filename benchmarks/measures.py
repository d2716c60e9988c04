"""What is measured: each function yields figures, each beside its goal."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from eventreg.config import Settings

from . import stage
from .cost import COUNTED, Cost, cost_of
from .loads import Load, crowd, middle, play, wrk
from .servers import Layout, running
from .stage import SLUG, Stage

DEFAULT = "granian:2"
FORM = f"/campaigns/{SLUG}/registration"
API = f"/api/v1/campaigns/{SLUG}/registrations"
VISITORS = 32
PROGRAMS = 8


SIGN_UPS = {
    "SQLite": 0.4,
    "PostgreSQL": 0.6,
}  # goals, as parts of the bare rate: the cost of the form is in them


@dataclass(frozen=True)
class Figure:
    """One measured thing. `ratio` is ours to the limit; `goal` is what `value` or `ratio` is held to."""

    name: str
    value: float
    unit: str
    goal: str
    reached: bool
    limit: float | None = None
    ratio: float | None = None
    statements: int | None = None
    more: dict[str, float | str] = field(default_factory=dict)


@dataclass
class Bench:
    """Databases by name, the layout under measurement, and how long each round is."""

    kinds: dict[str, Callable[[str], Settings]]
    layout: Layout
    seconds: int
    rounds: int
    numbers: int = 0
    costs: dict[str, Cost] = field(default_factory=dict)

    def fresh(self, kind: str, **stage_options: int) -> Stage:
        """A stage of its own on a database kind."""
        self.numbers += 1
        return stage.set_stage(self.kinds[kind](f"i{self.numbers}"), **stage_options)

    def cost(self, kind: str) -> Cost:
        """Bytes of our pages and statements of our requests on a database kind, found once."""
        if kind not in self.costs:
            self.costs[kind] = cost_of(self.fresh(kind, people=20, seated=5))
        return self.costs[kind]


def _beside(
    bench: Bench,
    kind: str,
    job: dict[str, Any],
    those: Callable[[Stage], list[Any]],
    sizes: dict[str, int],
    options: dict[str, int],
    also: Callable[[], Load] | None = None,
) -> tuple[list[Load], list[Load], list[Load]]:
    """Ours, the bare app and what else is asked for, turn about, each on a stage of its own."""
    ours: list[Load] = []
    bare: list[Load] = []
    more: list[Load] = []
    for _ in range(bench.rounds):
        for loads, of in ((ours, None), (bare, sizes)):
            at = bench.fresh(kind, **options)
            with running(at.settings, bench.layout, bare=of) as server:
                warm = {**job, "seconds": 1}  # by as many, or one of the workers may have met nobody
                all_of_them = those(at)
                play(server, **warm, bearer=at.bearer, those=all_of_them[:200])
                loads.append(play(server, **job, bearer=at.bearer, those=all_of_them[200:]))
        if also is not None:
            more.append(also())
    return ours, bare, more


def _figure(name: str, ours: Load, limit: Load, goal: float, *, cost: Cost, **more: float | str) -> Figure:
    ratio = ours.rate / limit.rate
    return Figure(
        name,
        round(ours.rate, 1),
        "/s",
        f"at least {goal:.0%} of bare",
        ratio >= goal and not ours.failed,
        round(limit.rate, 1),
        round(ratio, 3),
        cost.statements[COUNTED[name.rpartition(", ")[0]]],
        {
            "p50_ms": round(ours.p50, 1),
            "p99_ms": round(ours.p99, 1),
            "bare_p99_ms": round(limit.p99, 1),
            "server_cpu_ms": round(ours.server_cpu / max(1, ours.done) * 1000, 2),
            "bare_cpu_ms": round(limit.server_cpu / max(1, limit.done) * 1000, 2),
            "generator_cores": round(ours.generator_share, 2),
            "failed": ours.failed,
            **more,
        },
    )


def sign_ups(bench: Bench) -> Iterator[Figure]:
    """Web sign-ups completed: form, POST, receipt; 32 visitors."""
    people = 700 * bench.seconds
    for kind in bench.kinds:
        cost = bench.cost(kind)
        job = {"way": "sign_up", "path": FORM, "visitors": VISITORS, "seconds": bench.seconds}
        rounds, bares, twos = _beside(
            bench,
            kind,
            job,
            lambda at: at.cookies,
            cost.bytes,
            {"people": people},
            partial(_two, bench, kind, cost),
        )
        ours, bare = middle(rounds, bares)
        beside, two = middle(rounds, twos)
        yield _figure(
            f"Web sign-ups, 32 visitors, {kind}",
            ours,
            bare,
            SIGN_UPS[kind],
            cost=cost,
            two_statements_rate=round(two.rate, 1),
            of_two_statements=round(beside.rate / two.rate, 3),
        )
        slowest = statistics.median(load.p99 for load in rounds)
        yield _at_most(f"Web sign-ups, slowest in a hundred, {kind}", slowest, 250)
        yield _at_least(f"Web sign-ups beside two statements, {kind}", beside.rate / two.rate, 0.3)


def _two(bench: Bench, kind: str, cost: Cost) -> Load:
    """The same way of three requests over the two-statement limit."""
    at = bench.fresh(kind, people=10)
    with running(at.settings, bench.layout, bare=cost.bytes) as server:
        job = {
            "way": "sign_up",
            "path": "/two",
            "visitors": VISITORS,
            "seconds": bench.seconds,
            "again": True,
        }
        return play(server, **job, those=["bench=1"])


def api_sign_ups(bench: Bench) -> Iterator[Figure]:
    """Sign-ups by API, 8 at once."""
    people = 1_500 * bench.seconds
    for kind in bench.kinds:
        cost = bench.cost(kind)
        job = {"way": "api_sign_up", "path": API, "visitors": PROGRAMS, "seconds": bench.seconds}
        rounds, bares, _ = _beside(bench, kind, job, lambda at: at.staff_nos, cost.bytes, {"people": people})
        ours, bare = middle(rounds, bares)
        yield _figure(f"Sign-ups by API, 8 at once, {kind}", ours, bare, SIGN_UPS[kind], cost=cost)


def scans(bench: Bench) -> Iterator[Figure]:
    """Scans by API, 8 at once; and one by one."""
    people = 2_500 * bench.seconds
    options = {"people": people, "seated": people}
    for kind in bench.kinds:
        cost = bench.cost(kind)
        job = {
            "way": "scan",
            "path": "/api/v1/scans",
            "visitors": PROGRAMS,
            "seconds": bench.seconds,
            "at": cost.now,
        }
        rounds, bares, _ = _beside(bench, kind, job, lambda at: at.tickets, cost.bytes, options)
        ours, bare = middle(rounds, bares)
        yield _figure(f"Scans by API, 8 at once, {kind}", ours, bare, 0.6, cost=cost)
        rounds, bares, _ = _beside(
            bench, kind, {**job, "visitors": 1}, lambda at: at.tickets, cost.bytes, options
        )
        own, limit = (statistics.median(load.p50 for load in loads) for loads in (rounds, bares))
        name = f"One scan at a time, the middle one, {kind}"
        yield replace(_at_most(name, own, 4), limit=round(limit, 1))


def pages(bench: Bench) -> Iterator[Figure]:
    """The campaign's page and home, for who is not signed in; the load is wrk's."""
    cost = bench.cost("SQLite")
    for name, path in (("Campaign page", f"/campaigns/{SLUG}"), ("Home", "/")):
        ours: list[Load] = []
        bare: list[Load] = []
        for _ in range(bench.rounds):
            for loads, of in ((ours, None), (bare, cost.bytes)):
                at = bench.fresh("SQLite", people=60, seated=20)
                with running(at.settings, bench.layout, bare=of) as server:
                    wrk(server, path, connections=VISITORS, seconds=2)
                    loads.append(wrk(server, path, connections=VISITORS, seconds=bench.seconds))
        yield _figure(f"{name}, SQLite", *middle(ours, bare), 0.5, cost=cost)


def full_table(bench: Bench) -> Iterator[Figure]:
    """The same sign-up with 100,000 registrations present."""
    many = 100_000
    extra = 700 * bench.seconds
    ours: list[Load] = []
    empty: list[Load] = []
    job = {"way": "sign_up", "path": FORM, "visitors": VISITORS, "seconds": bench.seconds}
    for _ in range(bench.rounds):
        for loads, seated in ((ours, many), (empty, 0)):
            at = bench.fresh("SQLite", people=extra + seated, seated=seated)
            with running(at.settings, bench.layout) as server:
                play(server, **{**job, "seconds": 1}, bearer="", those=at.cookies[seated : seated + 200])
                loads.append(play(server, **job, bearer="", those=at.cookies[seated + 200 :]))
    figure = _figure(
        "Web sign-ups with 100,000 registrations there, SQLite",
        *middle(ours, empty),
        0.9,
        cost=bench.cost("SQLite"),
    )
    yield Figure(**{**figure.__dict__, "goal": "at least 90% of the rate of an empty table"})


def rush(bench: Bench) -> Iterator[Figure]:
    """1,000 visitors press the button of their open forms at one instant, for 30 places."""
    for kind in bench.kinds:
        slowest, seated, cpu = [], [], []
        for _ in range(bench.rounds):
            at = bench.fresh(kind, people=1_000, places=30)
            with running(at.settings, bench.layout) as server:
                asked = {"host": "127.0.0.1", "port": server.port, "way": "forms", "path": FORM}
                forms = crowd({**asked, "those": at.cookies})["forms"]
                got = play(server, way="press", path=FORM, visitors=1_000, those=forms)
            slowest.append(got.slowest / 1000 if not got.failed else float("inf"))
            seated.append(stage.count_seated(at.settings))
            cpu.append(got.server_cpu)
        took = statistics.median(slowest)
        yield Figure(
            f"1,000 visitors for 30 places, the last one answered, {kind}",
            round(took, 2),
            "s",
            "at most 4 s, 30 seated",
            took <= 4 and set(seated) == {30},
            more={"seated": "/".join(map(str, seated)), "server_cpu_s": round(statistics.median(cpu), 2)},
        )


def memory(bench: Bench) -> Iterator[Figure]:
    """PSS of all processes: at rest, after 10,000 sign-ups, and after 10,000 more; letters are sent meanwhile."""
    at = bench.fresh("SQLite", people=20_000)
    job = {"way": "sign_up", "path": FORM, "visitors": VISITORS, "seconds": 600, "bearer": ""}
    with running(at.settings, bench.layout, scheduler=True) as server:
        play(server, way="page", path="/", visitors=2, those=[""] * 20)
        rest = server.memory()
        play(server, **job, those=at.cookies[:10_000])
        after = server.memory()
        play(server, **job, those=at.cookies[10_000:])
        later = server.memory()
    yield _at_most("Memory at rest, all processes", rest, 200, unit="MiB")
    yield _at_most("Memory after 10,000 sign-ups", after, 260, unit="MiB")
    yield _at_most("Memory that 10,000 sign-ups more add", later - after, 20, unit="MiB")


def _at_most(name: str, value: float, most: float, *, unit: str = "ms") -> Figure:
    return Figure(name, round(value, 1), unit, f"at most {most:g} {unit}", value <= most)


def _at_least(name: str, value: float, least: float) -> Figure:
    return Figure(name, round(value, 3), "", f"at least {least:.0%}", value >= least)


ALL: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    one.__name__: one for one in (sign_ups, api_sign_ups, scans, pages, full_table, rush, memory)
}
