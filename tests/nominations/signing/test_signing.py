"""A head signs what was submitted; other words void it; she may let somebody sign. On both databases."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from flask import Flask

from eventreg.accounts import grants, sign_in_codes
from eventreg.accounts.rules import Role
from eventreg.accounts.sign_in_codes import CodeOutcome
from eventreg.campaigns.service import get_managed
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.core.uploaded_files import receiving
from eventreg.core.uploaded_files.receiving import ReceivedFile
from eventreg.nominations import decisions, materials, reading
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.signing import signatures, who_may_sign
from eventreg.nominations.signing.models import NominationSignature
from eventreg.people import service as people
from eventreg.people import units
from eventreg.reminders.audiences import get_audience
from tests.rig import awards, sight, signing
from tests.rig import handed_in as papers
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, STATION, Contest
from tests.rig.cast import NOW, Stage
from tests.rig.signing import HEAD, ask, handed_in, letters, other_words, seen, sign, signed, standing

DAY = timedelta(days=1)


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with two places for each of two departments; E5 is head of the one."""
    contest = awards.set_award(app, stage, places=2)
    signing.name_head(app, contest)
    return contest


def test_a_head_signs_with_the_code_from_her_mail_once(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    browser, typed = ask(app, contest, made)

    verdicts = [sign(app, contest, made, typed, browser).what for _twice in range(2)]

    assert verdicts == [CodeOutcome.RIGHT, CodeOutcome.RIGHT]
    assert standing(app, made) == (2, contest.person(HEAD), None)
    with app.app_context():
        assert db.session.query(NominationSignature).count() == 1
    assert sight.audit_actions(app, "nomination.signed") == ["nomination.signed"]


def test_the_head_and_the_nominee_get_one_letter_for_each_version(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    awards.submit(app, contest, "B2", made)

    head, nominee = contest.person(HEAD), contest.person("A1")
    assert letters(app, "signature_due", "signature_voided", "consent_due") == [
        ("signature_due", head),
        ("consent_due", nominee),
    ]


def test_other_words_void_the_signature_in_the_submission_s_own_unit(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    signed(app, contest, made)
    awards.save(app, contest, "B2", made, other_words())
    saved = standing(app, made)

    awards.submit(app, contest, "B2", made)

    assert (saved, standing(app, made)) == ((2, contest.person(HEAD), None), None)
    assert letters(app, "signature_voided") == [("signature_voided", contest.person(HEAD))]
    assert sight.audit_actions(app, "nomination.signature") == ["nomination.signature_voided"]
    before = signing.paper(app, contest, made).before
    assert before is not None
    assert before.content.deeds == "字" * 1000
    assert signed(app, contest, made).what is CodeOutcome.RIGHT


def test_a_file_that_comes_or_goes_voids_the_signature_and_the_head_is_told(
    app: Flask, contest: Contest
) -> None:
    made, by, steps = handed_in(app, contest), contest.person("B2"), []
    with app.app_context():
        received = receiving.receive(io.BytesIO(papers.paper("Minutes")), "会议.pdf", began=NOW)
    for minute, work in enumerate((_keep, _drop), 1):
        signed(app, contest, made)
        with app.app_context(), unit_of_work():
            work(made, received, by=by, now=NOW + minute * timedelta(minutes=1))
        paper = signing.paper(app, contest, made)
        steps.append((standing(app, made), paper.before == paper.saved, paper.files_differ))

    assert steps == [(None, True, True), (None, True, True)]
    assert letters(app, "signature_voided") == [("signature_voided", contest.person(HEAD))] * 2
    assert sight.audit_actions(app, "nomination.signature_voided") == ["nomination.signature_voided"] * 2
    signed(app, contest, made)
    assert signing.paper(app, contest, made).files_differ is False


def _keep(made: int, received: ReceivedFile, *, by: int, now: datetime) -> None:
    materials.keep(made, received, MaterialPart.MINUTES, actor=acting(by, now))


def _drop(made: int, received: ReceivedFile, *, by: int, now: datetime) -> None:
    materials.drop(made, received.id, actor=acting(by, now))


def test_the_same_words_again_keep_the_signature(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    signed(app, contest, made)
    awards.save(app, contest, "B2", made, other_words())
    signing.submit_anew(app, contest, made, awards.written())

    assert standing(app, made) == (2, contest.person(HEAD), None)


def test_what_was_changed_meanwhile_is_not_signed(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    browser, typed = ask(app, contest, made)
    looked = seen(app, contest, made)
    signing.submit_anew(app, contest, made, other_words())

    with pytest.raises(Refused, match="signature.changed_meanwhile"):
        sign(app, contest, made, typed, browser, looked=looked)
    assert (
        sign(app, contest, made, typed, browser).what is CodeOutcome.DEAD
    )  # the code was for the other words
    assert standing(app, made) is None


def test_five_wrong_codes_and_the_sixth_is_dead(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    browser, typed = ask(app, contest, made)
    wrong = "000000" if typed != "000000" else "111111"

    verdicts = [sign(app, contest, made, wrong, browser).tries_left for _n in range(5)]

    assert verdicts == [4, 3, 2, 1, 0]
    assert sign(app, contest, made, typed, browser).what is CodeOutcome.DEAD


@pytest.mark.parametrize("late", [timedelta(minutes=9), timedelta(minutes=10)])
def test_a_code_lives_ten_minutes_and_only_in_its_browser(
    app: Flask, contest: Contest, late: timedelta
) -> None:
    made = handed_in(app, contest)
    browser, typed = ask(app, contest, made)

    assert sign(app, contest, made, typed, "another").what is CodeOutcome.DEAD
    alive = late < timedelta(minutes=10)
    assert (sign(app, contest, made, typed, browser, now=NOW + late).what is CodeOutcome.RIGHT) == alive


def test_a_code_for_signing_signs_nobody_in_and_the_other_way_round(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    browser, typed = ask(app, contest, made)
    keys = contest.stage.keys
    with app.app_context(), unit_of_work():
        verdict = sign_in_codes.enter(typed, browser=browser, keys=keys, now=NOW)
        entry = sign_in_codes.ask(HEAD, address="127.0.0.1", locale="zh-CN", keys=keys, now=NOW)

    assert (verdict.what, sign(app, contest, made, typed, entry).what) == (CodeOutcome.DEAD, CodeOutcome.DEAD)


def test_without_a_mailbox_no_code_can_come(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    signing.name_head(app, contest, "D4")

    with pytest.raises(Refused, match="sign_in.no_mailbox"):
        ask(app, contest, made, "D4")


def test_nobody_signs_her_own_nomination(app: Flask, contest: Contest) -> None:
    signing.name_head(app, contest, "A1")
    made = handed_in(app, contest)

    assert letters(app, "signature_due") == [("signature_due", contest.person(HEAD))]
    with pytest.raises(Refused, match="signature.own"):
        ask(app, contest, made, "A1")


@pytest.mark.parametrize("who", ["B2", "D4", "F6"])
def test_who_is_not_its_head_finds_nothing(app: Flask, contest: Contest, who: str) -> None:
    made = handed_in(app, contest)
    signing.name_head(app, contest, "F6", STATION)

    for work in (signing.paper, ask):
        with pytest.raises(NotFound):
            work(app, contest, made, who)


def test_a_draft_is_not_there_for_the_head_either(app: Flask, contest: Contest) -> None:
    made = awards.ready(app, contest, "B2", "A1")

    with pytest.raises(NotFound):
        signing.paper(app, contest, made)


def test_the_head_of_the_unit_above_signs_where_there_is_none_below(app: Flask, contest: Contest) -> None:
    with app.app_context():
        company = units.chain_of(contest.units[MARKETING])[-1]
        with unit_of_work():
            above = contest.person("F6")
            grants.grant(above, Role.DEPARTMENT_HEAD, unit_id=company, actor=acting("test", NOW))
        asked = [
            who_may_sign.signers_of(contest.units[unit], but=0, now=NOW) for unit in (MARKETING, STATION)
        ]

    assert asked == [[contest.person(HEAD)], [above]]
    assert signed(app, contest, handed_in(app, contest), "F6").what is CodeOutcome.RIGHT


def test_a_head_gives_it_back_with_a_reason_and_the_contacts_are_told(app: Flask, contest: Contest) -> None:
    made, head = handed_in(app, contest), contest.person(HEAD)
    for _twice in range(2):
        with app.app_context(), unit_of_work():
            signatures.give_back(made, "班长写成了组长", seen=2, actor=acting(head, NOW))

    with app.app_context():
        decided = decisions.list_of([made])[made]
    assert [(one.reason, one.as_head, one.by) for one in decided] == [("班长写成了组长", True, head)]
    assert letters(app, "nomination_returned") == [
        ("nomination_returned", contest.person(who)) for who in ("B2", "C3")
    ]
    with pytest.raises(Refused, match="signature.state"):
        ask(app, contest, made)


def test_what_was_signed_once_is_never_thinned(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    signed(app, contest, made)
    for n in range(1, 41):
        later = NOW + n * timedelta(seconds=10)
        awards.save(app, contest, "B2", made, awards.written(1000 + n), now=later)
    awards.submit(app, contest, "B2", made)

    with app.app_context():
        assert reading.saved(made, 2).content.deeds == "字" * 1000


def test_writing_on_changes_nothing_that_was_submitted(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    awards.save(app, contest, "B2", made, other_words())

    shown = signing.paper(app, contest, made)
    assert (shown.saved.number, shown.saved.content.deeds) == (2, "字" * 1000)
    assert awards.standing(app)[MARKETING] == (2, 1)
    awards.submit(app, contest, "B2", made)
    assert (signing.paper(app, contest, made).saved.number, awards.standing(app)[MARKETING]) == (3, (2, 1))


def reminded(app: Flask) -> set[int]:
    """Whom a reminder to sign would go to."""
    with app.app_context():
        audience = get_audience("signing")
        return {person for person, _since in db.session.execute(audience.people(get_managed("award")))}


def test_heads_with_something_to_sign_are_reminded(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)

    before = reminded(app)
    signed(app, contest, made)
    assert (before, reminded(app)) == ({contest.person(HEAD)}, set())


def test_where_no_head_is_there_to_sign_the_one_above_is_reminded(app: Flask, contest: Contest) -> None:
    """As letters do: who left signs nothing, and nobody signs for herself."""
    above = contest.person("D4")
    with app.app_context():
        (company,) = people.units_above(contest.units[MARKETING]) - {contest.units[MARKETING]}
        with unit_of_work():
            grants.grant(above, Role.DEPARTMENT_HEAD, unit_id=company, actor=acting("test", NOW))
    handed_in(app, contest)

    before = reminded(app)
    sight.leave(app, contest.person(HEAD))
    left = reminded(app)
    signing.name_head(app, contest, "A1")
    assert (before, left, reminded(app)) == ({contest.person(HEAD)}, {above}, {above})
