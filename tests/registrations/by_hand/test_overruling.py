"""Which rules an entry by hand overrules: who may sign up, by one reason; never another campaign of the same group."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.campaigns.service import campaign_by_id
from eventreg.core.errors import Refused
from eventreg.people.service import find_unit, units_under
from eventreg.registrations.by_hand import outlook, unit_lists
from eventreg.registrations.by_hand.rules import HandReason
from eventreg.season import sign_up_gaps
from tests.campaigns.test_eligibility import WOMEN, only
from tests.registrations.one_of.test_one_of import pair
from tests.rig import cast, sight
from tests.rig.cast import NOW, Stage

from .hands import enter, queue


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, for women."""
    found = cast.set_stage(app)
    only(app, found, WOMEN)
    return found


def test_a_man_is_entered_only_by_the_reason_that_says_so(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused, match="acts.needs_exception") as refused:
        enter(app, stage, "B2", HandReason.DUTY)
    assert refused.value.facts["why"] == "registration.not_for_you"

    assert str(enter(app, stage, "B2", HandReason.EXCEPTION).state) == "seated"
    assert sight.places(app) == {"B2": "seated"}


def test_the_preview_says_which_rule_it_overrules(app: Flask, stage: Stage) -> None:
    with app.app_context():
        campaign = campaign_by_id(stage.campaign_id)
        ahead = [outlook.foresee(campaign, stage.people[who], now=NOW) for who in ("A1", "B2")]

    assert [one.overruled and one.overruled.code for one in ahead] == [None, "registration.not_for_you"]
    assert [one.impossible for one in ahead] == [None, None]


def test_a_list_names_whom_the_campaign_is_not_for_and_enters_the_others(app: Flask, stage: Stage) -> None:
    with app.app_context():
        campaign, units = campaign_by_id(stage.campaign_id), units_under(find_unit("营销部") or 0)
        ahead = unit_lists.foresee(campaign, "A1\nB2\nC3", in_care=units, now=NOW)

    assert [str(one.state or one.refused) for one in ahead.people] == [
        "seated", "registration.not_for_you", "seated",
    ]  # fmt: skip
    assert ahead.person_ids == (stage.people["A1"], stage.people["C3"])


def test_whom_it_is_not_for_is_not_missing(app: Flask, stage: Stage) -> None:
    with app.app_context():
        gaps = sign_up_gaps.list_gaps(campaign_by_id(stage.campaign_id), now=NOW)

    assert sorted(one.staff_no for gap in gaps for one in gap.people) == ["A1", "C3", "E5", "F6"]


def test_another_campaign_of_the_group_is_never_overruled(app: Flask) -> None:
    first, second = pair(app)
    queue(app, first, "A1")

    with pytest.raises(Refused, match="registration.one_of_taken"):
        enter(app, second, "A1", HandReason.EXCEPTION)
    with app.app_context():
        ahead = outlook.foresee(campaign_by_id(second.campaign_id), second.people["A1"], now=NOW)
    assert ahead.impossible is not None
    assert ahead.impossible.code == "registration.one_of_taken"
