"""What an organiser types, as values: dates, hours, numbers, addresses; what is wrong has a code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from eventreg.campaigns import checks
from eventreg.core.errors import Refused

CHINA, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
number = partial(checks.number, least=1, most=30)
moment = partial(checks.moment, zone=CHINA)


@pytest.mark.parametrize(
    ("check", "typed", "value"),
    [
        (number, "30", 30),
        (number, " ３０ ", 30),
        (number, "007", 7),
        (checks.day, "2027-03-04", date(2027, 3, 4)),
        (checks.day, "2027/3/4", date(2027, 3, 4)),
        (checks.clock, "９：００", time(9)),
        (checks.clock, "09:00:00", time(9)),
        (checks.clock, "", None),
        (moment, "2027-03-01T18:00", datetime(2027, 3, 1, 18, tzinfo=CHINA)),
        (moment, "2027-03-01  18:00", datetime(2027, 3, 1, 18, tzinfo=CHINA)),
        (checks.slug, "Spring-Outing", "spring-outing"),
        (partial(checks.line, most=9), "  踏春\n嘉年华\x00 ", "踏春 嘉年华"),
        (partial(checks.paragraphs, most=99), "一\r\n\r\n 二 ", ("一", "二")),
    ],
)
def test_what_is_forgiven(check: Callable[[str], Any], typed: str, value: object) -> None:
    assert check(typed) == value


@pytest.mark.parametrize(
    ("check", "typed", "code"),
    [
        (number, "", "typed.missing"),
        (number, "三十", "typed.not_a_number"),
        (number, "-1", "typed.not_a_number"),
        (number, "1e3", "typed.not_a_number"),
        (number, "٣", "typed.not_a_number"),
        (number, "0", "typed.out_of_bounds"),
        (number, "31", "typed.out_of_bounds"),
        (number, "9" * 400, "typed.not_a_number"),
        (checks.day, "", "typed.missing"),
        (checks.day, "2027-02-30", "typed.day_form"),
        (checks.day, "27-02-03", "typed.day_form"),
        (checks.day, "9999-01-01", "typed.day_form"),
        (checks.clock, "24:00", "typed.clock_form"),
        (checks.clock, "9 点", "typed.clock_form"),
        (moment, "", "typed.missing"),
        (moment, "2027-03-01", "typed.moment_form"),
        (moment, "2027-03-01T25:00", "typed.moment_form"),
        (partial(checks.moment, zone=BERLIN), "2027-03-28T02:30", "typed.hour_skipped"),
        (checks.slug, "踏春", "typed.slug_form"),
        (checks.slug, "a--b", "typed.slug_form"),
        (checks.slug, "-a", "typed.slug_form"),
        (checks.slug, "a/b", "typed.slug_form"),
        (checks.slug, "a" * 61, "typed.slug_form"),
        (partial(checks.line, most=3), "一二三四", "typed.too_long"),
        (partial(checks.line, most=3), " \x07", "typed.missing"),
        (partial(checks.line, most=3), "\u2800\u3164", "typed.missing"),
        (partial(checks.prose, most=3), "\ufe0f\n\u2800", "typed.missing"),
    ],
)
def test_what_is_wrong_has_a_code(check: Callable[[str], Any], typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check(typed)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("龚\ue863", "龚䶮"), ("张\ue000", "张\ue000"), ("⻘天\u200b", "青天"), ("\u202ex", "x")],
)
def test_a_text_has_the_usual_characters_and_loses_none(typed: str, stored: str) -> None:
    assert (checks.line(typed, most=9), checks.prose(typed, most=9)) == (stored, stored)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("\u3000\u3000一\n\u3000\u3000二", "\u3000\u3000一\n\u3000\u3000二"),
        ("    一", "    一"),
        ("\t一", "\t一"),
        (" 一 ", "一"),
        ("\r\n \u3000\n\u3000\u3000一\n\n", "\u3000\u3000一"),
        ("\u200b\u3000一\ufeff\n", "\u3000一"),
        (" \n\u3000", ""),
    ],
)
def test_a_text_keeps_the_indent_of_its_first_line(typed: str, stored: str) -> None:
    assert checks.prose(typed, most=20, required=False) == stored
    assert checks.prose(stored, most=20, required=False) == stored


def test_a_number_is_read_without_invisible_marks() -> None:
    assert checks.number("\u200e１２\u200b", least=1, most=99) == 12


@pytest.mark.parametrize(
    ("starts", "ends", "until"),
    [
        ("09:00", "11:00", "2027-03-04T11:00"),
        ("20:00", "00:00", "2027-03-05T00:00"),
        ("20:00", "24:00", "2027-03-05T00:00"),
        ("09:00", "24:00", "2027-03-05T00:00"),
        ("22:00", "01:00", "2027-03-05T01:00"),
        ("20:00", "07:59", "2027-03-05T07:59"),
        ("00:00", "00:00", "2027-03-05T00:00"),
    ],
)
def test_an_end_may_lie_at_midnight_or_after_it(starts: str, ends: str, until: str) -> None:
    first, last = checks.clock(starts), checks.end_clock(ends)
    assert first is not None
    assert last is not None

    found = checks.end_of(date(2027, 3, 4), first, last, zone=CHINA)

    assert found == datetime.fromisoformat(until).replace(tzinfo=CHINA)


@pytest.mark.parametrize(("starts", "ends"), [("11:00", "09:00"), ("20:00", "08:00"), ("09:00", "09:00")])
def test_an_end_long_before_the_start_is_a_slip(starts: str, ends: str) -> None:
    first, last = checks.clock(starts), checks.end_clock(ends)
    assert first is not None
    assert last is not None

    with pytest.raises(Refused, match="plan.ends_first"):
        checks.end_of(date(2027, 3, 4), first, last, zone=CHINA)


@pytest.mark.parametrize(("day", "starts"), [("2027-03-28", time(1)), ("2027-03-27", time(22))])
def test_an_end_in_a_skipped_hour_is_refused_like_a_start(day: str, starts: time) -> None:
    with pytest.raises(Refused, match="typed.hour_skipped"):
        checks.end_of(date.fromisoformat(day), starts, time(2, 30), zone=BERLIN)


@pytest.mark.parametrize(
    ("zone", "midnight", "first"),
    [
        ("Africa/Cairo", "2027-04-30T00:00", "2027-04-30T01:00+03:00"),
        ("America/Havana", "2027-03-14T00:00", "2027-03-14T01:00-04:00"),
        ("Asia/Shanghai", "2027-03-14T00:00", "2027-03-14T00:00+08:00"),
    ],
)
def test_a_day_ends_also_where_summer_time_skips_midnight(zone: str, midnight: str, first: str) -> None:
    found = checks.moment(midnight, zone=ZoneInfo(zone))

    assert found.isoformat(timespec="minutes") == first


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r", "\r\n"])
def test_every_line_end_of_a_word_processor_ends_a_line(end: str) -> None:
    assert checks.prose(f"第一行{end}第二行", most=20) == "第一行\n第二行"
