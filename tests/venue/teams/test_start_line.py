"""At the start line: somebody whom nobody has seen goes, and the next who stands there comes, in one transaction."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.rules import PoolScope
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.venue.offline.models import LetIn
from eventreg.venue.teams import start_line
from eventreg.venue.teams.forming import Among
from eventreg.venue.teams.start_line import StoodIn
from tests.registrations.by_hand import hands
from tests.rig import cast, sight
from tests.rig.cast import DAY, Stage
from tests.rig.plans import HOUR
from tests.venue.offline.desks import a_desk, starts, walk_in
from tests.venue.teams import kites
from tests.venue.test_presence import at_nine
from tests.venue.test_scans import a_device


def stand_in(
    app: Flask, stage: Stage, absent: str | None, *standing: str, now: datetime = kites.MORNING
) -> StoodIn:
    gone = kites.registration(app, stage, absent) if absent else None
    ids = [kites.registration(app, stage, who) for who in standing]
    return kites.do(
        app, stage, lambda actor: start_line.stand_in(stage.campaign_id, gone, ids, actor=actor), now=now
    )


def test_twenty_nine_who_are_here_and_a_substitute_are_ten_teams(app: Flask) -> None:
    stage = kites.outing(app, 33)
    kites.come(app, stage, kites.names(29))
    kites.form(app, stage, among=Among.PRESENT)
    assert (kites.teams(app).full, kites.over(app), kites.teams(app).missing) == (9, ["X0028", "X0029"], 1)

    stand_in(app, stage, "X0030", "X0032")

    assert kites.states(app, "X0030", "X0031", "X0032") == ["withdrawn", "waiting", "seated"]
    assert (kites.teams(app).full, kites.over(app), kites.teams(app).missing) == (10, [], 0)
    assert {kites.numbers(app)[who] for who in ("X0028", "X0029", "X0032")} == {10}
    assert sight.drift(app) == []


def test_a_substitute_takes_the_place_in_the_team(app: Flask) -> None:
    stage = kites.outing(app, 31)
    kites.form(app, stage, among=Among.SEATED)
    team = kites.numbers(app)["X0007"]
    kites.come(app, stage, [who for who in kites.names(30) if who != "X0007"])

    stand_in(app, stage, "X0007", "X0031")

    assert (kites.numbers(app)["X0031"], kites.teams(app).full) == (team, 10)


def test_the_reason_is_public_and_both_are_told(app: Flask) -> None:
    stage = kites.outing(app, 3, places=2)
    kites.come(app, stage, ["X0001"])

    stand_in(app, stage, "X0002", "X0003")

    assert hands.acts(app) == [("take_out", "absent", None)]
    kinds = [kind for kind, _state in sight.letters(app)]
    assert kinds[-2:] == ["registration_withdrawn", "registration_promoted"]
    assert sight.audit_actions(app, "registration.")[-2:] == [
        "registration.withdrawn",
        "registration.stood_in",
    ]


def test_whoever_is_passed_over_keeps_the_number_and_is_recorded(app: Flask) -> None:
    stage = kites.outing(app, 5, places=2)
    kites.come(app, stage, ["X0001"])
    before = sight.arrivals(app, stage.campaign_id)

    done = stand_in(app, stage, "X0002", "X0004")

    assert done.passed_over == (kites.registration(app, stage, "X0003"),)
    assert kites.states(app, "X0003", "X0004", "X0005") == ["waiting", "seated", "waiting"]
    assert [arrival for arrival, _state in sight.arrivals(app, stage.campaign_id)] == [n for n, _s in before]
    assert sight.audit_actions(app, "registration.passed_over") == ["registration.passed_over"]


def test_of_several_who_stand_there_the_first_of_the_line_comes(app: Flask) -> None:
    stage = kites.outing(app, 5, places=2)
    kites.come(app, stage, ["X0001"])

    stand_in(app, stage, "X0002", "X0005", "X0004")

    assert kites.states(app, "X0003", "X0004", "X0005") == ["waiting", "seated", "waiting"]


def test_no_pool_is_exceeded(app: Flask) -> None:
    """Of two places one is for men at most, and a man has it: the man in front is passed over, the woman comes."""
    stage = cast.set_stage(app, capacity=2, extra=2)
    hands.bound(app, stage, 2, NewPool(PoolScope.GENDER, 1, gender="male"))
    hands.queue(app, stage, "B2", "A1", "D4", "C3")
    kites.come(app, stage, ["B2"])

    stand_in(app, stage, "A1", "D4", "C3")

    assert sight.places(app) == {"B2": "seated", "A1": "withdrawn", "D4": "waiting", "C3": "seated"}
    assert [taken for *_pool, taken in hands.pools(app, stage)] == [2, 1]
    assert sight.drift(app) == []


def test_nobody_who_was_seen_is_taken_out(app: Flask) -> None:
    stage = kites.outing(app, 3, places=2)
    kites.come(app, stage, ["X0001", "X0002"])

    with pytest.raises(Refused, match="start_line.seen") as refused:
        stand_in(app, stage, "X0002", "X0003")

    assert refused.value.facts["at"] == kites.MORNING
    assert kites.states(app, "X0002", "X0003") == ["seated", "waiting"]


def test_nobody_whom_a_phone_let_through_is_taken_out(app: Flask) -> None:
    """The server refused the scan, because the phone's clock is wrong; the person is there all the same."""
    stage = kites.outing(app, 3, places=2)
    kites.come(app, stage, ["X0001"])
    device = a_device(app, stage)
    let_through = LetIn(
        device_id=device.device_id, nonce="n1", campaign_id=stage.campaign_id, check_point="door",
        registration_id=kites.registration(app, stage, "X0002"), at=kites.MORNING, shown="green", answered="scan.clock",
    )  # fmt: skip
    with app.app_context(), unit_of_work():
        db.session.add(let_through)

    with pytest.raises(Refused, match="start_line.seen"):
        stand_in(app, stage, "X0002", "X0003")

    with app.app_context():
        assert start_line.list_unseen(campaigns.get_campaign("outing")) == []


