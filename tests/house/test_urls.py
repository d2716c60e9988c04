"""The list of addresses is a promise: it changes on purpose or not at all."""

from __future__ import annotations

import inspect
import os

from flask import Flask

from tests.house.repository import ROOT

SNAPSHOT = ROOT / "tests/house/urls.txt"
HEAD = "# Every address, with its endpoint. To change it: UPDATE=1 pytest tests/house/test_urls.py\n"


def test_the_addresses_are_those_of_the_snapshot(product: Flask) -> None:
    lines = [
        f"{method} {rule.rule} {rule.endpoint}\n"
        for rule in product.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    listed = HEAD + "".join(sorted(lines, key=str.split))
    if os.environ.get("UPDATE"):
        SNAPSHOT.write_text(listed, "utf-8")

    assert listed == SNAPSHOT.read_text("utf-8")


def test_every_view_says_what_it_is_for(product: Flask) -> None:
    bare = [name for name, view in product.view_functions.items() if not inspect.getdoc(view)]

    assert bare == []
