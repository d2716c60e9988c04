"""A return after the deadline names the day until which it can be mended, and page and mail say one thing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.working_days.rules import WorkCalendar
from eventreg.nominations import access, decisions, drafts, quotas, reading
from eventreg.nominations.rules import DecisionKind
from eventreg.nominations.signing import signatures
from eventreg.web.award.signing.view_models import beside
from eventreg.web.review.screening.forms import suggested_due
from tests.rig import awards, mailbox, signing
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest, ready, submit
from tests.rig.cast import NOW, Stage

HOUR = timedelta(hours=1)


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    return awards.set_award(app, stage)


def returned(
    app: Flask, contest: Contest, id_: int, *, at: datetime, due_at: datetime | None, as_head: bool = False
) -> None:
    with app.app_context(), unit_of_work():
        row, actor = drafts.lock_one(id_), acting(contest.person("F6"), at)
        how = {"reason": "缺签字页", "due_at": due_at, "as_head": as_head}
        decisions.decide(row, DecisionKind.RETURNED, seen=2, actor=actor, **how)  # type: ignore[arg-type]


def handed_in(app: Flask, contest: Contest) -> int:
    made = ready(app, contest, "B2", "A1")
    submit(app, contest, "B2", made)
    return made


def test_before_the_deadline_no_day_is_needed(app: Flask, contest: Contest) -> None:
    returned(app, contest, handed_in(app, contest), at=contest.closes_at - HOUR, due_at=None)


@pytest.mark.parametrize(
    ("as_head", "code"), [(False, "decision.due_missing"), (True, "decision.head_too_late")]
)
def test_after_it_a_return_without_a_day_is_refused(
    as_head: bool, code: str, app: Flask, contest: Contest
) -> None:
    made = handed_in(app, contest)

    with pytest.raises(Refused, match=code):
        returned(app, contest, made, at=contest.closes_at, due_at=None, as_head=as_head)

    returned(app, contest, made, at=contest.closes_at, due_at=contest.closes_at + HOUR)


def test_an_extension_counts_as_the_departments_deadline(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    with app.app_context(), unit_of_work():
        seen, until = get_campaign("award").version, contest.closes_at + 2 * HOUR
        quotas.extend(
            contest.campaign_id, contest.units[MARKETING], until, seen=seen, actor=acting("test", NOW)
        )

    returned(app, contest, made, at=contest.closes_at + HOUR, due_at=None)


def test_a_head_who_is_too_late_hears_who_can(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    signing.name_head(app, contest)
    late = contest.closes_at + HOUR

    with app.app_context():
        head = acting(contest.person(signing.HEAD), late)
        with pytest.raises(Refused, match="decision.head_too_late"), unit_of_work():
            signatures.give_back(made, "不同意", seen=2, actor=head)


def test_the_mail_says_one_thing_also_when_it_leaves_late(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    signing.name_head(app, contest)
    with app.app_context(), unit_of_work():
        head = acting(contest.person(signing.HEAD), contest.closes_at - HOUR)
        signatures.give_back(made, "缺页", seen=2, actor=head)

    early = mailbox.newest(app, "nomination_returned", now=contest.closes_at - HOUR)
    late = mailbox.newest(app, "nomination_returned", now=contest.closes_at + HOUR)

    assert early is not None
    assert late is not None
    assert early.lines == ("改好以后请重新提交，名额还留着。",)
    assert late.lines == ("推荐已经截止，现在不能重新提交。要补正，请找审核人延期。",)


def test_the_page_names_no_day_that_has_passed(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    returned(app, contest, made, at=contest.closes_at - HOUR, due_at=None)

    def said(now: datetime) -> str:
        with app.test_request_context():
            mine = access.for_contact(contest.person("B2"), now=now)
            found, campaign = reading.get(made, mine), get_campaign("award")
            return "".join(beside(found, campaign, until=contest.closes_at, now=now).decided)

    assert "改好以后重新提交，最晚" in said(contest.closes_at - HOUR)
    assert "最晚" not in said(contest.closes_at)


def test_the_form_suggests_the_end_of_the_third_working_day() -> None:
    friday = datetime(2027, 2, 26, 15, tzinfo=NOW.tzinfo)

    found = suggested_due(friday, WorkCalendar())

    assert found.at.isoformat()[:16] == "2027-03-04T00:00"
    assert not found.known
    assert suggested_due(friday, WorkCalendar(years=frozenset({2027}))).known
