"""A separate consent to sensitive data (PIPL 29): asked where there are any, and without it HR does not see them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns.service import get_campaign, get_managed
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import reading, terms
from eventreg.nominations.rules import DEFAULT_FIELDS, Terms
from eventreg.nominations.screening import queue
from eventreg.nominations.screening.rules import CheckStatus
from eventreg.nominations.signing import consents, service
from eventreg.nominations.signing.rules import ConsentAnswer, ConsentPurpose
from eventreg.reminders.audiences import get_audience
from eventreg.reports.documents import award_papers
from tests.rig import awards, cast, signing
from tests.rig.actors import acting
from tests.rig.awards import Contest, written
from tests.rig.cast import NOW, Stage
from tests.rig.clients import signed_in_client

SAID = "畲族"
SENSITIVE = ConsentPurpose.SENSITIVE


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    return asking(app, awards.set_award(app, stage))


def asking(app: Flask, contest: Contest) -> Contest:
    """The award asks for the ethnicity, with a purpose."""
    with app.app_context(), unit_of_work():
        found = get_campaign("award")
        wanted = replace(terms.terms_of(found), fields={**DEFAULT_FIELDS, "ethnicity": "统计用"})
        actor = acting("test", NOW)
        terms.change(found.id, wanted, closes_at=found.deadline, seen=found.version, actor=actor)
    return contest


def submitted(app: Flask, contest: Contest, ethnicity: str = SAID) -> int:
    made = awards.begin(app, contest, "B2", "A1")
    awards.save(app, contest, "B2", made, written(ethnicity=ethnicity))
    awards.submit(app, contest, "B2", made)
    return made


def answer(app: Flask, contest: Contest, made: int, said: ConsentAnswer) -> None:
    with app.app_context(), unit_of_work():
        me = contest.person("A1")
        seen = consents.get_own(made, me).shown[SENSITIVE].digest
        consents.answer(made, SENSITIVE, said, seen=seen, actor=acting(me, NOW))


def read_by_hr(app: Flask, made: int) -> str:
    with app.app_context():
        [found] = reading.submitted([made])
        return service.for_reviewers(made, reading.saved(made, found.handed_in or 0).content).says(
            "ethnicity"
        )


def standing(app: Flask, made: int) -> CheckStatus | None:
    """How the check of this consent stands on HR's page, None where it is not asked."""
    with app.app_context():
        [line] = queue.lines_of(get_campaign("award"), [made], now=NOW)
    return next((check.standing for check in line.checks if check.code == "sensitive"), None)


def test_hr_reads_them_only_while_the_consent_stands(app: Flask, contest: Contest) -> None:
    made = submitted(app, contest)
    read = [(read_by_hr(app, made), standing(app, made))]
    for said in (ConsentAnswer.GIVEN, ConsentAnswer.WITHDRAWN, ConsentAnswer.DECLINED):
        answer(app, contest, made, said)
        read.append((read_by_hr(app, made), standing(app, made)))

    assert read == [
        ("", CheckStatus.OPEN),
        (SAID, CheckStatus.FINE),
        ("", CheckStatus.FINE),
        ("", CheckStatus.FINE),
    ]


def test_it_is_asked_only_where_there_are_any_and_shows_exactly_them(app: Flask, contest: Contest) -> None:
    made = submitted(app, contest)
    with app.app_context():
        own = consents.get_own(made, contest.person("A1"))

    assert list(own.shown) == list(own.consents) == list(ConsentPurpose)
    assert dict(own.shown[SENSITIVE].answers) == {"ethnicity": SAID}
    assert SAID not in str(own.shown[ConsentPurpose.JUDGES]) + str(own.shown[ConsentPurpose.NOTICE])


def test_a_form_without_them_asks_for_nothing_more(app: Flask, contest: Contest) -> None:
    with app.app_context(), unit_of_work():
        found = get_campaign("award")
        terms.change(
            found.id, Terms(), closes_at=found.deadline, seen=found.version, actor=acting("test", NOW)
        )
    made = signing.handed_in(app, contest)
    me = contest.person("A1")

    with app.app_context():
        assert SENSITIVE not in consents.get_own(made, me).shown
        with pytest.raises(Refused, match="consent.changed_meanwhile"), unit_of_work():
            consents.answer(made, SENSITIVE, ConsentAnswer.GIVEN, seen="x", actor=acting(me, NOW))
    assert standing(app, made) is None


def test_other_data_are_asked_anew_and_who_has_not_answered_is_reminded(app: Flask, contest: Contest) -> None:
    made = submitted(app, contest)
    answer(app, contest, made, ConsentAnswer.GIVEN)
    signing.submit_anew(app, contest, made, written(ethnicity="苗族"))
    anew = read_by_hr(app, made)
    answer(app, contest, made, ConsentAnswer.GIVEN)

    assert (anew, read_by_hr(app, made)) == ("", "苗族")
    with app.app_context():
        due = db.session.execute(get_audience("consenting").people(get_managed("award")))
        assert [person for person, _since in due] == [contest.person("A1")], "judges and notice are open"


def hr_of(app: Flask, contest: Contest) -> FlaskClient:
    with app.app_context(), unit_of_work():
        grants.grant(
            contest.person("F6"), Role.HR_REVIEWER, unit_id=None, actor=acting("test", cast.lately())
        )
    return signed_in_client(app, "F6")


def test_no_page_and_no_paper_of_hr_shows_them_without_it(sqlite_app: Flask) -> None:
    contest = asking(sqlite_app, awards.set_award(sqlite_app, cast.set_stage(sqlite_app)))
    made = submitted(sqlite_app, contest)
    hr, page = hr_of(sqlite_app, contest), f"/review/nominations/{made}"

    def shown() -> list[bool]:
        with sqlite_app.app_context(), sqlite_app.test_request_context():
            sheets = award_papers.forms(get_campaign("award"), NOW, lambda _link: "<svg/>")
        return [SAID in hr.get(page).text, SAID in str([sheet.facts for sheet in sheets])]

    without = shown()
    said = hr.get(page).text
    answer(sqlite_app, contest, made, ConsentAnswer.GIVEN)

    assert without == [False] * 2
    assert "本人没有同意提供" in said
    assert shown() == [True] * 2


def test_her_page_asks_and_says_that_the_award_does_not_hang_on_it(sqlite_app: Flask) -> None:
    contest = asking(sqlite_app, awards.set_award(sqlite_app, cast.set_stage(sqlite_app)))
    made = submitted(sqlite_app, contest)

    page = signed_in_client(sqlite_app, "A1").get(f"/my/nominations/{made}").text

    assert SAID in page
    assert "不同意不影响参评" in page
