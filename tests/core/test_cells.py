"""A text in a cell of a CSV file is no formula, and comes back as it was."""

from __future__ import annotations

import random

import pytest

from eventreg.core.cells import marked, unmarked

LIVE = [
    "=1+1",
    "+8613800138000",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1+1",
    "＝1+1",
    "|calc",
    "%0A",
    "'=1",
    "''=1",
]
PLAIN = ["", "王芳", "O'Neill", "'quoted'", "a=b", "HC-01", "ada@example.cn", "'", "1", "营销部/客户服务班"]


@pytest.mark.parametrize("text", LIVE)
def test_what_a_spreadsheet_would_run_is_marked_as_text(text: str) -> None:
    assert (marked(text), unmarked(marked(text))) == (f"'{text}", text)


@pytest.mark.parametrize("text", PLAIN)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert (marked(text), unmarked(text)) == (text, text)


def test_every_text_comes_back() -> None:
    chance = random.Random(8)
    texts = ["".join(chance.choices("'=+-@ \t\n＝a王", k=chance.randrange(6))) for _ in range(20_000)]

    assert [text for text in texts if unmarked(marked(text)) != text] == []
    assert [text for text in texts if marked(text)[:1] in set("=+-@\t\r＝")] == []