def test_when_none_of_them_can_have_a_place_nothing_is_done(app: Flask) -> None:
    stage = cast.set_stage(app, capacity=2, extra=2)
    hands.bound(app, stage, 2, NewPool(PoolScope.GENDER, 1, gender="male"))
    hands.queue(app, stage, "B2", "A1", "D4")
    kites.come(app, stage, ["B2"])

    with pytest.raises(Refused, match="start_line.no_place"):
        stand_in(app, stage, "A1", "D4")

    assert sight.places(app) == {"B2": "seated", "A1": "seated", "D4": "waiting"}
    assert hands.acts(app) == []


def test_a_place_that_is_free_after_the_beginning_goes_to_whoever_stands_there(app: Flask) -> None:
    """At ten nobody moves up any more, and an organiser takes somebody out: the place stays free until then."""
    stage = kites.outing(app, 4, places=2)
    at_nine(app)
    kites.come(app, stage, ["X0001"])
    hands.take_out(app, stage, "X0002", now=DAY + 10 * HOUR)
    assert kites.states(app, "X0003", "X0004") == ["waiting", "waiting"]

    done = stand_in(app, stage, None, "X0004", now=DAY + 10.5 * HOUR)

    assert (done.taken_out, kites.states(app, "X0003", "X0004")) == (None, ["waiting", "seated"])
    with pytest.raises(Refused, match="start_line.no_place"):
        stand_in(app, stage, None, "X0003", now=DAY + 10.5 * HOUR)


def test_pressed_twice_it_happens_once(app: Flask) -> None:
    stage = kites.outing(app, 4, places=2)
    kites.come(app, stage, ["X0001"])
    gone = kites.registration(app, stage, "X0002")
    ids = [kites.registration(app, stage, who) for who in ("X0003", "X0004")]

    kites.do(app, stage, lambda actor: start_line.stand_in(stage.campaign_id, gone, ids, actor=actor))
    with pytest.raises(Refused, match="start_line.gone"):
        kites.do(app, stage, lambda actor: start_line.stand_in(stage.campaign_id, gone, ids, actor=actor))

    assert kites.states(app, "X0003", "X0004") == ["seated", "waiting"]


def test_what_cannot_be_is_refused(app: Flask) -> None:
    stage = kites.outing(app, 3, places=2)
    other = kites.registration(app, stage, "X0003")

    with pytest.raises(Refused, match="start_line.nobody_ticked"):
        stand_in(app, stage, "X0001")
    with pytest.raises(Refused, match="start_line.over"):
        stand_in(app, stage, "X0001", "X0003", now=DAY + 24 * HOUR)
    with pytest.raises(NotFound):
        kites.do(
            app, stage, lambda actor: start_line.stand_in(stage.campaign_id, 10**6, [other], actor=actor)
        )


def test_whoever_is_taken_out_and_comes_after_all_is_a_walk_in(app: Flask) -> None:
    """Their place is somebody else's now; once one is free, the desk registers them."""
    stage = kites.outing(app, 3, places=2)
    start = starts(app, stage)
    desk = a_desk(app, stage, now=start)
    kites.come(app, stage, ["X0001"], at=start)
    stand_in(app, stage, "X0002", "X0003", now=start)
    later = start + HOUR / 4

    [full] = desk.send(walk_in("w1", "X0002", later), now=later)
    hands.take_out(app, stage, "X0003", now=later)
    [admitted] = desk.send(walk_in("w2", "X0002", later), now=later)

    assert (full["verdict"], admitted["verdict"]) == ("refused", "admitted")
    assert sight.drift(app) == []


def test_whoever_is_taken_out_and_comes_after_all_has_a_void_ticket(app: Flask) -> None:
    stage = kites.outing(app, 3, places=2)
    kites.come(app, stage, ["X0001"])
    token = kites.token(app, stage, "X0002")

    stand_in(app, stage, "X0002", "X0003")

    assert kites.scan(app, stage, token, at=kites.MORNING + HOUR) == ("refused", "scan.cancelled")
