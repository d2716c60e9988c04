"""An answer is shown with the words it was given to, and nothing is stored under words that were never asked."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.campaigns import service as campaigns
from eventreg.campaigns import wording
from eventreg.campaigns.facts import QuestionFacts, ShownForm
from eventreg.campaigns.models import Question
from eventreg.campaigns.wording import LetterWords
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.delivery.contents import registration_letters
from eventreg.people import service as people
from eventreg.registrations import reading
from eventreg.registrations import service as registrations
from eventreg.registrations.models import Answer
from eventreg.registrations.service import Application, RegistrationSource
from tests.registrations.test_roster import export
from tests.rig import sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import form_of, send, token_in
from tests.rig.plan_pages import OUTING, organised, sent
from tests.rig.plans import do, facts

ClientFor = Callable[..., FlaskClient]
FORM, QUESTIONS = "/campaigns/outing/registration", f"{OUTING}/questions"
BUS, CAR = "是否坐大巴？", "是否自驾？"
EARLIER = f"{BUS}（以前问的）"
PHONE = "13800138000"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing, whose remark asks about the bus."""
    found = organised(app)
    with app.app_context(), unit_of_work():
        row = db.session.scalars(select(Question).where(Question.key == "remark")).one()
        row.label, row.hint = BUS, ""
    return found


def asked(app: Flask, label: str) -> QuestionFacts:
    """The question with this label that the form asks now."""
    with app.app_context():
        found = campaigns.list_questions(campaigns.get_campaign("outing").id)
    return next(question for question in found if question.label == label)


def reword(app: Flask, client: FlaskClient, *, was: str = BUS, label: str = CAR, **more: str) -> TestResponse:
    """The organiser gives a question other words."""
    form = {"label": label, "hint": "", "kind": "text"} | more
    return sent(client, f"{QUESTIONS}/{asked(app, was).id}", **form)


def answers(app: Flask) -> dict[str, str]:
    """Every stored answer by the label of the row that it points at."""
    with app.app_context():
        rows = db.session.execute(select(Question.label, Answer.value).join(Question))
        return {label: value for label, value in rows}  # noqa: C416  (rows, typed)


def lines_of(page: TestResponse) -> dict[str, str]:
    """What a receipt says, by its labels."""
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.text)
    return {re.sub("<[^>]+>", "", name): re.sub("<[^>]+>", "", value) for name, value in pairs}


