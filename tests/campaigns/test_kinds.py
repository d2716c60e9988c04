"""Kinds of activity: bounds of their parameters, and what they decide."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from eventreg.campaigns.kinds import (
    ActivityKind,
    Contest,
    Forum,
    Hike,
    OneOf,
    kind_of,
    list_kinds,
    parameters_of,
)
from eventreg.campaigns.kinds.contest import places
from eventreg.campaigns.kinds.hike import is_late
from eventreg.core.errors import Refused
from eventreg.core.msgids import N_, Sentence
from eventreg.words.kind_words import translated
from eventreg.words.locale import speaking


def test_the_plans_hike_and_contest_are_the_defaults() -> None:
    assert parameters_of("hike", {}) == Hike(distance_m=1500, limit_min=30)
    assert parameters_of("contest", {}) == Contest(teams=10, team_size=3, limit_min=30, performs="either")


def test_ten_teams_of_three_are_the_thirty_places() -> None:
    assert places(Contest()) == 30


@pytest.mark.parametrize(("seconds", "late"), [(1799, False), (1800, False), (1800.9, False), (1801, True)])
def test_exactly_thirty_minutes_is_in_time(seconds: float, late: bool) -> None:
    assert is_late(Hike(), timedelta(seconds=seconds)) is late


@pytest.mark.parametrize(
    ("kind", "stored", "code"),
    [
        ("swim", {}, "kind.unknown"),
        ("hike", {"speed": 3}, "kind.parameter_unknown"),
        ("hike", {"limit_min": 0}, "kind.out_of_bounds"),
        ("hike", {"distance_m": True}, "kind.out_of_bounds"),
        ("contest", {"performs": "nobody"}, "kind.out_of_bounds"),
        ("contest", {"performs": ["either"]}, "kind.out_of_bounds"),
        ("contest", {"teams": "10"}, "kind.out_of_bounds"),
    ],
)
def test_parameters_out_of_bounds_are_refused(kind: str, stored: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        parameters_of(kind, stored)


HAN = re.compile(r"[一-鿿]")
ALL_KINDS = pytest.mark.parametrize("kind", list_kinds(), ids=[kind.code for kind in list_kinds()])


def texts_of(kind: ActivityKind[Any]) -> list[str | Sentence | None]:
    """Everything that pages show of a kind."""
    limits = kind.limits.values()
    words = [words for it in limits if isinstance(it, OneOf) for words in it.choices.values()]
    units = [it.unit for it in limits if not isinstance(it, OneOf)]
    blank = [kind.blank.title, kind.blank.text] if kind.blank else []
    rule = [kind.rule(kind.parameters())] if kind.limits else []
    return [kind.name, *rule, *(it.label for it in limits), *words, *units, *blank]


@ALL_KINDS
def test_everything_shown_of_a_kind_has_words_in_both_languages(
    sqlite_app: Flask, kind: ActivityKind[Any]
) -> None:
    with sqlite_app.app_context(), speaking("zh-CN"):
        chinese = [translated(text) for text in texts_of(kind)]
    with sqlite_app.app_context(), speaking("en"):
        english = [translated(text) for text in texts_of(kind)]

    assert [text for text in chinese if not HAN.search(text)] == []
    assert [text for text in english if not text or HAN.search(text)] == []


@ALL_KINDS
def test_each_choice_of_a_kind_has_its_rule(kind: ActivityKind[Any]) -> None:
    """A rule looks its words up by code: none is missing, whatever is chosen."""
    chosen = [
        {name: code}
        for name, limits in kind.limits.items()
        if isinstance(limits, OneOf)
        for code in limits.choices
    ]

    assert [stored for stored in chosen if kind.rule(parameters_of(kind.code, stored)) is None] == []


@ALL_KINDS
def test_a_kind_is_what_its_code_finds_and_its_defaults_are_in_bounds(kind: ActivityKind[Any]) -> None:
    assert kind_of(kind.code) is kind
    assert parameters_of(kind.code, {}) == kind.parameters()


def test_no_two_kinds_share_a_code() -> None:
    codes = [kind.code for kind in list_kinds()]

    assert sorted(set(codes)) == sorted(codes)


def test_a_forum_that_asks_for_nobody_says_nothing() -> None:
    assert kind_of("forum").rule(Forum(women_per_team=0)) is None
    assert kind_of("forum").rule(Forum(women_per_team=3)) == Sentence(
        "每个班组至少 %(n)s 名女职工参加。", {"n": 3}
    )


def test_a_marked_message_id_is_translated_where_it_is_shown(sqlite_app: Flask) -> None:
    with sqlite_app.app_context(), speaking("en"):
        said = [translated(text) for text in (None, N_("徒步"), Sentence("米"))]

    assert said == ["", "Hike", "metres"]
