"""Measure eventreg beside what the machine allows, and write the figures down.

usage: python -m benchmarks [--quick] [--only NAME ...] [--count] [--layout granian:2] [--rounds 3] [--seconds 8]

Every goal of the issue is a ratio: the product and the bare app in the same run, on the same machine,
under the same server, database and load. A line is the round with the median ratio. The figures go to
benchmarks/figures.json, docs/figures.md shows them; `--quick` writes nothing, `--only` what it measured,
`--count` measures nothing: it counts the statements of the lines that are there, on each line's own database.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eventreg.config import PROJECT, Settings
from tests.rig import postgres

from . import award, day, mail, measures, report
from .cost import recounted
from .measures import Bench, Figure
from .servers import Layout

FIGURES = PROJECT / "benchmarks/figures.json"
PAGE = PROJECT / "docs/figures.md"
ALL = measures.ALL | mail.ALL | award.ALL | day.ALL


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, Callable[[str], Settings]]]:
    """Fresh settings by name of a database kind; PostgreSQL as it is by default, durability on."""
    with postgres.throw_away(durable=True) as cluster:

        def on_sqlite(name: str) -> Settings:
            return Settings(instance=folder / name, scheduler=False)

        def on_postgresql(name: str) -> Settings:
            return Settings(instance=folder / name, database_url=cluster.fresh(), scheduler=False)

        yield {"SQLite": on_sqlite, "PostgreSQL": on_postgresql}


def main() -> None:
    """Run what was asked for and say how it went."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks")
    asked.add_argument("--quick", action="store_true", help="one short round of each")
    asked.add_argument("--only", nargs="*", choices=sorted(ALL), default=[])
    asked.add_argument("--count", action="store_true", help="only count statements anew")
    asked.add_argument("--layout", default="", help="server and processes, such as granian:2")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--seconds", type=int, default=8)
    given = asked.parse_args()
    names = given.only or list(ALL)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, databases(Path(folder)) as kinds:
        rounds, seconds = (1, 3) if given.quick else (given.rounds, given.seconds)
        bench = Bench(kinds, _layout(given.layout), seconds=seconds, rounds=rounds)
        if given.count:
            _count(bench)
            return
        for name in names:
            made = []
            for figure in ALL[name](bench):
                print(report.line(figure), flush=True)
                made.append(figure)
            figures += made
            if not given.quick:
                _keep(report.stored(made, bench))  # at once: what fails later loses none of it
    missed = [figure.name for figure in figures if not figure.reached]
    print(f"{len(figures) - len(missed)} goals reached, {len(missed)} missed: {', '.join(missed) or 'none'}")
    sys.exit(0)


def _keep(made: dict[str, Any]) -> None:
    """Write the figures down; those of a run of some take the places of the same names."""
    if FIGURES.exists():
        new = {figure["name"]: figure for figure in made["figures"]}
        old = json.loads(FIGURES.read_text("utf-8"))["figures"]
        made["figures"] = [new.pop(figure["name"], figure) for figure in old] + list(new.values())
    _write(made)


def _count(bench: Bench) -> None:
    """Write the statements of the kept lines anew, each line's from its own database."""
    kept = json.loads(FIGURES.read_text("utf-8"))
    _write(kept | {"figures": recounted(kept["figures"], {kind: bench.cost(kind) for kind in bench.kinds})})


def _write(made: dict[str, Any]) -> None:
    FIGURES.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(report.page(json.loads(FIGURES.read_text("utf-8"))), "utf-8")


def _layout(text: str) -> Layout:
    server, _, workers = (text or measures.DEFAULT).partition(":")
    return Layout(server, int(workers or 1))


if __name__ == "__main__":
    main()
