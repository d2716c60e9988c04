"""Who may sign up is asked of everybody who signs up, by page and by programs, and in words before the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from eventreg.campaigns import eligibility
from eventreg.campaigns.inputs import EligibilityInput
from eventreg.campaigns.plan.restricting import restrict
from eventreg.campaigns.rules import Restriction
from eventreg.campaigns.service import campaign_by_id, lock_window
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.people.service import find_unit
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.clients import form_of, signed_in_client

Who = Callable[[Stage], EligibilityInput]


def only(app: Flask, stage: Stage, who: Who) -> None:
    with app.app_context(), unit_of_work():
        campaign, _window = lock_window(stage.campaign_id)
        assert restrict(campaign, who(stage), actor=acting("test", NOW))
        assert not restrict(campaign, who(stage), actor=acting("test", NOW))


def unit(path: str) -> Who:
    return lambda _stage: EligibilityInput(unit_ids=frozenset({find_unit(path) or 0}))


WOMEN: Who = lambda _stage: EligibilityInput(gender="female")
LISTED: Who = lambda stage: EligibilityInput(person_ids=frozenset({stage.people["A1"], stage.people["D4"]}))


@pytest.mark.parametrize(
    ("who", "kept_out"),
    [
        (WOMEN, {"B2": Restriction.GENDER, "D4": Restriction.GENDER}),
        (unit("营销部"), {"D4": Restriction.UNIT, "E5": Restriction.UNIT, "F6": Restriction.UNIT}),
        (
            unit("营销部/抄核收班"),
            {
                "A1": Restriction.UNIT,
                "B2": Restriction.UNIT,
                "D4": Restriction.UNIT,
                "E5": Restriction.UNIT,
                "F6": Restriction.UNIT,
            },
        ),
        (
            LISTED,
            {"B2": Restriction.LIST, "C3": Restriction.LIST, "E5": Restriction.LIST, "F6": Restriction.LIST},
        ),
    ],
    ids=["women", "department", "team", "list"],
)
def test_everybody_else_is_refused_and_a_reader_is_told_the_same(
    app: Flask, stage: Stage, who: Who, kept_out: dict[str, Restriction]
) -> None:
    only(app, stage, who)
    cast.set_capacity(app, stage, None)

    for staff_no in cast.NAMES:
        with app.app_context():
            restrictions = eligibility.restrictions_of(
                stage.people[staff_no], [campaign_by_id(stage.campaign_id)]
            )
        assert restrictions.get(stage.campaign_id) == kept_out.get(staff_no)
        if staff_no in kept_out:
            with pytest.raises(Refused, match=r"registration\.not_for_you") as refused:
                cast.sign_up(app, stage, staff_no)
            assert refused.value.facts["why"] == kept_out[staff_no]
        else:
            assert cast.sign_up(app, stage, staff_no).state == "seated"
    assert sight.drift(app) == []


def test_whoever_has_a_place_keeps_it_when_the_campaign_is_narrowed(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "B2")
    only(app, stage, WOMEN)

    assert cast.sign_up(app, stage, "B2").created is False
    assert sight.places(app)["B2"] == "seated"


def test_the_page_says_before_the_form_whom_it_is_for(app: Flask) -> None:
    only(app, cast.set_stage(app, now=cast.lately()), WOMEN)
    man, woman = signed_in_client(app, "B2"), signed_in_client(app, "A1")
    at = "/campaigns/outing/registration"

    page = man.get("/campaigns/outing").text
    assert "面向女职工" in page
    assert at not in page
    assert man.get(at).status_code == 302
    assert at in woman.get("/campaigns/outing").text

    sent = man.post(at, data=form_of(woman.get(at)) | {"csrf_token": form_of(man.get("/my"))["csrf_token"]})
    assert sent.status_code in {400, 409}
    assert sight.places(app) == {}
