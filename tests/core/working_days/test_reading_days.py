"""Days off are read as they are typed and as the State Council words them; the rest is named."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventreg.core.working_days.reading import as_lines, read_days
from eventreg.core.working_days.service import year_facts

NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2025年11月4日
"""


def test_the_notice_of_2026_gives_the_days_that_come_with_the_product(app: Flask) -> None:
    read = read_days(NOTICE_2026, year=2026)
    with app.app_context():
        known = year_facts(2026).days

    assert {(d.day, d.works) for d in read.days} == {(d.day, d.works) for d in known}
    assert read.unread == ()


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-06 休 春节",
        "2027/2/6 休 春节",
        "2027年2月6日，休，春节",
        "2月6日 放假 春节",
        "2027-02-06 off 春节",
        "春节：2月6日（周六）放假。",
        "一、春节: 2月6日(周六)放假，共1天。",
    ],
)
def test_one_day_in_many_forms(line: str) -> None:
    read = read_days(line, year=2027)

    assert [(d.day, d.works, d.name) for d in read.days] == [(date(2027, 2, 6), False, "春节")]
    assert read.unread == ()


def test_a_range_over_the_end_of_a_month() -> None:
    read = read_days("国庆节：9月30日至10月2日放假调休，共3天", year=2027)

    assert [d.day.isoformat() for d in read.days] == ["2027-09-30", "2027-10-01", "2027-10-02"]


@pytest.mark.parametrize(
    "line",
    [
        "2026-02-06 休 春节",
        "2月30日 休",
        "二月六日放假",
        "休",
        "2月9日至6日放假",
        "1月1日至12月31日放假",
        "6日放假",
    ],
)
def test_what_is_no_day_of_the_year_is_named_and_not_guessed(line: str) -> None:
    read = read_days(line, year=2027)

    assert read.days == ()
    assert len(read.unread) == 1


def test_what_is_shown_reads_the_same() -> None:
    read = read_days(NOTICE_2026, year=2026)

    assert read_days(as_lines(read.days), year=2026).days == read.days
