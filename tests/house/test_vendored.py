"""What comes from elsewhere is what vendor.json says, with its licence beside it."""

from __future__ import annotations

import hashlib
import json

from tests.house.repository import ROOT, name_of, tracked

STATIC = ROOT / "static"
LISTED = json.loads((STATIC / "vendor/vendor.json").read_text("utf-8"))
FREE = {"MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "OFL-1.1"}


def test_vendored_files_have_the_sum_that_is_written_down() -> None:
    sums = {v["file"]: hashlib.sha256((STATIC / v["file"]).read_bytes()).hexdigest() for v in LISTED}

    assert sums == {v["file"]: v["sha256"] for v in LISTED}


def test_vendored_files_stand_under_a_free_licence_with_its_text() -> None:
    bare = [
        v["file"]
        for v in LISTED
        if v["licence"] not in FREE or len((STATIC / v["licence_file"]).read_text("utf-8")) < 500
    ]

    assert bare == []


def test_nothing_lies_among_the_vendored_files_unlisted() -> None:
    listed = {v[key] for v in LISTED for key in ("file", "licence_file")} | {"vendor/vendor.json"}
    there = {p.relative_to(STATIC).as_posix() for p in tracked() if name_of(p).startswith("static/vendor/")}

    assert there - listed == set()


def test_no_style_sheet_or_picture_fetches_from_elsewhere() -> None:
    fetching = [
        name_of(p)
        for p in tracked()
        if p.suffix in {".css", ".js"}
        and any(mark in p.read_text("utf-8") for mark in ("url(http", "url(//", "@import"))
    ]

    assert fetching == []