def test_other_words_of_an_answered_question_must_be_explained(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    assert send(client_for("D4"), FORM, remark="是").status_code == 303

    page = client_for("A1").get(f"{QUESTIONS}/{asked(app, BUS).id}")
    refused = reword(app, client_for("A1"))

    assert "改正：问的还是同一件事" in page.text
    assert [refused.status_code, CAR in refused.text] == [409, True]
    assert "请说明这次改动是改正还是新的一题" in refused.text
    assert asked(app, BUS).key == "remark"


@pytest.mark.parametrize("more", [{"required": "y"}, {"label": BUS}])
def test_nobody_is_asked_what_unchanged_words_mean(
    app: Flask, stage: Stage, client_for: ClientFor, more: dict[str, str]
) -> None:
    send(client_for("D4"), FORM, remark="是")

    assert reword(app, client_for("A1"), **{"label": BUS, **more}).status_code == 303
    assert answers(app) == {BUS: "是"}


def test_a_question_nobody_answered_is_changed_at_once(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    page = client_for("A1").get(f"{QUESTIONS}/{asked(app, BUS).id}")

    assert "改正：问的还是同一件事" not in page.text
    assert reword(app, client_for("A1")).status_code == 303
    assert asked(app, CAR).key == "remark"


def test_an_answer_stays_under_the_question_it_was_given_to(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    guest, organiser = client_for("D4"), client_for("A1")
    receipt = send(guest, FORM, remark="是", phone=PHONE).location
    assert reword(app, organiser, meant="new_question").status_code == 303
    assert send(guest, f"{receipt}/answers", phone="13900139000").status_code == 303

    told = lines_of(guest.get(receipt))
    roster, sheet = organiser.get(f"{OUTING}/roster"), export(organiser)
    grid = openpyxl.load_workbook(io.BytesIO(sheet.data)).active
    assert grid is not None
    heads, row = ([cell.value for cell in line] for line in grid.iter_rows(max_row=2))
    by_head = dict(zip(heads, row, strict=True))

    assert [told[EARLIER], told["手机号"], CAR in told] == ["是", "13900139000", False]
    assert answers(app) == {BUS: "是", "手机号": "13900139000"}
    assert f'<b class="ask-head">{EARLIER}：</b>是' in roster.text
    assert (by_head[EARLIER], by_head[CAR] or "") == ("是", "")
    assert EARLIER in organiser.get(f"{OUTING}/messages/new").text


def test_letters_name_the_answer_by_the_words_that_were_asked(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    receipt = send(client_for("D4"), FORM, remark="是").location
    reword(app, client_for("A1"), meant="new_question")
    with app.app_context():
        campaign = campaigns.get_campaign("outing")
        told = registration_letters.filled(
            LetterWords("信", (f"大巴 {{{{回答 {BUS}}}}}", f"自驾 {{{{回答 {CAR}}}}}")),
            campaign,
            {},
            reader=lambda: people.person_facts(stage.people["D4"]),
            answers=lambda: reading.answers_of(int(receipt.rsplit("/", 1)[1])),
        )

    assert told == ("信", ("大巴 是", "自驾 "))


def test_after_a_correction_answers_count_for_the_new_words(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    guest, organiser = client_for("D4"), client_for("A1")
    receipt = send(guest, FORM, remark="是").location
    own = {"zh-CN": LetterWords("有名额", (f"大巴：{{{{回答 {BUS}}}}}",))}
    do(app, "outing", wording.change, "registration_seated", own, now=utc_now())
    better = "是否乘坐大巴？"

    assert reword(app, organiser, label=better, meant="correction").status_code == 303

    assert lines_of(guest.get(receipt))[better] == "是"
    assert f'<b class="ask-head">{better}：</b>是' in organiser.get(f"{OUTING}/roster").text
    assert asked(app, better).key == "remark"
    found = facts(app, "outing")
    with app.app_context():
        written = wording.written(found.id, found.version)
    assert written["registration_seated", "zh-CN"].lines == (f"大巴：{{{{回答 {better}}}}}",)


def test_another_kind_of_answer_is_another_question(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    send(client_for("D4"), FORM, remark="是")

    assert reword(app, client_for("A1"), kind="phone", meant="correction").status_code == 409
    assert reword(app, client_for("A1"), kind="phone", meant="new_question").status_code == 303
    assert answers(app) == {BUS: "是"}


@pytest.mark.parametrize("answered", [True, False])
def test_a_form_opened_before_the_change_comes_back(
    app: Flask, stage: Stage, client_for: ClientFor, answered: bool
) -> None:
    if answered:
        send(client_for("C3"), FORM, remark="不")
    before, late = answers(app), client_for("D4")
    opened = form_of(late.get(FORM)) | {"remark": "是，两个人", "phone": PHONE}
    reword(app, client_for("A1"), meant="new_question")

    answer = late.post(FORM, data=opened)

    assert answer.status_code == 409
    assert "报名表刚刚改过" in unescape(answer.text)
    assert [CAR in answer.text, "是，两个人" in answer.text, PHONE in answer.text] == [True, True, True]
    assert answers(app) == before
    assert "D4" not in sight.places(app)

    again = late.post(
        FORM, data=form_of(answer) | {"remark": "", asked(app, CAR).key: "自驾", "phone": PHONE}
    )
    assert again.status_code == 303
    assert answers(app)[CAR] == "自驾"


def test_a_form_without_a_version_counts_as_the_current_one(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    """A form that was open while the product was upgraded has none, and programs that send forms neither."""
    guest = client_for("D4")
    opened = form_of(guest.get(FORM)) | {"remark": "是"}
    del opened["form_version"]

    assert guest.post(FORM, data=opened).status_code == 303


def test_changing_answers_in_an_old_form_stores_nothing(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    guest = client_for("D4")
    page = f"{send(guest, FORM, remark='是').location}/answers"
    opened = form_of(guest.get(page)) | {"remark": "是", "phone": PHONE}
    reword(app, client_for("A1"), meant="correction", label="是否乘坐大巴？")

    answer = guest.post(page, data=opened)

    assert [answer.status_code, "是否乘坐大巴？" in answer.text, PHONE in answer.text] == [409, True, True]
    assert answers(app) == {"是否乘坐大巴？": "是"}


def test_the_form_is_compared_while_the_campaign_is_locked(app: Flask, stage: Stage) -> None:
    """The words change between the check of the form and the unit of work."""
    with app.app_context():
        campaign = campaigns.get_campaign("outing")
        entry = campaigns.entry_for(campaign)
    remark = next(q for q in entry.questions if q.key == "remark")
    with app.app_context(), unit_of_work():
        db.session.get_one(Question, remark.id).label = CAR
        locked, _window = campaigns.lock_window(stage.campaign_id)
        locked.version += 1
    wanted = Application(
        stage.people["D4"], {remark.id: "是"}, stage.notice_id, True, RegistrationSource.WEB,
        shown=ShownForm(entry, entry.version),
    )  # fmt: skip

    with app.app_context(), pytest.raises(Refused, match="form_changed"), unit_of_work():
        registrations.register(
            stage.campaign_id, wanted, actor=acting(stage.people["D4"], utc_now(), stage.keys)
        )
    assert sight.places(app) == {}


def test_the_older_of_two_tabs_overwrites_nothing(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    guest = client_for("D4")
    page = f"{send(guest, FORM, remark='是', phone=PHONE).location}/answers"
    older = form_of(guest.get(page)) | {"remark": "是", "phone": "13700137000"}
    newer = form_of(guest.get(page)) | {"remark": "不", "phone": PHONE}
    assert guest.post(page, data=newer).status_code == 303

    answer = guest.post(page, data=older)

    assert answer.status_code == 409
    assert "你在另一个窗口改过填写内容" in answer.text
    assert ["13700137000" in answer.text, "现在保存的是" in answer.text] == [True, True]
    assert answers(app) == {BUS: "不", "手机号": PHONE}
    assert (
        guest.post(page, data=form_of(answer) | {"remark": "是", "phone": "13700137000"}).status_code == 303
    )
    assert answers(app) == {BUS: "是", "手机号": "13700137000"}


def test_sending_the_same_change_twice_is_no_conflict(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    guest = client_for("D4")
    page = f"{send(guest, FORM, remark='是').location}/answers"
    form = {"csrf_token": token_in(guest.get(page)), **form_of(guest.get(page)), "remark": "不"}

    assert [guest.post(page, data=form).status_code for _ in range(2)] == [303, 303]


def test_an_english_reader_is_told_what_was_asked_before(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    guest = client_for("D4")
    receipt = send(guest, FORM, remark="是").location
    reword(app, client_for("A1"), meant="new_question")

    page = guest.get(receipt, headers={"Accept-Language": "en"})
    assert f"{BUS} (asked before)" in page.text
