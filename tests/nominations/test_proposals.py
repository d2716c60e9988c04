"""What an employee proposes: hers alone until she passes it on, then a draft of her department."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from eventreg.campaigns.service import get_campaign, get_managed
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations import drafts, proposals, quotas, reading, service, terms
from eventreg.nominations.rules import NominationContent, ProposerScope
from eventreg.reminders.audiences import get_audience
from tests.rig import awards, mailbox, signing
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest, written
from tests.rig.cast import NOW, Stage


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with one place for each of two departments, open to proposals of colleagues."""
    contest = awards.set_award(app, stage)
    allow(app, contest, ProposerScope.COLLEAGUES)
    return contest


def allow(app: Flask, contest: Contest, who: ProposerScope, *, now: datetime = NOW) -> None:
    """Settle who may propose."""
    with app.app_context():
        found = get_campaign("award")
        asks = replace(terms.terms_of(found), who=who)
        with unit_of_work():
            terms.change(
                contest.campaign_id,
                asks,
                closes_at=found.closes_at,
                seen=found.version,
                actor=acting("test", now),
            )


def propose(app: Flask, contest: Contest, who: str, nominee: str) -> int:
    """Begin, or the code of what was refused."""
    with app.app_context(), unit_of_work():
        return proposals.begin(
            contest.campaign_id, contest.person(nominee), actor=acting(contest.person(who), NOW)
        )


def refused(app: Flask, contest: Contest, who: str, nominee: str) -> str:
    """Why somebody may not propose."""
    with pytest.raises((Refused, NotFound)) as no:
        propose(app, contest, who, nominee)
    assert isinstance(no.value, (Refused, NotFound))
    return no.value.code


def pass_on(app: Flask, contest: Contest, who: str, id_: int, **late: int) -> None:
    with app.app_context(), unit_of_work():
        proposals.pass_on(id_, actor=acting(contest.person(who), NOW + timedelta(**late)))


def listed(app: Flask, contest: Contest) -> list[str]:
    """Whom the department of marketing sees nominated."""
    with app.app_context():
        return [n.nominee.name for n in reading.list_of(contest.campaign_id, contest.units[MARKETING])]


def test_the_contacts_are_told_when_it_is_passed_on_and_reminded_while_it_is_a_draft(
    app: Flask, contest: Contest
) -> None:
    made, told = propose(app, contest, "A1", "A1"), []
    for step in (None, "passed on", "withdrawn"):
        if step == "passed on":
            pass_on(app, contest, "A1", made)
            letter = mailbox.newest(app, "proposal_passed_on", now=NOW)
        if step == "withdrawn":
            with app.app_context(), unit_of_work():
                service.withdraw(made, actor=acting(contest.person("B2"), NOW))
        with app.app_context():
            found = db.session.execute(get_audience("drafting").people(get_managed("award")))
            told.append(sorted(person for person, _since in found))

    contacts = sorted(contest.person(who) for who in ("B2", "C3"))
    assert told == [[], contacts, []]
    assert letter is not None
    assert (letter.heading, letter.facts[1][1]) == ("员工交来一份推荐", "安娜")
    assert signing.letters(app, "proposal_passed_on") == [("proposal_passed_on", id_) for id_ in contacts]
    assert mailbox.newest(app, "proposal_passed_on", now=NOW) is None


def test_it_is_hers_alone_until_it_is_passed_on_and_then_submitted_by_the_contact(
    app: Flask, contest: Contest
) -> None:
    made, contact, author = propose(app, contest, "A1", "A1"), contest.person("B2"), contest.person("A1")
    with app.app_context():
        with unit_of_work():
            proposals.save(made, written(), seen=1, tab="t", actor=acting(author, NOW))
        with pytest.raises(NotFound), unit_of_work():
            drafts.save(made, NominationContent(), seen=2, tab="t", actor=acting(contact, NOW))
        table = [line.drafts for line in quotas.table(contest.campaign_id) if line.places]
    before = listed(app, contest)

    pass_on(app, contest, "A1", made)

    assert (before, table, listed(app, contest)) == ([], [0, 0], ["安娜"])
    with app.app_context():
        with pytest.raises(Refused, match=r"proposal\.passed_on"):
            proposals.get(made, by=author)
        with pytest.raises(NotFound):
            proposals.get(made, by=contact)
        known = proposals.list_passed_on(contest.campaign_id, author)
        assert known == [proposals.PassedOnProposal(contest.campaign_id, "安娜", NOW)]
        assert proposals.list_passed_on(contest.campaign_id, contact) == []
        with unit_of_work():
            service.submit(made, seen=2, actor=acting(contact, NOW))
    assert awards.standing(app)[MARKETING] == (1, 1)


def test_asked_again_it_is_the_same_one(app: Flask, contest: Contest) -> None:
    assert propose(app, contest, "B2", "A1") == propose(app, contest, "B2", "A1")


def test_two_may_propose_one_person_and_the_second_to_pass_on_keeps_hers(
    app: Flask, contest: Contest
) -> None:
    first, second = propose(app, contest, "A1", "C3"), propose(app, contest, "C3", "C3")
    pass_on(app, contest, "A1", first)

    with pytest.raises(Refused) as no:
        pass_on(app, contest, "C3", second)

    with app.app_context():
        kept = proposals.get(second, by=contest.person("C3")).id
    assert (no.value.code, kept, listed(app, contest)) == ("proposal.exists", second, ["陈雨桐"])


def test_who_may_propose_whom(app: Flask, contest: Contest) -> None:
    told = [refused(app, contest, "A1", "E5"), refused(app, contest, "A1", "B2")]
    allow(app, contest, ProposerScope.ONESELF)
    told += [refused(app, contest, "A1", "C3")]
    allow(app, contest, ProposerScope.CONTACTS)
    told += [refused(app, contest, "A1", "A1")]

    assert told == ["nomination.elsewhere", "nomination.for_women", "proposal.oneself_only", "not_found"]


def test_after_the_deadline_it_is_kept_and_not_passed_on(app: Flask, contest: Contest) -> None:
    made = propose(app, contest, "A1", "A1")

    with pytest.raises(Refused) as no:
        pass_on(app, contest, "A1", made, days=30)

    with app.app_context():
        assert (no.value.code, proposals.get(made, by=contest.person("A1")).id) == ("nomination.closed", made)


def test_withdrawn_it_can_be_begun_anew(app: Flask, contest: Contest) -> None:
    made = propose(app, contest, "A1", "A1")
    with app.app_context(), unit_of_work():
        proposals.withdraw(made, actor=acting(contest.person("A1"), NOW))

    assert propose(app, contest, "A1", "A1") != made
