"""The code on the wall opens for 60 seconds after its 30 seconds, by the server's clock, to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventreg.venue.screens.rules import is_open, may_press, wall_code

SECRET = b"s" * 32
MADE = datetime(2027, 3, 4, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "opens"),
    [(0, True), (29.9, True), (30, True), (89, True), (90, True), (90.001, False), (120, False)],
)
def test_made_at_ten_it_opens_until_a_minute_and_a_half_past(after: float, opens: bool) -> None:
    code = wall_code(SECRET, 7, now=MADE).code

    assert is_open([SECRET], 7, code, now=MADE + timedelta(seconds=after)) is opens


def test_it_is_the_same_for_ten_reloads_and_changes_every_half_minute() -> None:
    shown = [wall_code(SECRET, 7, now=MADE + timedelta(seconds=3 * n)) for n in range(10)]

    assert {one.code for one in shown} == {shown[0].code}
    assert shown[0].until == MADE + timedelta(seconds=30)
    assert wall_code(SECRET, 7, now=MADE + timedelta(seconds=30)).code != shown[0].code


def test_the_code_of_another_screen_or_another_key_opens_nothing() -> None:
    code = wall_code(SECRET, 7, now=MADE).code

    assert not is_open([SECRET], 8, code, now=MADE)
    assert not is_open([b"t" * 32], 7, code, now=MADE)
    assert is_open([b"t" * 32, SECRET], 7, code, now=MADE)


def test_a_code_that_is_not_on_the_wall_yet_opens_nothing() -> None:
    code = wall_code(SECRET, 7, now=MADE + timedelta(seconds=30)).code

    assert not is_open([SECRET], 7, code, now=MADE + timedelta(seconds=29))


def test_the_button_is_there_for_five_minutes() -> None:
    assert may_press(MADE, now=MADE + timedelta(minutes=5))
    assert not may_press(MADE, now=MADE + timedelta(minutes=5, seconds=1))
    assert not may_press(MADE, now=MADE - timedelta(seconds=1))
