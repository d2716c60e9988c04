"""A nominee sees what others will see, answers to each purpose, and is asked anew when that changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from eventreg.campaigns.service import get_managed
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations.signing import consents, service
from eventreg.nominations.signing.models import NominationConsent
from eventreg.nominations.signing.rules import NOTICE_VERSION, ConsentAnswer, ConsentPurpose
from eventreg.reminders.audiences import get_audience
from tests.rig import awards, sight, signing
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.cast import NOW, Stage
from tests.rig.signing import handed_in, letters, other_words, submit_anew

ASKED = None
BOTH = (ConsentPurpose.JUDGES, ConsentPurpose.NOTICE)


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award; nobody is head of anything."""
    return awards.set_award(app, stage)


def answer(
    app: Flask,
    contest: Contest,
    made: int,
    purpose: ConsentPurpose,
    said: ConsentAnswer,
    who: str = "A1",
    **how: Any,
) -> None:
    """What the nominee says to what is on her page, or to what was."""
    with app.app_context():
        me = contest.person(who)
        seen = how.get("seen") or consents.get_own(made, me).shown[purpose].digest
        with unit_of_work():
            consents.answer(made, purpose, said, seen=seen, actor=acting(me, how.get("now", NOW)))


def told(app: Flask, made: int) -> list[ConsentAnswer | None]:
    """Where her consents stand: judges, notice."""
    with app.app_context():
        found = service.consents_of([made])[made]
    return [one.answer if one else ASKED for one in found.values()]


def test_each_purpose_is_answered_by_itself_and_the_notice_s_version_is_kept(
    app: Flask, contest: Contest
) -> None:
    made = handed_in(app, contest)
    first = told(app, made)
    answer(app, contest, made, ConsentPurpose.JUDGES, ConsentAnswer.GIVEN)
    answer(app, contest, made, ConsentPurpose.JUDGES, ConsentAnswer.GIVEN)
    second = told(app, made)
    answer(app, contest, made, ConsentPurpose.NOTICE, ConsentAnswer.DECLINED)

    assert (first, second) == ([ASKED, ASKED], [ConsentAnswer.GIVEN, ASKED])
    assert told(app, made) == [ConsentAnswer.GIVEN, ConsentAnswer.DECLINED]
    with app.app_context():
        rows = db.session.query(NominationConsent).order_by(NominationConsent.id)
        assert [(r.purpose, r.version, r.notice_version) for r in rows] == [
            ("judges", 2, NOTICE_VERSION),
            ("notice", 2, NOTICE_VERSION),
        ]
    assert sight.audit_actions(app, "nomination.consent") == [
        "nomination.consent_given",
        "nomination.consent_declined",
    ]


