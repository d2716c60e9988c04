"""The quota table of an award and what it asks for, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from eventreg.campaigns.plan import copying, planning
from eventreg.campaigns.service import get_managed
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations import quotas, terms, terms_copying
from eventreg.nominations.models import AwardTerms, Quota
from eventreg.nominations.quota_allotment import AllotmentMethod, AllotmentRule
from eventreg.nominations.quotas import QuotaRequest
from eventreg.nominations.rules import Terms, TextMeasure
from tests.rig import awards, cast, sight
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, STATION, Contest, ready, submit
from tests.rig.cast import NOW, Stage

SECOND = timedelta(seconds=1)


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with one place for each of two departments."""
    return awards.set_award(app, stage)


def change(app: Flask, work: Any, *args: Any, **how: Any) -> Any:
    """One change by an organiser who has just looked."""
    with app.app_context():
        seen = get_managed("award")
        with unit_of_work():
            return work(seen.id, *args, seen=seen.version, actor=acting("test", how.pop("now", NOW)), **how)


def test_a_table_by_rule_needs_no_reason_and_one_by_hand_does(app: Flask, contest: Contest) -> None:
    by_rule = AllotmentRule(AllotmentMethod.REMAINDER, 4, 0)
    wanted = {contest.units[MARKETING]: QuotaRequest(2), contest.units[STATION]: QuotaRequest(2)}

    assert change(app, quotas.save, wanted, by_rule) is True
    assert change(app, quotas.save, wanted, by_rule) is False
    with pytest.raises(Refused, match="quota.reason_missing"):
        change(app, quotas.save, wanted | {contest.units[STATION]: QuotaRequest(1)}, by_rule)
    change(app, quotas.save, wanted | {contest.units[STATION]: QuotaRequest(1, "人手紧")}, by_rule)

    assert awards.standing(app) == {MARKETING: (2, 0), STATION: (1, 0)}
    assert sight.audit_actions(app, "campaign.quota")[-2:] == [
        "campaign.quotas_changed",
        "campaign.quota_set_by_hand",
    ]


def test_places_do_not_go_below_what_was_handed_in(app: Flask, contest: Contest) -> None:
    submit(app, contest, "B2", ready(app, contest, "B2", "A1"))

    with pytest.raises(Refused, match="quota.below_filled"):
        change(app, quotas.save, {contest.units[MARKETING]: QuotaRequest(0)}, None)
    assert awards.standing(app)[MARKETING] == (1, 1)


@pytest.mark.parametrize("hours", [-1, 0])
def test_an_extension_is_later_than_everybody_s_deadline(app: Flask, contest: Contest, hours: int) -> None:
    until = contest.closes_at + timedelta(hours=hours)

    with pytest.raises(Refused, match="quota.extension_past"):
        change(app, quotas.extend, contest.units[MARKETING], until)


def test_the_terms_are_settled_with_the_deadline_as_one_instant(app: Flask, contest: Contest) -> None:
    seen = get_award(app)
    asks = Terms(seats=8, least=800, most=2000, counted=TextMeasure.HAN, fields={"post": ""})
    closes_at = seen.deadline + timedelta(hours=18)

    assert change(app, terms.change, asks, closes_at=closes_at) is True
    assert change(app, terms.change, asks, closes_at=closes_at) is False

    found = get_award(app)
    with app.app_context():
        assert (found.deadline, terms.terms_of(found)) == (closes_at, asks)
    assert found.starts_at >= closes_at
    assert found.defaults == ()


def test_what_is_sensitive_needs_a_purpose(app: Flask, contest: Contest) -> None:
    asks = replace(Terms(), fields={"id_number": ""})

    with pytest.raises(Refused, match="terms.purpose_missing"):
        change(app, terms.change, asks, closes_at=get_award(app).deadline)


def test_a_sign_up_has_no_terms_and_no_quotas(app: Flask, stage: Stage) -> None:
    works: list[Any] = [
        lambda: terms.change(
            stage.campaign_id, Terms(), closes_at=cast.CLOSES, seen=1, actor=acting("test", NOW)
        ),
        lambda: quotas.save(stage.campaign_id, {}, None, seen=1, actor=acting("test", NOW)),
    ]
    for work in works:
        with app.app_context(), pytest.raises(NotFound), unit_of_work():
            work()


def test_a_draft_of_an_award_goes_with_its_table_and_terms(app: Flask, contest: Contest) -> None:
    with app.app_context():
        copy = copying.copy_of(get_managed("award"), slug="copy", title="再评一次")
        with unit_of_work():
            planning.make_draft(copy, notice=("用途。",), actor=acting(contest.person("A1"), NOW))
        drafted = get_managed("copy")
        with unit_of_work():
            wanted, rule = (
                {contest.units[MARKETING]: QuotaRequest(1, "试")},
                AllotmentRule(AllotmentMethod.REMAINDER, 1, 0),
            )
            quotas.save(drafted.id, wanted, rule, seen=drafted.version, actor=acting("test", NOW))
        again = get_managed("copy")
        with unit_of_work():
            planning.delete_draft(again.id, seen=again.version, actor=acting("test", NOW))

        assert (db.session.query(Quota).count(), db.session.query(AwardTerms).count()) == (2, 1)


def test_a_copy_takes_terms_and_places_along_and_nobody_who_was_nominated(
    app: Flask, contest: Contest
) -> None:
    asks = Terms(seats=10, least=800, most=2000, counted=TextMeasure.HAN, fields={"post": ""})
    change(app, terms.change, asks, closes_at=contest.closes_at)
    submit(app, contest, "B2", ready(app, contest, "B2", "A1"))
    with app.app_context():
        source = get_managed("award")
        copy = copying.copy_of(source, slug="copy", title="再评一次")
        with unit_of_work():
            planning.make_draft(copy, notice=("用途。",), actor=acting(contest.person("A1"), NOW))
            for _twice in range(2):
                terms_copying.carry_over(source, "copy")
        made = get_managed("copy")

        assert terms.terms_of(made) == asks
        assert {line.unit: (line.places, line.filled, line.reason) for line in quotas.table(made.id)} == {
            MARKETING: (1, 0, "商定"),
            STATION: (1, 0, "商定"),
        } | {line.unit: (0, 0, "") for line in quotas.table(made.id) if not line.places}


def get_award(app: Flask) -> Any:
    """The award as it is now."""
    with app.app_context():
        return get_managed("award")


def test_a_department_that_was_not_in_the_table_has_no_basis(app: Flask, contest: Contest) -> None:
    with app.app_context():
        with unit_of_work():
            db.session.query(Quota).filter_by(unit_id=contest.units[STATION]).delete()
        lines = {line.unit: line for line in quotas.table(contest.campaign_id)}

    assert lines[STATION].women > 0
    assert {unit: line.basis for unit, line in lines.items()} == {
        MARKETING: lines[MARKETING].women,
        STATION: 0,
    }
