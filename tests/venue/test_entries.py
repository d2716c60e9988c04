"""Each entry of a phone's batch is answered for its own nonce; one of another device or check point is not counted here."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from eventreg.core.clock import utc_now
from eventreg.venue.models import Admission, Scan
from eventreg.venue.rules import WRONG_CODES_AN_HOUR
from tests.rig import sight
from tests.rig.cast import Stage

from .test_desk_requests import Desk, a_desk, invite, pair, stage, ticket

__all__ = ["stage"]  # the fixture: C3 organises, everybody has a place


def entry(nonce: object, text: object = "x", **more: object) -> dict[str, Any]:
    """An entry as a phone keeps it; without `more` it names no post, as on pages of an older version."""
    return {"nonce": nonce, "text": text, "scanned_at": utc_now().isoformat()} | more


def send(desk: Desk, *entries: object) -> TestResponse:
    """Send a batch."""
    return desk.ask("POST", "scans", json={"scans": entries})


def told(answer: TestResponse) -> list[tuple[object, str, str | None, bool]]:
    """(nonce, verdict, reason, stored) of each result."""
    return [(r["nonce"], r["verdict"], r["reason"], r["stored"]) for r in answer.get_json()["results"]]


@pytest.mark.parametrize(
    ("bad", "nonce"),
    [
        (1, None),
        (None, None),
        ([], None),
        ({}, None),
        (entry(7), None),
        (entry(""), ""),
        (entry("a b"), "a b"),
        (entry("a\x00"), "a\x00"),
        (entry("a" * 65), "a" * 65),
        (entry("a" * 1_000), None),
        (entry("a", 1), "a"),
        (entry("a", scanned_at="soon"), "a"),
        (entry("a", scanned_at="2027-03-04T09:00:00"), "a"),
        (entry("a", scanned_at="0001-01-01T00:00:00+14:00"), "a"),
        (entry("a", scanned_at="9999-12-31T23:59:59Z"), "a"),  # no page in Shanghai could show it
        (entry("a", scanned_at="0001-01-01T00:00:00Z"), "a"),
        (entry("a", scanned_at=None), "a"),
    ],
)
def test_a_malformed_entry_at_the_head_stops_nothing(
    app: Flask, stage: Stage, bad: object, nonce: str | None
) -> None:
    desk, text = a_desk(app, stage), ticket(app, stage, "A1")

    answer = send(desk, bad, entry("good", text))

    assert answer.status_code == 200
    assert told(answer) == [
        (nonce, "refused", "scan.entry_form", False),
        ("good", "admitted", None, True),
    ]
    assert answer.get_json()["results"][0]["words"] == "这条扫码记录写得不对，没有收下"
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (1, 1)


def test_a_phone_knows_what_it_is_paired_for(app: Flask, stage: Stage) -> None:
    said = pair(app, invite(app, stage)).get_json()
    state = Desk(app, said["token"]).ask("GET", "state").get_json()

    named = {"device": 1, "slug": "outing", "door": "东门", "check_point": "door", "check_point_name": "入场"}
    assert {name: said[name] for name in named} == named
    assert {name: state[name] for name in (*named, "paired_at")} == {
        name: said[name] for name in (*named, "paired_at")
    }


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"device": 2}, "scan.other_device"),
        ({"device": "1"}, "scan.other_device"),
        ({"check_point": "finish"}, "scan.other_post"),
        ({"check_point": 7}, "scan.other_post"),
        ({"campaign": "other"}, "scan.other_post"),
    ],
)
def test_what_was_scanned_at_another_post_is_not_counted_here(
    app: Flask, stage: Stage, other: dict[str, object], reason: str
) -> None:
    desk, anna, bo = a_desk(app, stage), ticket(app, stage, "A1"), ticket(app, stage, "B2")
    here = {"device": 1, "check_point": "door", "campaign": "outing"}

    answer = send(desk, entry("1", anna, **(here | other)), entry("2", bo, **here))

    assert told(answer) == [("1", "refused", reason, False), ("2", "admitted", None, True)]
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (1, 1)


def test_an_entry_of_an_older_page_names_no_post_and_is_taken(app: Flask, stage: Stage) -> None:
    desk, text = a_desk(app, stage), ticket(app, stage, "A1")

    assert told(send(desk, entry("1", text))) == [("1", "admitted", None, True)]


def test_a_nonce_used_again_is_red_in_words_and_not_stored(app: Flask, stage: Stage) -> None:
    desk, anna, bo = a_desk(app, stage), ticket(app, stage, "A1"), ticket(app, stage, "B2")

    answer = send(desk, entry("1", anna), entry("1", bo), entry("2", bo))

    assert told(answer) == [
        ("1", "admitted", None, True),
        ("1", "refused", "scan.nonce_reused", False),
        ("2", "admitted", None, True),
    ]
    again = answer.get_json()["results"][1]
    assert (again["name"], again["words"]) == ("", "这个编号已经用于另一次扫码，这一次没有记上，请再扫一次")


@pytest.mark.parametrize(
    ("text", "typed", "reason", "words"),
    [
        ("K7", True, "scan.code_short", "票号是 8 位，这里只有 2 位。请补全再输一次"),
        ("k7", None, "scan.code_short", "票号是 8 位，这里只有 2 位。请补全再输一次"),
        ("７K3M-X9Q", True, "scan.code_short", "票号是 8 位，这里只有 7 位。请补全再输一次"),
        ("7K3M-X9QF-2", True, "scan.code_long", "票号是 8 位，这里有 9 位。请去掉多的再输一次"),
        ("7K3M U9QU", True, "scan.code_letters", "票号里不会有“U”，请核对再输一次"),
        ("7K3M-X9Q票", True, "scan.code_letters", "票号里不会有“票”，请核对再输一次"),
        ("7K3M-X9QF", True, "scan.unknown_code", "没有这个票号。请核对 8 位字符再输一次，或者扫二维码"),
        ("K7", False, "scan.unknown", "没有这张票。请核对姓名，或者找组织者"),
        ("x" * 22, True, "scan.unknown", "没有这张票。请核对姓名，或者找组织者"),
        ("http://localhost/t/K7", True, "scan.unknown", "没有这张票。请核对姓名，或者找组织者"),
        ("-", True, "scan.unknown", "没有这张票。请核对姓名，或者找组织者"),
    ],
)
def test_a_typed_code_that_can_be_none_says_why(
    app: Flask, stage: Stage, text: str, typed: bool | None, reason: str, words: str
) -> None:
    how = {} if typed is None else {"typed": typed}

    [result] = send(a_desk(app, stage), entry("1", text, **how)).get_json()["results"]

    assert (result["reason"], result["words"]) == (reason, words)
    assert result["stored"]


def test_a_code_that_can_be_none_is_no_guess(app: Flask, stage: Stage) -> None:
    """Sixty wrong codes an hour are guessing; slips of the finger are not."""
    desk = a_desk(app, stage)
    send(desk, *(entry(f"slip{n}", "7K3M", typed=True) for n in range(WRONG_CODES_AN_HOUR)))

    [result] = send(desk, entry("1", "7K3M-X9QF", typed=True)).get_json()["results"]

    assert result["reason"] == "scan.unknown_code"