def test_what_was_given_can_be_withdrawn_and_given_again(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    with pytest.raises(Refused, match="consent.nothing_given"):
        answer(app, contest, made, ConsentPurpose.NOTICE, ConsentAnswer.WITHDRAWN)
    stood = []
    for said in (ConsentAnswer.GIVEN, ConsentAnswer.WITHDRAWN, ConsentAnswer.GIVEN):
        answer(app, contest, made, ConsentPurpose.NOTICE, said)
        stood.append(told(app, made)[1])

    assert stood == [ConsentAnswer.GIVEN, ConsentAnswer.WITHDRAWN, ConsentAnswer.GIVEN]


@pytest.mark.parametrize(
    ("changed", "stands"),
    [
        ({}, [ASKED, ConsentAnswer.GIVEN]),  # other deeds: only judges see them
        ({"short": "换了一句。"}, [ASKED, ASKED]),
        ({"present": "12"}, [ASKED, ConsentAnswer.GIVEN]),
    ],
)
def test_only_what_is_shown_otherwise_is_asked_anew(
    app: Flask, contest: Contest, changed: dict[str, str], stands: list[ConsentAnswer | None]
) -> None:
    made = handed_in(app, contest)
    for purpose in BOTH:
        answer(app, contest, made, purpose, ConsentAnswer.GIVEN)
    submit_anew(app, contest, made, other_words(**changed))

    assert told(app, made) == stands
    assert [kind for kind, _who in letters(app, "consent_due")] == ["consent_due"] * 2


def test_how_the_department_chose_concerns_nobody_who_is_shown_nothing_of_it(
    app: Flask, contest: Contest
) -> None:
    made = handed_in(app, contest)
    for purpose in BOTH:
        answer(app, contest, made, purpose, ConsentAnswer.GIVEN)
    submit_anew(app, contest, made, awards.written(present="12"))

    assert told(app, made) == [ConsentAnswer.GIVEN, ConsentAnswer.GIVEN]
    assert len(letters(app, "consent_due")) == 1


def test_what_changed_while_she_read_is_not_agreed_to(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    with app.app_context():
        seen = consents.get_own(made, contest.person("A1")).shown[ConsentPurpose.JUDGES].digest
    submit_anew(app, contest, made, other_words())

    with pytest.raises(Refused, match="consent.changed_meanwhile"):
        answer(app, contest, made, ConsentPurpose.JUDGES, ConsentAnswer.GIVEN, seen=seen)
    assert told(app, made) == [ASKED, ASKED]


def test_neither_shows_birth_date_or_id_number_and_the_notice_no_deeds(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    with app.app_context():
        shown = consents.get_own(made, contest.person("A1")).shown

    judges, notice = shown[ConsentPurpose.JUDGES], shown[ConsentPurpose.NOTICE]
    assert (list(judges.answers), judges.deeds) == (["post", "since"], "字" * 1000)
    assert (dict(notice.answers), notice.short, notice.deeds) == (
        {"post": "班长"},
        "把小事办到用户心里。",
        "",
    )


@pytest.mark.parametrize("who", ["B2", "C3", "E5"])
def test_nobody_else_answers_and_a_draft_is_not_there(app: Flask, contest: Contest, who: str) -> None:
    made = handed_in(app, contest)
    awards.more_places(app)
    draft = awards.ready(app, contest, "C3", "C3")

    for id_, me in ((made, who), (draft, "C3")):
        with pytest.raises(NotFound):
            answer(app, contest, id_, ConsentPurpose.JUDGES, ConsentAnswer.GIVEN, me, seen="x")
        with app.app_context(), pytest.raises(NotFound), unit_of_work():
            consents.correct(id_, "不对", actor=acting(contest.person(me), NOW))


def test_a_correction_reaches_the_contacts_once(app: Flask, contest: Contest) -> None:
    made, me = handed_in(app, contest), contest.person("A1")
    for _twice in range(2):
        with app.app_context(), unit_of_work():
            consents.correct(made, "参加工作是 2009 年", actor=acting(me, NOW))

    with app.app_context():
        assert [one.text for one in consents.corrections_of(made)] == ["参加工作是 2009 年"]
    assert letters(app, "correction_sent") == [
        ("correction_sent", contest.person(who)) for who in ("B2", "C3")
    ]


def test_a_correction_without_words_or_the_twenty_first_is_refused(app: Flask, contest: Contest) -> None:
    made, me = handed_in(app, contest), contest.person("A1")
    for n in range(20):
        with app.app_context(), unit_of_work():
            consents.correct(made, f"第 {n} 处", actor=acting(me, NOW))
    for text, code in ((" ", "typed.missing"), ("字" * 2001, "typed.too_long"), ("x", "correction.too_many")):
        with app.app_context(), pytest.raises(Refused, match=code), unit_of_work():
            consents.correct(made, text, actor=acting(me, NOW))


def test_who_has_not_answered_both_is_reminded(app: Flask, contest: Contest) -> None:
    made, reminded = handed_in(app, contest), []
    for purpose in (ConsentPurpose.JUDGES, ConsentPurpose.NOTICE, None):
        with app.app_context():
            found = db.session.execute(get_audience("consenting").people(get_managed("award")))
            reminded.append([person for person, _since in found])
        if purpose:
            answer(app, contest, made, purpose, ConsentAnswer.DECLINED, now=NOW + timedelta(hours=1))

    assert reminded == [[contest.person("A1")], [contest.person("A1")], []]
    assert signing.letters(app, "signature_due") == []
