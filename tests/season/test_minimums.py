"""The minimum per unit: who is short, by places and by presence; exemptions; one letter a day to the contacts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.season import minimums
from eventreg.season.minimums import Nudged
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import DAY, NOW, Stage
from tests.rig.mailbox import newest
from tests.venue.test_beginning import scanned

from .forum import LINES, METERS, SERVICE, contact, set_forum, unit

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def stage(app: Flask) -> Stage:
    return set_forum(app, cast.set_stage(app))


def board(app: Flask, stage: Stage, *, present: bool = False) -> dict[str, tuple[str, int, int]]:
    """Path → (standing, counted, missing)."""
    with app.app_context():
        found = minimums.board(campaign_by_id(stage.campaign_id), present=present)
    return {one.path: (str(one.need.standing), one.need.counted, one.need.missing) for one in found.lines}


def nudge(app: Flask, stage: Stage, now: object = NOW) -> Nudged:
    with app.app_context(), unit_of_work():
        return minimums.nudge(stage.campaign_id, actor=acting(stage.people["F6"], now))  # type: ignore[arg-type]


def exempt(app: Flask, stage: Stage, path: str, reason: str = "都在外面抢修") -> None:
    unit_id = unit(app, path)
    with app.app_context(), unit_of_work():
        actor = acting(stage.people["F6"], NOW)
        minimums.exempt_unit(stage.campaign_id, unit_id, reason, actor=actor)


def test_no_unit_is_asked_for_more_women_than_it_has(app: Flask, stage: Stage) -> None:
    sight.correct(app, stage.people["B2"], gender="female")
    sight.correct(app, stage.people["E5"], gender="male")

    cast.sign_up(app, stage, "A1")

    assert board(app, stage) == {
        "营销部 客户服务班": ("short", 1, 1),
        "营销部 抄核收班": ("short", 0, 1),
        "城关供电所 运维一班": ("nobody", 0, 0),
    }
    cast.sign_up(app, stage, "C3")
    assert board(app, stage)["营销部 抄核收班"] == ("complete", 1, 0)


def test_men_who_wait_or_left_do_not_count(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "E5"):
        cast.sign_up(app, stage, who)
    cast.withdraw(app, stage, "E5")

    assert board(app, stage)["城关供电所 运维一班"] == ("short", 0, 1)
    assert board(app, stage)["营销部 客户服务班"] == ("complete", 1, 0)


def test_the_same_board_by_those_who_came(app: Flask, stage: Stage) -> None:
    for who in ("A1", "C3"):
        cast.sign_up(app, stage, who)
    scanned(app, stage, "A1", "door", at=DAY + timedelta(hours=8))

    here = board(app, stage, present=True)

    assert here["营销部 客户服务班"] == ("complete", 1, 0)
    assert here["营销部 抄核收班"] == ("short", 0, 1)


def test_an_exempted_unit_is_missing_nobody_until_the_exemption_ends(app: Flask, stage: Stage) -> None:
    exempt(app, stage, LINES)
    assert board(app, stage)["城关供电所 运维一班"] == ("exempt", 0, 0)

    unit_id = unit(app, LINES)
    for _ in range(2):
        with app.app_context(), unit_of_work():
            actor = acting(stage.people["F6"], NOW)
            minimums.end_exemption(stage.campaign_id, unit_id, actor=actor)

    assert board(app, stage)["城关供电所 运维一班"] == ("short", 0, 1)
    assert sight.audit_actions(app, "campaign.exempt") == [
        "campaign.exempted", "campaign.exemption_ended",
    ]  # fmt: skip


def test_only_a_unit_of_the_board_is_exempted(app: Flask, stage: Stage) -> None:
    with pytest.raises(NotFound):
        exempt(app, stage, "营销部")


def test_a_campaign_without_a_minimum_has_no_board(app: Flask, stage: Stage) -> None:
    outing = cast.find_stage(app)

    assert board(app, outing) == {}


def test_the_contacts_of_short_units_get_one_letter_a_day(app: Flask, stage: Stage) -> None:
    contact(app, stage, "F6", "城关供电所")
    contact(app, stage, "A1", SERVICE)
    contact(app, stage, "D4", "营销部")  # has no mailbox, and cares for the other team too
    cast.sign_up(app, stage, "A1")

    first = nudge(app, stage)

    assert first == Nudged(1, ("邓力",), ())
    told = newest(app, "unit_short", now=NOW)
    assert told is not None
    assert dict(told.facts)["城关供电所 运维一班"] == "还差 1 人"
    assert nudge(app, stage).sent == 0
    assert nudge(app, stage, TOMORROW).sent == 1
    cast.sign_up(app, stage, "E5")
    assert newest(app, "unit_short", now=NOW) is None  # overtaken: nothing is sent


def test_where_everybody_was_told_today_the_button_says_so(app: Flask, stage: Stage) -> None:
    contact(app, stage, "F6", "城关供电所")
    contact(app, stage, "A1", "营销部")

    assert nudge(app, stage) == Nudged(2, (), ())
    with pytest.raises(Refused, match="minimums.nudged_today"):
        nudge(app, stage)


def test_units_without_a_contact_are_named(app: Flask, stage: Stage) -> None:
    contact(app, stage, "A1", METERS)

    found = nudge(app, stage)

    assert (found.sent, found.without_contact) == (1, ("城关供电所 运维一班", "营销部 客户服务班"))


def test_where_nobody_is_short_nobody_is_told(app: Flask, stage: Stage) -> None:
    for who in ("A1", "C3", "E5"):
        cast.sign_up(app, stage, who)

    with pytest.raises(Refused, match="minimums.none_short"):
        nudge(app, stage)
