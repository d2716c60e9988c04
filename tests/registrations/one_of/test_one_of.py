"""Of the campaigns of a group a person signs up for one; they change over in one act, and two tabs cannot both win."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from eventreg.campaigns import writing
from eventreg.campaigns.inputs import EligibilityInput
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.registrations.one_of import group_claims, restrictions
from eventreg.registrations.reading import find_live
from eventreg.season import changing_over
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.at_once import run_at_once
from tests.rig.cast import NOW, Stage
from tests.rig.clients import form_of, signed_in_client
from tests.rig.plans import facts

GROUP = "健康讲座场次"


def pair(app: Flask, *, capacity: int = 2, now: datetime = NOW) -> tuple[Stage, Stage]:
    """Two campaigns of a group."""
    first = cast.set_stage(app, capacity=capacity, now=now)
    with app.app_context(), unit_of_work():
        season_id = writing.make_season(cast.season())
        other = cast.outing(capacity, slug="other", published_at=now)
        writing.publish(other, season_id=season_id, notice_id=first.notice_id, actor=acting("test", now))
    second = cast.find_stage(app, "other")
    for stage, slug in ((first, "outing"), (second, "other")):
        group(app, stage, slug, GROUP, now=now)
    return first, second


def group(app: Flask, stage: Stage, slug: str, name: str | None, *, now: datetime = NOW) -> bool:
    seen = facts(app, slug).version
    with app.app_context(), unit_of_work():
        return restrictions.change(
            stage.campaign_id, EligibilityInput(), name, seen=seen, actor=acting("test", now)
        )


def change_over(app: Flask, first: Stage, second: Stage, staff_no: str) -> str:
    with app.app_context():
        live = find_live(first.campaign_id, first.people[staff_no])
        assert live is not None
        actor = acting(first.people[staff_no], NOW, first.keys)
        with unit_of_work():
            result = changing_over.change_over(
                live.id, second.campaign_id, cast.application(second, staff_no), actor=actor
            )
    return str(result.state)


def states(app: Flask, stage: Stage) -> list[tuple[int, str]]:
    return [(arrival, str(state)) for arrival, state in sight.arrivals(app, stage.campaign_id)]


def test_the_second_is_refused_until_the_first_has_ended(app: Flask) -> None:
    first, second = pair(app)
    cast.sign_up(app, first, "A1")

    with pytest.raises(Refused, match=r"registration\.one_of_taken") as refused:
        cast.sign_up(app, second, "A1")
    cast.withdraw(app, first, "A1")

    assert refused.value.facts["slug"] == "outing"
    assert cast.sign_up(app, second, "A1").state == "seated"
    assert cast.sign_up(app, first, "B2").state == "seated"


def test_who_waits_holds_the_claim_too(app: Flask) -> None:
    first, second = pair(app, capacity=0)
    assert cast.sign_up(app, first, "A1").state == "waiting"

    with pytest.raises(Refused, match=r"registration\.one_of_taken"):
        cast.sign_up(app, second, "A1")


def test_changing_over_gives_the_first_place_to_the_next_in_line(app: Flask) -> None:
    first, second = pair(app, capacity=1)
    cast.sign_up(app, first, "A1")
    cast.sign_up(app, first, "B2")

    assert change_over(app, first, second, "A1") == "seated"

    assert states(app, first) == [(1, "withdrawn"), (2, "seated")]
    assert states(app, second) == [(1, "seated")]
    assert sight.drift(app) == []


def test_changing_over_to_what_is_closed_leaves_the_first_as_it_was(app: Flask) -> None:
    first, second = pair(app)
    cast.sign_up(app, first, "A1")
    with app.app_context(), unit_of_work():
        from eventreg.campaigns.plan.restricting import restrict
        from eventreg.campaigns.service import lock_window

        restrict(lock_window(second.campaign_id)[0], EligibilityInput("male"), actor=acting("test", NOW))

    with pytest.raises(Refused, match=r"registration\.not_for_you"):
        change_over(app, first, second, "A1")

    assert states(app, first) == [(1, "seated")]


def test_a_campaign_with_people_of_another_one_is_not_grouped_with_it(app: Flask) -> None:
    first, second = pair(app)
    group(app, second, "other", None)
    cast.sign_up(app, first, "A1")
    cast.sign_up(app, second, "A1")

    with pytest.raises(Refused, match=r"plan\.one_of_conflict") as refused:
        group(app, second, "other", GROUP)
    cast.withdraw(app, second, "A1")

    assert refused.value.facts["people"] == 1
    assert group(app, second, "other", GROUP)


@pytest.mark.race
def test_two_tabs_at_once_get_exactly_one(app: Flask) -> None:
    first, second = pair(app)
    refused: list[str] = []

    def come(stage: Stage, staff_no: str) -> None:
        try:
            cast.sign_up(app, stage, staff_no)
        except Refused as error:
            refused.append(error.code)

    for staff_no in cast.NAMES:
        run_at_once(app, lambda s=staff_no: come(first, s), lambda s=staff_no: come(second, s))  # type: ignore[misc]

    held = sorted(s for stage in (first, second) for _a, s in states(app, stage))
    assert len(held) == len(cast.NAMES)
    assert refused == ["registration.one_of_taken"] * len(cast.NAMES)
    assert sight.drift(app) == []


@pytest.mark.race
def test_the_control_without_claims_lets_both_through(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = pair(app)
    monkeypatch.setattr(group_claims, "check_free", lambda *_args: None)
    monkeypatch.setattr(group_claims, "claim", lambda *_args: None)

    run_at_once(app, lambda: cast.sign_up(app, first, "A1"), lambda: cast.sign_up(app, second, "A1"))

    assert len(states(app, first)) + len(states(app, second)) == 2


def test_the_page_offers_to_change_over_and_keeps_what_was_typed(app: Flask) -> None:
    now = cast.lately()
    first, second = pair(app, now=now)
    cast.sign_up(app, first, "A1", now=now)
    client = signed_in_client(app, "A1")
    at = "/campaigns/other/registration"
    typed = form_of(client.get(at)) | {"phone": "13800138000", "remark": "不吃辣"}

    offered = client.post(at, data=typed)
    assert offered.status_code == 409
    again = form_of(offered)
    done = client.post(at, data=again | {"instead_of": _offered_id(offered.text)})

    assert offered.status_code == 409
    assert "退出那一项，改报这一项" in offered.text
    assert "不吃辣" in offered.text
    assert done.status_code == 303
    assert states(app, first) == [(1, "withdrawn")]
    assert states(app, second) == [(1, "seated")]


def _offered_id(page: str) -> str:
    return page.split('name="instead_of" value="')[1].split('"')[0]
