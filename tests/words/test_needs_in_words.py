"""What needs attention, as it is read: an hour that is not settled is not said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from eventreg.words import plan_words

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("code", "at", "said"),
    [
        ("tentative_soon", (2027, 3, 4), "定在 3月4日(周四) 的项目还没有确定。"),
        ("tentative_soon", (2027, 3, 4, 9, 30), "定在 3月4日(周四) 09:30 的项目还没有确定。"),
        ("no_device", (2027, 3, 4), "3月4日(周四) 开始，"),
        ("closes_soon", (2027, 2, 27), "2月26日(周五) 24:00 截止。"),
        ("nominations_close_soon", (2027, 2, 27), "2月26日(周五) 24:00 截止。"),
    ],
)
def test_a_matter_names_its_hour_where_there_is_one(
    app: Flask, code: str, at: tuple[int, int, int], said: str
) -> None:
    with app.test_request_context():
        text = plan_words.need(code, datetime(*at, tzinfo=ZONE), 0)[1]

    assert text[: len(said)] == said
