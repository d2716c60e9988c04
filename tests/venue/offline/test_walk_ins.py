"""Somebody without a registration at the desk: the rules of everybody but for the deadline and the start."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.people.models import Person
from eventreg.registrations.models import Registration
from eventreg.venue.models import Admission, Scan
from eventreg.venue.offline import conflicts, let_in
from eventreg.venue.offline.models import LetIn, WalkInRequest
from tests.rig import cast, sight
from tests.rig.cast import NOW, Stage

from .desks import a_desk, ends, starts, token_of, walk_in

HOUR = timedelta(hours=1)


def registered(app: Flask) -> dict[str, tuple[str, str]]:
    """State and source of all registrations by staff number."""
    with app.app_context():
        rows = select(Person.staff_no, Registration.state, Registration.source).join(
            Registration, Registration.person_id == Person.id
        )
        found = {number: (state, source) for number, state, source in db.session.execute(rows)}
        db.session.rollback()
    return found


def test_a_free_place_is_given_after_the_deadline_and_the_person_is_admitted(
    app: Flask, stage: Stage
) -> None:
    start = starts(app, stage)
    desk = a_desk(app, stage, now=start)

    [result] = desk.send(walk_in("w1", "A1", start + HOUR / 4), now=start + HOUR / 4)

    assert result["verdict"] == "admitted"
    assert registered(app) == {"A1": ("seated", "door")}
    assert sight.count(app, Admission) == 1
    assert desk.send(walk_in("w1", "A1", start), now=start + HOUR) == [result]
    assert sight.count(app, Scan) == 1


def test_red_names_how_many_wait(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3", "D4"):
        cast.sign_up(app, stage, who)
    start = starts(app, stage)
    desk = a_desk(app, stage, now=start)

    [result, waits] = desk.send(walk_in("w1", "E5", start), walk_in("w2", "D4", start), now=start)

    assert (result["verdict"], result["words"]) == ("refused", "还有 2 人在候补，先轮到他们")
    assert waits["words"] == "已在候补，前面还有 1 人。轮到时由组织者办理"
    assert "E5" not in registered(app)


def test_what_was_asked_before_the_end_is_not_refused_for_the_hour(app: Flask, stage: Stage) -> None:
    start = starts(app, stage)
    desk = a_desk(app, stage, now=start)
    end = ends(app, stage)

    asked, late = desk.send(walk_in("w1", "A1", end - HOUR / 6), walk_in("w2", "B2", end), now=end + HOUR / 2)

    assert (asked["verdict"], late["reason"]) == ("admitted", "walk_in.over")


def test_who_was_let_through_and_is_refused_is_listed_without_a_place(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2"):
        cast.sign_up(app, stage, who)
    start = starts(app, stage)
    desk = a_desk(app, stage, now=start)

    results = desk.send(
        walk_in("w1", "C3", start, let_through=True),
        walk_in("w2", "D4", start),
        walk_in("w3", "nobody", start, let_through=True),
        now=start + HOUR,
    )

    assert [one["reason"] for one in results] == ["walk_in.full", "walk_in.full", "walk_in.unknown"]
    with app.app_context():
        listed = [(one.staff_no, one.shown, one.answered) for one in let_in.list_of(stage.campaign_id)]
        db.session.rollback()
    assert listed == [("C3", "walk_in", "walk_in.full"), ("nobody", "walk_in", "walk_in.unknown")]
    assert sight.count(app, WalkInRequest) == 3


def test_an_entry_that_cannot_be_read_stops_no_other(app: Flask, stage: Stage) -> None:
    desk = a_desk(app, stage)

    results = desk.send(
        {"kind": "dance", "nonce": "x"},
        walk_in("w1", "", NOW),
        walk_in("w2", "A1", NOW),
        {"kind": "release", "nonce": "r", "of": "nothing", "device_at": NOW.isoformat()},
        walk_in("w2", "B2", NOW),
    )

    assert [one["nonce"] for one in results if one["stored"]] == ["w2"]
    assert [one["nonce"] for one in results] == ["x", "w1", "w2", "r", "w2"]
    assert registered(app) == {"A1": ("seated", "door")}


def test_who_was_shown_green_or_let_through_and_is_refused_is_on_the_list(app: Flask, stage: Stage) -> None:
    desk = a_desk(app, stage)
    made = cast.sign_up(app, stage, "A1")
    token = token_of(app, stage, made.id)
    cast.withdraw(app, stage, "A1")

    desk.scan("s1", token, shown="green")
    desk.scan("s2", "x" * 22, shown="amber")
    desk.scan("s3", token, shown="red")
    release: dict[str, object] = {"kind": "release", "nonce": "r", "of": "s2", "device_at": NOW.isoformat()}
    desk.send(release)
    desk.send(release)

    with app.app_context():
        listed = [(one.registration_id, one.shown, one.answered) for one in let_in.list_of(stage.campaign_id)]
        db.session.rollback()
    assert listed == [(made.id, "green", "scan.cancelled"), (None, "amber", "scan.unknown")]
    assert sight.count(app, LetIn) == 2
    assert [len(desk.ask("roster")["conflicts"])] == [2]


def test_a_phone_that_let_somebody_in_before_the_refusal_came_says_so_later(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2"):
        cast.sign_up(app, stage, who)
    start = starts(app, stage)
    desk = a_desk(app, stage, now=start)
    desk.send(walk_in("w1", "C3", start), now=start)

    said = desk.send({"kind": "release", "nonce": "r", "of": "w1", "device_at": start.isoformat()}, now=start)

    assert said[0]["stored"]
    with app.app_context():
        listed = [(one.staff_no, one.at) for one in let_in.list_of(stage.campaign_id)]
        db.session.rollback()
    assert listed == [("C3", start)]


def test_who_was_read_before_and_let_in_is_recorded(app: Flask, stage: Stage) -> None:
    token = token_of(app, stage, cast.sign_up(app, stage, "A1").id)
    desk = a_desk(app, stage)
    desk.scan("s1", token)
    desk.scan("s2", token)
    desk.send({"kind": "release", "nonce": "r", "of": "s2", "device_at": NOW.isoformat()})

    with app.app_context():
        listed = [(one.kind, one.staff_no) for one in conflicts.list_of(stage.campaign_id)]
        db.session.rollback()
    assert listed == [("released", "A1")]
    assert sight.count(app, LetIn) == 0
