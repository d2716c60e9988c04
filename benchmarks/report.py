"""Figures in words: a line for the console, the file that is kept, the page of the docs."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .measures import Bench, Figure


def line(figure: Figure) -> str:
    """One figure for the console."""
    mark = "ok  " if figure.reached else "MISS"
    beside = f" of {figure.limit:g} = {figure.ratio:.0%}" if figure.limit and figure.ratio is not None else ""
    more = ", ".join(f"{name} {value}" for name, value in figure.more.items())
    count = f", {figure.statements} statements" if figure.statements is not None else ""
    return f"{mark} {figure.name}: {figure.value:g} {figure.unit}{beside} ({figure.goal}){count}; {more}"


def stored(figures: list[Figure], bench: Bench) -> dict[str, Any]:
    """What benchmarks/figures.json holds."""
    measured = f"{bench.rounds} x {bench.seconds} s"
    return {
        "made_on": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "layout": str(bench.layout),
        "figures": [figure.__dict__ | {"measured": measured} for figure in figures],
    }


def machine() -> str:
    """The machine in words: cores, memory, system; no name of it."""
    memory = int(Path("/proc/meminfo").read_text("utf-8").split()[1]) / 1024**2
    return (
        f"{os.cpu_count()} cores shared by load, server and database, {memory:.0f} GiB, {platform.system()} "
        f"{platform.machine()}, CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def page(kept: dict[str, Any]) -> str:
    """docs/figures.md, made of the kept file."""
    rows = [_row(figure) for figure in kept["figures"]]
    return HEAD.format(**kept) + "\n".join(rows) + FOOT


def _row(figure: dict[str, Any]) -> str:
    more, limit, ratio = figure["more"], figure["limit"], figure["ratio"]
    cells = [
        figure["name"],
        f"{figure['value']:g} {figure['unit']}".strip(),
        f"{limit:g}" if limit else "",
        f"{ratio:.0%}" if ratio is not None else "",
        figure["goal"] + ("" if figure["reached"] else " **missed**"),
        str(figure["statements"] or ""),
        f"{more['p99_ms']:g}" if "p99_ms" in more else "",
        f"{more['server_cpu_ms']:g} / {more['bare_cpu_ms']:g}" if "bare_cpu_ms" in more else "",
        f"{more['generator_cores']:g}" if "generator_cores" in more else "",
        figure["measured"],
    ]
    return "| " + " | ".join(cells) + " |"


HEAD = """# Figures

Made by `make bench`, last on {made_on}: {machine}. Server: {layout} processes, `synchronous=FULL`, letters not sent meanwhile but for
the memory and the silent mail server. A line with a ratio is the round with the median ratio, a time is the median of all rounds' (last
column: how many; a run of some lines leaves the others as they were); ours and the limit took turns in the same run. Compare the
ratios, never the absolute figures with another machine's.

*Bare* is `benchmarks/bare.py`: Flask, pages of equal bytes, CSRF, a session row, the same rows written by SQLAlchemy Core in one
transaction with an engine of its own behind a plain `flock`, under the same server, threads and load; without our line of writers,
turnstile and pace, and nothing else that a sign-up has to know. The *two-statement*
limit has a form with CSRF, one conditional UPDATE and one INSERT by the driver. Letters have limits of their own, in the column of bare:
*a plain loop* words, builds and sends the same letters over one connection to the same sink and commits each, with no claim, no renewal,
no pause and no second thought; *batched INSERTs* are the same rows, ready-made, 500 at a time by SQLAlchemy's Core.
The last minute of an award: 30 contacts open and submit 300 drafts of 1,200 字 within 60 s, ten of them after a file of 25 MB, and press again
where the server says that it is too busy; four employees open pages meanwhile.

| what | eventreg | bare | ratio | goal | statements | p99 ms | CPU ms, ours / bare | generator's cores | rounds |
|---|---|---|---|---|---|---|---|---|---|
"""

FOOT = """

`benchmarks/figures.json` holds all that was measured.

## What holds it where a goal is missed

- *Web sign-ups.* Of the CPU that a sign-up takes beyond bare, much goes into what bare does not ask: roles with the session, the
  live registration, the campaign's counters, the request's key, who the applicant is and which pools bind her (three statements
  by SQLAlchemy's Core), the rest into the form's checks, the pages' holes and the QR code. Profile it with
  `python -m cProfile -m benchmarks.cost`.
- *Slowest in a hundred.* Nearly all of a visitor's time is her POST's, in the queue of writers: one writes at a time.
  32 visitors at N a second wait 32 / N seconds in the middle; both workers have as many of them (ADR 32), so 250 ms for the slowest
  ask for some 160 a second. The slowest five of a round of three seconds decide.
- *Beside two statements.* Its way writes two rows where a sign-up writes eight and two counters, and knows no visitor.
- *1,000 visitors.* 3 to 5 seconds of CPU beside the generator's on two cores: 3 to 5 ms for each answer, by the
  machine's speed that minute, so the same code takes 2.7 to 4 seconds. Past five seconds in the line the answer is 503 with the form kept.
"""
