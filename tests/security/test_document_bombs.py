"""Texts that are made to harm whoever sets them: a document is made or refused in words, at little cost (T26)."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from eventreg.config import Settings
from eventreg.core import sandbox
from eventreg.core.clock import utc_now
from eventreg.nominations.rules import NominationContent
from tests.house.repository import ROOT
from tests.rig import awards, cast
from tests.rig.running import Running, cookie_of, running
from tests.rig.watched import watching

from .bombs import ACUTE, MIB
from .document_bombs import LEGITIMATE, MAKERS

NOW = utc_now()
SINCE = cast.lately()
FLAT = 96  # MiB that the parent may grow by, whatever is asked for
NOBODY = 65534
PATIENCE = 60  # seconds for an answer, on however slow a machine
OF_A_CORE = sandbox.TYPESETTING.seconds + 2  # and what it takes to begin and end a process
ON_THE_CLOCK = sandbox.TYPESETTING.wall + 5  # all cores may be busy with requests, which have priority
ASKED, TRIES = 150, 3
DEVNULL = subprocess.DEVNULL
BOMB = "e" + ACUTE * 20_000


def test_a_document_of_each_text_is_made_or_refused_and_no_process_grows() -> None:
    """All in one process that counts its children. What is legitimate is made, however long its words."""
    command = [sys.executable, "-m", "tests.security.document_bombs"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(ran.stdout)

    texts = told["texts"]
    legitimate = {f"{name}.{kind}" for name in LEGITIMATE for kind in MAKERS}
    assert {outcome for outcome, _took, _computed in texts.values()} == {"made", "document.failed"}
    assert {name: texts[name] for name in legitimate if texts[name][0] != "made"} == {}
    assert {name: told for name, told in texts.items() if told[2] > OF_A_CORE or told[1] > ON_THE_CLOCK} == {}
    assert told["child"] <= sandbox.MEMORY // MIB, told
    assert told["grown"] <= FLAT, told


@pytest.fixture
def product(sqlite_app: Flask) -> Iterator[Running]:
    """The product, served over the test's own installation by granian in two processes."""
    settings: Settings = sqlite_app.extensions["eventreg.settings"]
    own = {"database_url": settings.database_url, "base_url": settings.base_url, "scheduler": "off"}
    with running(settings.instance, server="granian", workers="2", **own) as served:
        yield served


def test_a_draft_that_cannot_be_set_is_refused_and_others_are_answered_as_before(
    sqlite_app: Flask, product: Running
) -> None:
    """The draft is from before such texts were refused. The slower of others' pages take at most three times
    as long while two visitors ask for nothing but its form."""
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=SINCE), now=SINCE)
    draft = awards.begin(sqlite_app, contest, "B2", "A1", now=NOW)
    awards.save(
        sqlite_app, contest, "B2", draft, NominationContent({"post": "班长"}, (), BOMB), seen=1, now=NOW
    )
    page, hers = f"/unit/nominations/{draft}", cookie_of(sqlite_app, contest.person("B2"), now=NOW)
    other = cookie_of(sqlite_app, contest.person("A1"), now=NOW)

    with watching(product.process.pid) as watch:
        ratios, refused = [], set()
        for _try in range(TRIES):
            before = _slow(product.port, other)
            with _asking(product.port, f"{page}/form.pdf", hers) as answers:
                ratios.append(_slow(product.port, other) / before)
            refused |= set(answers)
            if ratios[-1] <= 3:
                break
    status, form = _ask(product.port, page, hers)

    assert refused == {(422, True)}
    assert status == 200
    assert form.count(ACUTE) >= 20_000
    print(f"others: {ratios} times as long")
    assert min(ratios) <= 3, ratios
    assert len(watch.peaks) > 3, "the children that make documents were not seen"
    assert max(watch.peaks.values()) <= sandbox.MEMORY // MIB


def _slow(port: int, cookie: str) -> float:
    """The seconds that 95 of 100 answers take at the most."""
    seconds = []
    for _ in range(ASKED):
        began = time.monotonic()
        assert _ask(port, "/", cookie)[0] == 200
        seconds.append(time.monotonic() - began)
    return statistics.quantiles(seconds, n=20)[-1]


