"""Drafts whose places and people are restricted: copied, checked before publication, deleted."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from eventreg import jobs
from eventreg.campaigns import models
from eventreg.campaigns.inputs import EligibilityInput
from eventreg.campaigns.plan import planning
from eventreg.campaigns.plan.draft_tables import OF_A_DRAFT
from eventreg.campaigns.plan.readiness import lacks
from eventreg.campaigns.policy import AdmissionTerms, Allotment, Policy, admission_of
from eventreg.campaigns.service import allotment_reasons, get_notice
from eventreg.core.db.base import Model
from eventreg.core.db.session import unit_of_work
from eventreg.people import pasted_list
from eventreg.people.service import find_unit
from eventreg.registrations import seating
from eventreg.registrations.capacity import change_admission
from eventreg.registrations.one_of import restrictions
from tests.rig import cast
from tests.rig.cast import BEGUN, DAY, NOW, Stage
from tests.rig.plans import do, draft, facts

T = NOW + timedelta(days=5)


def with_rules(app: Flask, stage: Stage) -> None:
    """Women first until T, for the people of a list, in a group."""
    do(app, "outing", change_admission, AdmissionTerms(Policy.WOMEN_FIRST, 5, until=T), now=NOW)
    listed = EligibilityInput(person_ids=frozenset({stage.people["A1"], stage.people["B2"]}))
    do(app, "outing", restrictions.change, listed, "一组", now=NOW)


def test_a_copy_keeps_the_policy_and_who_may_sign_up_but_not_the_group(app: Flask, stage: Stage) -> None:
    with_rules(app, stage)

    copy = draft(app, stage)

    assert admission_of(copy.pools).policy is Policy.WOMEN_FIRST
    assert admission_of(copy.pools).until == T
    assert copy.eligible.listed == 2
    assert copy.one_of is None


def test_a_draft_with_rules_can_be_deleted(app: Flask, stage: Stage) -> None:
    with_rules(app, stage)
    copy = draft(app, stage)

    do(app, copy.slug, planning.delete_draft, now=NOW)

    with app.app_context(), unit_of_work():
        assert seating.list_due(now=BEGUN) == [stage.campaign_id]


def test_an_end_that_has_passed_is_asked_about_before_publication(app: Flask, stage: Stage) -> None:
    with_rules(app, stage)
    copy = draft(app, stage)

    with app.app_context():
        notice = get_notice(copy.notice_id)
        gaps = [[gap.code for gap in lacks(copy, notice, now=at)] for at in (NOW, T)]

    assert ["until_does_not_fit" in found for found in gaps] == [False, True]


def test_an_end_that_nobody_looked_at_before_the_start_is_looked_at_once(app: Flask, stage: Stage) -> None:
    with_rules(app, stage)
    cast.sign_up(app, stage, "B2")

    with app.app_context():
        assert jobs.give_places(BEGUN) == 0
        with unit_of_work():
            assert seating.list_due(now=BEGUN + timedelta(minutes=1)) == []
    assert facts(app, "outing").pools[1].lifted
    assert DAY < BEGUN


def test_a_draft_never_gets_the_id_of_a_deleted_one(app: Flask, stage: Stage) -> None:
    """Caches and the trail know a campaign by its id: SQLite would give the last one again."""
    first = draft(app, stage, "first")
    do(app, "first", planning.delete_draft, now=NOW)

    second = draft(app, stage, "second")

    assert second.id > first.id
    assert second.slug == "second"


def test_a_line_of_a_list_without_a_number_is_named(app: Flask, stage: Stage) -> None:
    with app.app_context():
        beside, alone = pasted_list.read("A1 安娜\nB2，薄言"), pasted_list.read("A1\n张三\n\n")

    assert not beside.has_faults
    assert len(beside.person_ids) == 2
    assert (alone.unknown, len(alone.person_ids)) == (("张三",), 1)


def test_the_reason_of_an_allotment_stays_when_the_form_is_saved_again(app: Flask, stage: Stage) -> None:
    """The form does not send it back; another number has another reason, or none."""
    with app.app_context():
        unit_id = find_unit("营销部") or 0
    saved = AdmissionTerms(Policy.ALLOTTED, 20, until=T, units={unit_id: Allotment(8, "新成立的班组")})
    again = AdmissionTerms(Policy.ALLOTTED, 25, until=T, units={unit_id: Allotment(8)})
    other = AdmissionTerms(Policy.ALLOTTED, 25, until=T, units={unit_id: Allotment(9)})
    found, versions = [], []

    for terms in (saved, again, again, other):
        do(app, "outing", change_admission, terms, now=NOW)
        with app.app_context():
            found.append(allotment_reasons(stage.campaign_id))
        versions.append(facts(app, "outing").version)
    copied = draft(app, stage)

    assert found == [{unit_id: "新成立的班组"}] * 3 + [{}]
    assert versions[2] == versions[1]
    with app.app_context():
        assert allotment_reasons(copied.id) == {}


def test_a_copy_keeps_the_reason_of_an_allotment(app: Flask, stage: Stage) -> None:
    with app.app_context():
        unit_id = find_unit("营销部") or 0
    terms = AdmissionTerms(Policy.ALLOTTED, 20, until=T, units={unit_id: Allotment(8, "新成立的班组")})
    do(app, "outing", change_admission, terms, now=NOW)

    copied = draft(app, stage)

    with app.app_context():
        assert allotment_reasons(copied.id) == {unit_id: "新成立的班组"}


def test_whatever_may_refer_to_a_draft_goes_with_it() -> None:
    """A new table of campaigns has to be named, or the draft could not be deleted."""
    tables = [
        mapper.class_
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.startswith("eventreg.campaigns.")
    ]
    refer = {table for table in tables if "campaign_id" in table.__table__.columns}

    assert refer == {*OF_A_DRAFT, models.Activity}
