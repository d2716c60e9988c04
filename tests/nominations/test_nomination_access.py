"""Who opens a nomination, from the proposal until it is withdrawn: each kind of reader at each step."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from flask import Flask
from sqlalchemy import ColumnElement

from eventreg.accounts.rules import Role
from eventreg.campaigns.access import Reader
from eventreg.campaigns.service import get_campaign, list_campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound
from eventreg.nominations import access, proposals, reading, service
from eventreg.nominations.models import Nomination
from eventreg.nominations.rules import ProposerScope
from eventreg.nominations.signing import who_may_sign
from tests.nominations.test_proposals import allow, pass_on, propose
from tests.rig import awards, signing
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, STATION, Contest, written
from tests.rig.cast import NOW, Stage

PROPOSER, NOMINEE = "A1", "C3"
DESKS = {"desk of all", "desk of this award"}
SIGN = {"head", "delegate"}


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """An award open to proposals, with a head of marketing and their delegate."""
    contest = awards.set_award(app, stage)
    allow(app, contest, ProposerScope.COLLEAGUES)
    signing.name_head(app, contest)
    signing.lend(app, contest)
    return contest


def _conditions(contest: Contest) -> dict[str, ColumnElement[bool]]:
    """Reader -> the condition that finds what they may open."""

    def signer(who: str) -> ColumnElement[bool]:
        return access.for_signer(who_may_sign.mandates_of(contest.person(who), now=NOW))

    return {
        "contact": access.for_contact(contest.person("B2"), now=NOW),
        "contact of another": access.for_contact(contest.person("D4"), now=NOW),
        "proposer": access.for_proposer(contest.person(PROPOSER)),
        "another proposer": access.for_proposer(contest.person(NOMINEE)),
        "nominee": access.for_nominee(contest.person(NOMINEE)),
        "another nominee": access.for_nominee(contest.person(PROPOSER)),
        "head": signer(signing.HEAD),
        "delegate": signer(signing.DELEGATE),
        "no head": signer(PROPOSER),
        "HR": access.for_hr(),
        "desk of all": access.for_paper_desk(None),
        "desk of this award": access.for_paper_desk([contest.campaign_id]),
        "desk of another": access.for_paper_desk([]),
    }


def _readers(app: Flask, contest: Contest, nomination_id: int) -> set[str]:
    """Who opens it now, the desk left out: it opens every nomination of its awards."""
    with app.app_context():
        found = {
            reader
            for reader, readable in _conditions(contest).items()
            if reading.list_where(Nomination.id == nomination_id, readable)
        }
    return found - DESKS


def _submit(app: Flask, contest: Contest, nomination_id: int) -> None:
    awards.save(app, contest, "B2", nomination_id, written())
    awards.submit(app, contest, "B2", nomination_id)


def _withdraw(app: Flask, contest: Contest, nomination_id: int) -> None:
    with app.app_context(), unit_of_work():
        service.withdraw(nomination_id, actor=acting(contest.person("B2"), NOW))


def test_each_step_opens_a_nomination_to_its_readers(app: Flask, contest: Contest) -> None:
    made = propose(app, contest, PROPOSER, NOMINEE)
    steps = {"proposed": _readers(app, contest, made)}
    pass_on(app, contest, PROPOSER, made)
    steps["passed on"] = _readers(app, contest, made)
    _submit(app, contest, made)
    steps["submitted"] = _readers(app, contest, made)
    _withdraw(app, contest, made)
    steps["withdrawn"] = _readers(app, contest, made)

    assert steps == {
        "proposed": {"proposer"},
        "passed on": {"contact"},
        "submitted": {"contact", "nominee", "HR", *SIGN},
        "withdrawn": {"contact"},
    }


def test_the_paper_desk_opens_all_of_its_awards(app: Flask, contest: Contest) -> None:
    made = signing.handed_in(app, contest)
    with app.app_context():
        desks = {name: _conditions(contest)[name] for name in (*DESKS, "desk of another")}
        opened = {name for name, readable in desks.items() if reading.list_where(readable)}
        with pytest.raises(NotFound):
            reading.get(made, desks["desk of another"])

    assert opened == DESKS


def test_a_proposer_learns_of_what_was_passed_on_and_nobody_else_does(app: Flask, contest: Contest) -> None:
    made = propose(app, contest, PROPOSER, NOMINEE)
    pass_on(app, contest, PROPOSER, made)

    with app.app_context():
        told = {
            who: proposals.find_passed_on(made, by=contest.person(who)) for who in (PROPOSER, "B2", NOMINEE)
        }

    assert {who for who, found in told.items() if found} == {PROPOSER}


@pytest.mark.parametrize(
    ("roles", "managed"),
    [
        ({Role.ORGANISER}, []),
        ({Role.HR_REVIEWER}, None),
        ({Role.HR_REVIEWER, Role.ORGANISER}, None),
        ({Role.ADMINISTRATOR}, None),
        (set(), []),
    ],
)
def test_the_papers_of_which_awards_somebody_receives(
    app: Flask, contest: Contest, roles: Collection[Role], managed: list[int] | None
) -> None:
    with app.app_context():
        reader = Reader(contest.person("A1"), frozenset(roles), NOW)

        assert access.paper_desk_ids(reader) == managed


@pytest.mark.parametrize(
    ("who", "unit", "opens"), [("B2", MARKETING, True), ("B2", STATION, False), ("A1", MARKETING, False)]
)
def test_an_award_is_opened_for_a_contact_s_own_department(
    app: Flask, contest: Contest, who: str, unit: str, opens: bool
) -> None:
    with app.app_context():
        unit_id, person_id = contest.units[unit], contest.person(who)
        try:
            found = access.get_award_for_contact("award", unit_id, person_id, now=NOW)[0].slug
        except NotFound:
            found = ""

    assert found == ("award" if opens else "")


def test_a_campaign_without_nominations_is_no_award(app: Flask, contest: Contest) -> None:
    other = contest.stage.campaign_id
    with app.app_context():
        assert access.is_award(get_campaign("award")) is True
        slug = next(c.slug for c in list_campaigns() if c.id == other)
        with pytest.raises(NotFound):
            access.get_award_for_hr(slug)
