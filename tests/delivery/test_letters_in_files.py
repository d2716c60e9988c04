"""Without a mail server letters are written to files: nobody may read that they were sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.outbox import resend
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import LetterState, SendOutcome
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.plan_pages import organised

from .test_letters import deliver_all

ClientFor = Callable[..., FlaskClient]
WRITTEN, SENT = (
    ">已写成文件",
    ">已发出",
)  # at the beginning of an element: a kind of letter is called 群消息：提醒已发出


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing, B2 administers; C3's letter was written to a file."""
    set_up = organised(app)
    cast.sign_up(app, set_up, "C3", now=utc_now())
    deliver_all(app)
    return set_up


@pytest.mark.parametrize("page", ["/manage/letters", "/manage/letters/1", "/manage/letters?state=written"])
def test_an_organiser_reads_that_it_was_written_to_a_file(
    stage: Stage, client_for: ClientFor, page: str
) -> None:
    text = client_for("A1").get(page).text

    assert [word in text for word in (WRITTEN, SENT, "收信人没有收到")] == [True, False, True]


def test_the_filter_of_sent_letters_does_not_find_it(stage: Stage, client_for: ClientFor) -> None:
    assert "没有符合的信件" in client_for("A1").get("/manage/letters?state=sent").text


def test_so_do_the_page_of_the_person_and_their_own_data(stage: Stage, client_for: ClientFor) -> None:
    pages = [
        client_for("B2").get(f"/manage/people/{stage.people['C3']}").text,
        client_for("C3").get("/my/data").text,
    ]

    assert [(WRITTEN in text, SENT in text) for text in pages] == [(True, False)] * 2
    answer = client_for("C3").get("/my/data.json").json or {}
    assert [letter["in_file"] for letter in answer["letters"]] == [True]


def test_it_can_be_sent_again_and_did_not_bounce(app: Flask, stage: Stage) -> None:
    actor = acting("test", utc_now(), stage.keys)
    with app.app_context(), pytest.raises(Refused) as refused, unit_of_work():
        resend.note_bounce(resend.lock_letter(1, mine=None), came_back=True, actor=actor)
    with app.app_context(), unit_of_work():
        again = resend.send_again(resend.lock_letter(1, mine=None), "c3@example.cn", actor=actor)
    with app.app_context():
        row = db.session.get_one(Letter, 1)
        after = (row.state, row.sent_at)
        in_file = row.in_file

    assert (refused.value.code, after) == ("mending.not_sent", ("queued", None))
    assert again
    assert not in_file


def test_what_a_folder_takes_is_no_letter_that_a_server_accepted() -> None:
    from eventreg.outbox.rules import FINAL

    assert {outcome for outcome, state in FINAL.items() if state is LetterState.SENT} == {
        SendOutcome.ACCEPTED,
        SendOutcome.WRITTEN,
    }


def test_the_overview_tells_administrators_alone(stage: Stage, client_for: ClientFor) -> None:
    told = ["没有邮件服务器，信没有发出去" in client_for(who).get("/manage").text for who in ("A1", "B2")]

    assert told == [False, True]
