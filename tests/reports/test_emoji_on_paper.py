"""Emoji in the texts of a campaign: no font for paper has them, so posters and tickets go without; letters stay."""

from __future__ import annotations

import pytest

from eventreg.core.clock import utc_now
from eventreg.reports.poster import poster


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("🌸春日插花🌸", "春日插花"),
        ("👩‍👩‍👧🏽 手工课 🌹", "手工课"),
        ("春日插花（第 2 期）", "春日插花（第 2 期）"),
        ("\U000323af 老师的课", "\U000323af 老师的课"),
        ("🌸🌸", "🌸🌸"),
    ],
)
def test_a_poster_goes_without_emoji(typed: str, printed: str) -> None:
    sheet = poster(
        typed, typed, [("地点", typed)], owner="", url="", scan="", code="", picture="", at=utc_now()
    )

    assert (sheet.facts["title"], sheet.facts["intro"], sheet.facts["rows"]) == (
        printed,
        printed,
        [["地点", printed]],
    )
