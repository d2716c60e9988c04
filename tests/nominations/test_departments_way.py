"""What a department meets on its way: order, extensions, places, proposals without a contact, terms that change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from eventreg.accounts.models import RoleGrant
from eventreg.accounts.rules import Role
from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import drafts, proposals, quotas, terms
from eventreg.nominations.models import Nomination
from eventreg.nominations.papers import check_codes, submitted_terms
from eventreg.nominations.rules import ProposerScope, Terms
from eventreg.nominations.screening import queue
from eventreg.nominations.signing.manning import list_unmanned
from eventreg.outbox.models import Letter
from tests.rig import awards, mailbox
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest, ready, save, submit, written
from tests.rig.cast import NOW, Stage

HOUR = timedelta(hours=1)


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    return awards.set_award(app, stage)


def order(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(Nomination.id).order_by(Nomination.preference)))


def extend(app: Flask, contest: Contest, hours: int) -> None:
    with app.app_context(), unit_of_work():
        until, seen = contest.closes_at + hours * HOUR, get_campaign("award").version
        quotas.extend(
            contest.campaign_id, contest.units[MARKETING], until, seen=seen, actor=acting("test", NOW)
        )


def change_terms(app: Flask, asks: Terms) -> None:
    with app.app_context(), unit_of_work():
        found = get_campaign("award")
        how = {"closes_at": found.deadline, "seen": found.version, "actor": acting("test", NOW)}
        terms.change(found.id, asks, **how)  # type: ignore[arg-type]


def test_the_order_is_fixed_at_the_deadline_of_the_department(app: Flask, contest: Contest) -> None:
    first, second = ready(app, contest, "B2", "A1"), ready(app, contest, "C3", "C3")
    mover = contest.person("B2")

    with app.app_context(), pytest.raises(Refused, match="nomination.order_fixed"), unit_of_work():
        drafts.move_up(second, actor=acting(mover, contest.closes_at))
    assert order(app) == [first, second]

    extend(app, contest, 2)
    with app.app_context(), unit_of_work():
        drafts.move_up(second, actor=acting(mover, contest.closes_at + HOUR))
    assert order(app) == [second, first]


def test_the_contacts_are_told_of_an_extension_once_and_of_the_latest(app: Flask, contest: Contest) -> None:
    extend(app, contest, 2)
    extend(app, contest, 2)
    with app.app_context():
        told = db.session.scalars(select(Letter.person_id).where(Letter.kind == "deadline_extended")).all()
    assert sorted(filter(None, told)) == sorted([contest.person("B2"), contest.person("C3")])

    letter = mailbox.newest(app, "deadline_extended", now=NOW)
    assert letter is not None
    assert "延期" in letter.subject
    extend(app, contest, 3)
    assert mailbox.newest(app, "deadline_extended", now=NOW, skip=2) is None, "overtaken by the later one"


def test_a_proposal_is_never_handed_to_nobody(app: Flask, contest: Contest) -> None:
    change_terms(app, replace(Terms(least=awards.LEAST), who=ProposerScope.COLLEAGUES))
    me = contest.person("A1")
    with app.app_context(), unit_of_work():
        begun = proposals.begin(contest.campaign_id, me, actor=acting(me, NOW))
    with app.app_context(), unit_of_work():
        db.session.execute(delete(RoleGrant).where(RoleGrant.role == str(Role.UNIT_CONTACT)))

    with app.app_context():
        with pytest.raises(Refused, match="proposal.no_contact"), unit_of_work():
            proposals.pass_on(begun, actor=acting(me, NOW))
        with pytest.raises(Refused, match="proposal.no_contact"), unit_of_work():
            proposals.begin(contest.campaign_id, contest.person("C3"), actor=acting(me, NOW))
        assert proposals.list_mine(contest.campaign_id, me)[0].id == begun, "what was written stays"


def test_departments_without_a_contact_or_a_head_are_listed(app: Flask, contest: Contest) -> None:
    with app.app_context():
        before = list_unmanned(quotas.table(contest.campaign_id), now=NOW)
    with app.app_context(), unit_of_work():
        db.session.execute(delete(RoleGrant).where(RoleGrant.role == str(Role.UNIT_CONTACT)))
    with app.app_context():
        after = list_unmanned(quotas.table(contest.campaign_id), now=NOW)

    marketing = contest.units[MARKETING]
    assert [one.contact for one in before if one.unit_id == marketing] == [False]
    assert [one.contact for one in after if one.unit_id == marketing] == [True]


def test_what_was_submitted_is_held_to_the_terms_it_was_submitted_under(app: Flask, contest: Contest) -> None:
    made = ready(app, contest, "B2", "A1")
    submit(app, contest, "B2", made)

    def missing() -> bool:
        with app.app_context():
            line = queue.lines_of(get_campaign("award"), [made], now=NOW)[0]
            return next(check for check in line.checks if check.code == "holds").standing != "fine"

    assert not missing()
    change_terms(app, Terms(least=2000, most=3000))
    assert not missing()

    with app.app_context():
        held = submitted_terms.terms_for(get_campaign("award"), made, 2)
        assert (held.least, terms.terms_of(get_campaign("award")).least) == (awards.LEAST, 2000)
    save(app, contest, "B2", made, written(1500))
    with pytest.raises(Refused, match="nomination.lacking"):
        submit(app, contest, "B2", made)
    save(app, contest, "B2", made, written(2000))
    submit(app, contest, "B2", made)
    with app.app_context():
        version = awards.version(app, made)
        assert submitted_terms.terms_for(get_campaign("award"), made, version).least == 2000


def test_an_automatic_save_is_no_submission(app: Flask, contest: Contest) -> None:
    made = ready(app, contest, "B2", "A1")
    for length in (1001, 1002, 1003):
        save(app, contest, "B2", made, written(length))
    submit(app, contest, "B2", made)
    first = awards.version(app, made)
    save(app, contest, "B2", made, written(1004))
    submit(app, contest, "B2", made)

    with app.app_context():
        numbers = [check_codes.number_of(made, version) for version in (1, first, first + 1)]
    assert numbers == [0, 1, 2]
