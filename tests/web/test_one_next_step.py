"""The home page has one filled button, and places are drawn in whole columns."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string

from eventreg.web.app.pages import rows_of_places

PAGE = "{% from 'ui/programme.html' import programme with context %}{{ programme(events) }}"
SOON = datetime(2027, 3, 4, 1, tzinfo=UTC)


def event(slug: str, **facts: object) -> SimpleNamespace:
    """An open event with places, but for what is said."""
    rest = dict.fromkeys(
        ("called_off", "closed", "closed_early", "upcoming", "not_for_you", "waits", "mine", "tentative")
    )
    rest |= {
        "prospect": SimpleNamespace(narrowed=False, free=3),
        "free": 3,
        "capacity": 9,
        "taken": 6,
        "waiting": 0,
    }
    rest |= {
        "accepts": "registrations",
        "title": slug,
        "intro": "",
        "lang": "zh-CN",
        "starts_at": SOON,
        "closes_at": SOON,
    }
    return SimpleNamespace(slug=slug, time_known=True, form_url=f"/{slug}", **(rest | facts))


FULL = {"waits": True, "free": 0}
ASKED = {"mine": SimpleNamespace(asks="请在 3月1日 前确认", state="seated", confirm_url="/asked")}
NOMINATED = {"accepts": "nominations"}


@pytest.mark.parametrize(
    ("events", "filled"),
    [
        ([event("full", **FULL), event("open")], ["/open"]),
        ([event("full", **FULL), event("also-full", **FULL)], ["/full"]),
        ([event("open"), event("asked", **ASKED)], ["/asked"]),
        ([event("award", **NOMINATED), event("open"), event("second")], ["/open"]),
        ([event("award", **NOMINATED), event("shut", closed=True)], []),
    ],
)
def test_the_filled_button_is_the_clearest_next_step(
    sqlite_app: Flask, events: list[SimpleNamespace], filled: list[str]
) -> None:
    with sqlite_app.test_request_context("/"):
        page = render_template_string(PAGE, events=events, page_lang="zh-CN")

    assert re.findall(r'btn-primary[^"]*" href="([^"]+)"', page) == filled


@pytest.mark.parametrize(
    ("places", "rows"),
    [
        (1, 1),
        (7, 1),
        (10, 1),
        (12, 2),
        (15, 3),
        (20, 2),
        (24, 3),
        (30, 3),
        (40, 4),
        (50, 5),
        (60, 3),
        (23, 3),
    ],
)
def test_places_stand_in_whole_columns_where_that_can_be(places: int, rows: int) -> None:
    assert rows_of_places(places) == rows