class _asking:  # noqa: N801  (reads as a statement)
    """Two visitors who ask for one page as long as the block lasts; status of each answer, and whether in words."""

    def __init__(self, port: int, path: str, cookie: str) -> None:
        self._over, self._answers = threading.Event(), list[tuple[int, bool]]()
        self._visitors = [threading.Thread(target=self._ask, args=(port, path, cookie)) for _ in range(2)]

    def _ask(self, port: int, path: str, cookie: str) -> None:
        while not self._over.is_set():
            status, page = _ask(port, path, cookie)
            back = f'href="{path.removesuffix("/form.pdf")}"'
            self._answers.append((status, "文件没有生成" in page and back in page))

    def __enter__(self) -> list[tuple[int, bool]]:
        for visitor in self._visitors:
            visitor.start()
        return self._answers

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for visitor in self._visitors:
            visitor.join()


def _ask(port: int, path: str, cookie: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as line:
        line.request("GET", path, headers={"Cookie": cookie})
        got = line.getresponse()
        return got.status, got.read().decode(errors="replace")


AS_NOBODY = f"""
import json, os, resource, sys
import typst, _posixsubprocess, encodings.idna  # what only root may read on this machine
from eventreg.core import sandbox
from eventreg.reports import document_child, form_document, glyphs, typeset
if os.getuid() == 0:
    os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})
if sys.argv[2] == "no threads":
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
document_child.main()
"""


@pytest.mark.parametrize(("threads", "made"), [("threads", True), ("no threads", False)])
def test_an_ordinary_user_s_documents_are_made_too(tmp_path: Path, threads: str, made: bool) -> None:
    """With the limits of the reading child, which begins no threads, typst ends for everybody but root."""
    template = "#let d = json(bytes(sys.inputs.facts))\n#set text(font: d.fonts)\n#d.said"
    facts = json.dumps({"said": "女神节", "fonts": ["Noto Serif SC"]})
    job = {"template": template, "facts": facts, "drawing": "", "dots": 96, "timestamp": 0}
    (tmp_path / "job").write_text(json.dumps(job), "utf-8")

    with (tmp_path / "job").open("rb") as file:
        command = [sys.executable, "-s", "-c", AS_NOBODY, "pdf", threads]
        ran = subprocess.run(
            command, stdin=file, cwd=ROOT, capture_output=True, check=False, timeout=PATIENCE
        )

    assert (ran.returncode == 0, b"%PDF-" in ran.stdout) == (made, made), ran.stderr[-400:]


def test_the_control_sees_what_the_limit_keeps_away(tmp_path: Path) -> None:
    """With three times the memory allowed, the same text takes more than what we allow."""
    template = (
        "#let d = json(bytes(sys.inputs.facts))\n#set text(font: d.fonts)\n#set par(justify: true)\n#d.said"
    )
    facts = json.dumps({"said": BOMB, "fonts": ["Noto Serif SC"]})
    job = {"template": template, "facts": facts, "drawing": "", "dots": 96, "timestamp": 0}
    (tmp_path / "job").write_text(json.dumps(job), "utf-8")
    script = (
        "from eventreg.core import sandbox\nfrom eventreg.reports import document_child\n"
        "sandbox.TYPESETTING = sandbox.SandboxLimits(3 * sandbox.MEMORY, 10, threads=True)\ndocument_child.main()"
    )

    with (tmp_path / "job").open("rb") as file:
        ran = subprocess.Popen(
            [sys.executable, "-c", script, "pdf"], stdin=file, cwd=ROOT, stdout=DEVNULL, stderr=DEVNULL
        )
    _pid, ran.returncode, usage = os.wait4(ran.pid, 0)

    assert ran.returncode != 0
    assert usage.ru_maxrss // 1024 > sandbox.MEMORY // MIB


def test_no_template_of_a_document_asks_for_a_file_a_package_or_a_program() -> None:
    """Where a system gives the child no network of its own, this is what keeps documents off it."""
    templates = list((ROOT / "templates").rglob("*.typ"))
    words = (
        "import",
        "include",
        "read(",
        "plugin(",
        "eval(",
        "http",
        "csv(",
        "yaml(",
        "toml(",
        "xml(",
        "cbor(",
    )

    asked = {path.name: [word for word in words if word in path.read_text("utf-8")] for path in templates}

    assert len(asked) > 1
    assert [name for name, found in asked.items() if found] == []
