"""From a draft to a submitted nomination, on both databases."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.campaigns.service import get_managed
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations import drafts, quotas, reading, service
from eventreg.nominations.models import Nomination, NominationVersion
from eventreg.nominations.rules import NominationContent
from eventreg.nominations.wordcount import RULE, digest
from eventreg.reminders.audiences import get_audience
from tests.rig import awards, sight
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest, begin, ready, save, states, submit, written
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


def test_a_nomination_takes_a_place_and_keeps_what_was_counted(app: Flask, contest: Contest) -> None:
    made = ready(app, contest, "B2", "A1")

    submit(app, contest, "B2", made)
    submit(app, contest, "B2", made)

    with app.app_context():
        row = db.session.get_one(Nomination, made)
        kept = (row.state, row.zishu, row.han, row.characters, row.rule, row.digest)
    assert kept == ("submitted", 1000, 1000, 1000, RULE, digest("字" * 1000))
    assert awards.standing(app)[MARKETING] == (1, 1)
    assert sight.audit_actions(app, "nomination.") == ["nomination.begun", "nomination.submitted"]


def test_beyond_the_quota_is_refused_and_stays_a_draft(app: Flask, contest: Contest) -> None:
    first, second = ready(app, contest, "B2", "A1"), ready(app, contest, "C3", "C3")
    submit(app, contest, "B2", first)

    with pytest.raises(Refused, match="nomination.over_quota"):
        submit(app, contest, "C3", second)
    assert (states(app), text(app, second)) == (["submitted", "draft"], "字" * 1000)


def test_without_a_place_left_nothing_is_begun(app: Flask, contest: Contest) -> None:
    """The refusal comes first, and not after a thousand characters."""
    first = ready(app, contest, "B2", "A1")
    submit(app, contest, "B2", first)

    with pytest.raises(Refused, match="nomination.no_place_left"):
        begin(app, contest, "C3", "C3")

    with app.app_context(), unit_of_work():
        service.withdraw(first, actor=acting(contest.person("C3"), NOW))
    assert begin(app, contest, "C3", "C3") > first


def test_withdrawn_its_place_is_free(app: Flask, contest: Contest) -> None:
    made = ready(app, contest, "B2", "A1")
    submit(app, contest, "B2", made)
    with app.app_context(), unit_of_work():
        service.withdraw(made, actor=acting(contest.person("C3"), NOW))

    assert (states(app), awards.standing(app)[MARKETING]) == (["withdrawn"], (1, 0))


def test_a_person_is_in_one_nomination_until_it_is_withdrawn(app: Flask, contest: Contest) -> None:
    made = ready(app, contest, "B2", "A1")

    assert begin(app, contest, "C3", "A1") == made
    submit(app, contest, "B2", made)
    with pytest.raises(Refused, match="nomination.exists"):
        begin(app, contest, "C3", "A1")
    with app.app_context(), unit_of_work():
        service.withdraw(made, actor=acting(contest.person("B2"), NOW))
    assert begin(app, contest, "C3", "A1") == made + 1


def test_the_database_repeats_that_a_person_is_nominated_once(app: Flask, contest: Contest) -> None:
    begin(app, contest, "B2", "A1")
    again = {
        "campaign_id": contest.campaign_id, "unit_id": contest.units[MARKETING], "state": "draft",
        "person_id": contest.person("A1"), "preference": 9, "version": 1, "made_at": NOW,
        "made_by": contest.person("B2"),
    }  # fmt: skip

    with app.app_context(), pytest.raises(Refused, match="nomination.exists"), unit_of_work():
        db.session.add(Nomination(**again))


@pytest.mark.parametrize(
    ("who", "nominee", "code"),
    [("B2", "B2", "nomination.for_women"), ("B2", "E5", "nomination.elsewhere")],
)
def test_only_women_of_the_department_are_nominated(
    app: Flask, contest: Contest, who: str, nominee: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        begin(app, contest, who, nominee)


def test_who_left_or_moved_meanwhile_is_not_handed_in(app: Flask, contest: Contest) -> None:
    made = ready(app, contest, "B2", "A1")
    sight.leave(app, contest.person("A1"))

    with pytest.raises(Refused, match="nomination.left"):
        submit(app, contest, "B2", made)


@pytest.mark.parametrize(
    ("late", "state"), [(-SECOND, "submitted"), (0 * SECOND, "draft"), (SECOND, "draft")]
)
def test_a_second_before_the_deadline_counts_and_the_deadline_does_not(
    app: Flask, contest: Contest, late: timedelta, state: str
) -> None:
    made = ready(app, contest, "B2", "A1")
    with suppress(Refused):
        submit(app, contest, "B2", made, now=contest.closes_at + late)

    assert (states(app), text(app, made)) == ([state], "字" * 1000)


def test_a_late_draft_can_be_saved_and_handed_in_once_there_is_more_time(
    app: Flask, contest: Contest
) -> None:
    late = contest.closes_at + timedelta(hours=1)
    made = ready(app, contest, "B2", "A1")
    save(app, contest, "B2", made, written(1001), now=late)
    until = late + timedelta(hours=1)

    change(app, quotas.extend, contest.units[MARKETING], until, now=late)
    submit(app, contest, "B2", made, now=until - SECOND)

    assert states(app) == ["submitted"]
    with pytest.raises(Refused, match="nomination.closed"):
        begin(app, contest, "D4", "E5", now=late)
    assert sight.audit_actions(app, "campaign.quota_ext") == ["campaign.quota_extended"]


def test_too_short_is_refused_and_the_text_is_kept(app: Flask, contest: Contest) -> None:
    made = begin(app, contest, "B2", "A1")
    save(app, contest, "B2", made, written(999))

    with pytest.raises(Refused, match="nomination.lacking"):
        submit(app, contest, "B2", made)
    assert (states(app), text(app, made)) == (["draft"], "字" * 999)


def test_the_same_content_is_no_new_version_and_an_empty_one_is(app: Flask, contest: Contest) -> None:
    made = ready(app, contest, "B2", "A1")

    numbers = [
        save(app, contest, "B2", made, content).version for content in (written(), NominationContent())
    ]

    assert numbers == [2, 3]


def test_another_page_s_version_is_shown_and_nothing_is_overwritten(app: Flask, contest: Contest) -> None:
    made = ready(app, contest, "B2", "A1")
    save(app, contest, "C3", made, written(deeds_mark="甲"), seen=2, tab="one")

    verdict = save(app, contest, "B2", made, written(1001), seen=2, tab="two")

    assert (verdict.version, verdict.other and verdict.other.by) == (3, contest.person("C3"))
    assert text(app, made) == "字" * 1000


def test_an_answer_that_got_lost_is_no_conflict_with_oneself(app: Flask, contest: Contest) -> None:
    made = ready(app, contest, "B2", "A1")
    save(app, contest, "B2", made, written(1001), seen=2, tab="one")

    verdict = save(app, contest, "B2", made, written(1002), seen=2, tab="one")

    assert (verdict.version, verdict.other, text(app, made)) == (4, None, "字" * 1002)


def test_old_versions_are_thinned(app: Flask, contest: Contest) -> None:
    made = begin(app, contest, "B2", "A1")
    for n in range(1, 41):
        save(app, contest, "B2", made, written(n), now=NOW + n * timedelta(seconds=10))

    with app.app_context():
        numbers = list(
            db.session.scalars(select(NominationVersion.number).order_by(NominationVersion.number))
        )
    assert (numbers[0], numbers[-20:], len(numbers)) == (1, list(range(22, 42)), 21)


def test_the_order_of_preference_is_the_department_s(app: Flask, contest: Contest) -> None:
    first, second = begin(app, contest, "B2", "A1"), begin(app, contest, "B2", "C3")
    with app.app_context(), unit_of_work():
        drafts.move_up(second, actor=acting(contest.person("C3"), NOW))

    with app.app_context():
        found = reading.list_of(contest.campaign_id, contest.units[MARKETING])
    assert [one.id for one in found] == [second, first]


@pytest.mark.parametrize("who", ["D4", "A1"])
def test_another_department_s_nomination_is_not_there(app: Flask, contest: Contest, who: str) -> None:
    made, by = ready(app, contest, "B2", "A1"), contest.person(who)
    works: list[Any] = [
        lambda: drafts.save(made, NominationContent(), seen=2, tab="t", actor=acting(by, NOW)),
        lambda: service.submit(made, seen=2, actor=acting(by, NOW)),
        lambda: service.withdraw(made, actor=acting(by, NOW)),
        lambda: drafts.begin(contest.campaign_id, contest.units[MARKETING], by, actor=acting(by, NOW)),
    ]
    for work in works:
        with app.app_context(), pytest.raises(NotFound), unit_of_work():
            work()
    assert states(app) == ["draft"]


def text(app: Flask, nomination_id: int) -> str:
    """The deeds text of the version that counts."""
    with app.app_context():
        row = db.session.get_one(Nomination, nomination_id, populate_existing=True)
        return reading.saved(row.id, row.version).content.deeds


def test_who_began_and_has_not_handed_in_is_reminded(app: Flask, contest: Contest) -> None:
    begin(app, contest, "B2", "A1")
    begin(app, contest, "D4", "E5")
    submit(app, contest, "C3", ready(app, contest, "C3", "C3"))

    with app.app_context():
        audience = get_audience("drafting")
        found = {person for person, _since in db.session.execute(audience.people(get_managed("award")))}
        suits = [audience.suits(get_managed(slug)) for slug in ("award", "outing")]
    assert (found, suits) == ({contest.person("B2"), contest.person("D4")}, [True, False])
