"""The counter of the page and the counter that decides say the same, on examples and on random text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from eventreg.nominations.wordcount import count
from tests.house.repository import ROOT
from tests.rig.sizes import SIZES

pytestmark = pytest.mark.browser

VECTORS = json.loads((ROOT / "tests/vectors/wordcount.json").read_text("utf-8"))
SCRIPT = (ROOT / "static/js/wordcount.js").read_text("utf-8")
BORDERS = "\r\n\x1c\x85 \u3000\u2028\u2029\ufeff\u200b\ufe0f\U000e0100“”—…①★aZ9%'好\u4dc0\uff00\uff01𠮷\U000323af👍한あ"
EDGES = (0x1B000, 0x1B170, 0x1F44D, 0x20000, 0x323B0, 0xE0100, 0xE01F0, 0x10FFFC)
TEXTS = st.text(st.sampled_from(BORDERS) | st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.fixture(scope="module")
def twin(chromium: Browser) -> Iterator[Page]:
    """A page with nothing but the twin."""
    page = chromium.new_page()
    page.add_script_tag(content=SCRIPT)
    yield page
    page.close()


def _in_the_browser(twin: Page, texts: list[str]) -> list[dict[str, int]]:
    said: list[dict[str, int]] = twin.evaluate("texts => texts.map(wordcount.count)", texts)
    return said


def test_the_twin_counts_the_rule_s_examples(twin: Page) -> None:
    said = _in_the_browser(twin, [vector["text"] for vector in VECTORS])

    assert [counted["zishu"] for counted in said] == [vector["zishu"] for vector in VECTORS]


@settings(
    max_examples=SIZES.twin_batches,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts=st.lists(TEXTS, min_size=20, max_size=60))
def test_the_twin_counts_random_text_alike(twin: Page, texts: list[str]) -> None:
    assert _in_the_browser(twin, texts) == [asdict(count(text)) for text in texts]


def test_the_twin_counts_every_character_alike(twin: Page) -> None:
    """Each code point of the basic plane and each border beyond: alone, between letters, beside a Han."""
    marks = [chr(point) for point in range(0x10000) if not 0xD800 <= point <= 0xDFFF]
    marks += [chr(point) for edge in EDGES for point in range(edge - 2, edge + 3)]
    texts = [f"{mark}\na{mark}a\n好{mark}好 a{mark}a {mark}" for mark in marks]

    mine = [count(text).zishu for text in texts]
    theirs = twin.evaluate("texts => texts.map(wordcount.zishu)", texts)

    assert [hex(ord(m)) for m, a, b in zip(marks, mine, theirs, strict=True) if a != b] == []


def test_a_twin_that_counts_units_would_be_seen(twin: Page) -> None:
    """The control: JavaScript's own length of a text differs from ours as soon as a rare name comes."""
    assert twin.evaluate("'𠮷野家'.length") != count("𠮷野家").characters
