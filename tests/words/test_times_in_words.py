"""Dates in words, as the copy rules ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from eventreg.words import locale, times, zones
from eventreg.words.locale import speaking

CHINA = ZoneInfo("Asia/Shanghai")
NINE = datetime(2027, 3, 4, 9, 0, tzinfo=CHINA)
MIDNIGHT = datetime(2027, 2, 27, 0, 0, tzinfo=CHINA)


def said(app: Flask, language: str) -> list[str]:
    with app.app_context(), speaking(language):
        return [
            times.day(NINE),
            times.moment(NINE),
            times.deadline(MIDNIGHT),
            times.deadline(NINE),
            times.start(NINE, time_known=False),
            times.date_full(date(2027, 6, 30)),
            times.ordinal(3),
        ]


def test_chinese_dates_follow_the_copy_rules(sqlite_app: Flask) -> None:
    assert said(sqlite_app, "zh-CN") == [
        "3月4日(周四)",
        "3月4日(周四) 09:00",
        "2月26日(周五) 24:00",
        "3月4日(周四) 09:00",
        "3月4日(周四)，时间另行通知",
        "2027年6月30日",
        "3",
    ]


def test_english_dates_follow_the_copy_rules(sqlite_app: Flask) -> None:
    assert said(sqlite_app, "en") == [
        "Thu 4 March",
        "Thu 4 March, 09:00",
        "Fri 26 February, 24:00 (China time)",
        "Thu 4 March, 09:00 (China time)",
        "Thu 4 March, time to be announced",
        "30 June 2027",
        "3rd",
    ]


NEW_YORK = ZoneInfo("America/New_York")
FIRST = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)  # summer time ends at 02:00


@pytest.mark.parametrize(
    ("at", "chinese", "english"),
    [
        (FIRST, "11月1日(周日) 01:30（这个钟点当天有两次，指前一次） (北美东部夏令时间)", "first) (Eastern Daylight Time)"),
        (FIRST.replace(fold=1), "01:30（这个钟点当天有两次，指后一次） (北美东部标准时间)", "second) (Eastern Standard Time)"),
        (FIRST.replace(hour=3), "11月1日(周日) 03:30 (北美东部标准时间)", "Sun 1 November, 03:30 (Eastern Standard Time)"),
        (FIRST.replace(month=3, day=8, hour=2), "02:30 (北美东部", "02:30 (Eastern"),  # does not come at all
        (datetime(2026, 4, 5, 1, 45, tzinfo=ZoneInfo("Australia/Lord_Howe")), "指前一次） (豪勋爵岛夏令时间)", "first) (Lord Howe Daylight Time)"),
        (NINE.replace(tzinfo=ZoneInfo("Asia/Hong_Kong")), "3月4日(周四) 09:00", "Thu 4 March, 09:00 (Hong Kong Standard Time)"),
        (NINE, "3月4日(周四) 09:00", "Thu 4 March, 09:00 (China time)"),
    ],
    ids=str,
)  # fmt: skip
def test_a_deadline_says_its_zone_where_it_is_not_the_readers_and_which_of_two_hours(
    sqlite_app: Flask, at: datetime, chinese: str, english: str
) -> None:
    with sqlite_app.app_context():
        with speaking("zh-CN"):
            assert chinese in times.deadline(at)
        with speaking("en"):
            assert english in times.deadline(at)


def test_a_moment_elsewhere_says_its_zone(sqlite_app: Flask) -> None:
    with sqlite_app.app_context(), speaking("zh-CN"):
        told = [times.moment(NINE), times.moment(NINE.astimezone(NEW_YORK))]

    assert told == ["3月4日(周四) 09:00", "3月3日(周三) 20:00 (北美东部标准时间)"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,en;q=.5", "zh-CN"),
        ("en-GB,en;q=.9", "en"),
        ("zh-TW", "zh-CN"),
        ("fr", "zh-CN"),
        ("", "zh-CN"),
        ("zh,en;q=.8", "zh-CN"),
        ("zh-Hans-CN,zh-Hans;q=0.8,en-US;q=0.5,en;q=0.3", "zh-CN"),
        ("zh-HK,en", "zh-CN"),
        ("zh-SG,en", "zh-CN"),
        ("zh-Hant-HK,en", "zh-CN"),
        ("zh_CN,en", "zh-CN"),
        ("yue-Hant-HK,en;q=0.8", "zh-CN"),
        ("cmn-Hans-CN,en;q=0.8", "zh-CN"),
        ("fr,zh-TW;q=0.5,en;q=0.4", "zh-CN"),
        ("en-GB,zh-CN;q=0.9", "en"),
        ("EN-us,zh;q=0.9", "en"),
        ("zh;q=0,en;q=0.5", "en"),
        ("fr,en;q=0.1", "en"),
        ("*,en;q=0.5", "en"),
    ],
)
def test_a_browser_that_reads_chinese_gets_chinese(sqlite_app: Flask, header: str, language: str) -> None:
    headers = {"Accept-Language": header} if header else {}
    page = sqlite_app.test_client().get("/", headers=headers)

    assert f'<html lang="{language}">' in page.text


def test_a_wish_beats_the_browser() -> None:
    assert locale.choose("en", "zh-CN") == "en"
    assert locale.choose("klingon", None) == "zh-CN"


def test_a_zone_without_a_common_name_is_named_in_full(sqlite_app: Flask) -> None:
    with sqlite_app.app_context(), speaking("en"):
        assert zones.zone_name(datetime(2027, 3, 4, tzinfo=UTC)) == "UTC"


def test_a_day_from_a_form_is_read_in_full_and_anything_else_as_typed(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        assert [times.date_typed(typed) for typed in ("2027-02-10", "二月", "")] == [
            "2027年2月10日",
            "二月",
            "",
        ]


TELLERS = (times.day, times.clock, times.moment, times.moment_full, times.deadline, times.date_full)


@pytest.mark.parametrize("tell", TELLERS)
def test_an_instant_out_of_the_database_is_told_in_the_installations_zone(
    sqlite_app: Flask, tell: Callable[[Any], str]
) -> None:
    stored = datetime(2027, 3, 4, 16, 21, tzinfo=UTC)
    with sqlite_app.app_context():
        assert tell(stored) == tell(stored.astimezone(ZoneInfo("Asia/Shanghai")))
        assert tell(stored) != tell(stored.replace(tzinfo=ZoneInfo("Asia/Shanghai")))
