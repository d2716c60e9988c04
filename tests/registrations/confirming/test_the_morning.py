"""07:00 on the day: it rains, and the outing moves to the 5th from a phone. The whole day by page and by mail (issue 23)."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg import jobs
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.db.session import db, unit_of_work
from eventreg.outbox.models import Letter
from eventreg.registrations.models import Registration
from tests.delivery.calendar_store import CalendarStore
from tests.delivery.mail_rig import mailing_app
from tests.delivery.mail_server import Box, smtp
from tests.delivery.test_letters import deliver_all
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import DAY, NOW, Stage
from tests.rig.clients import signed_in_client
from tests.rig.plans import facts

from .morning import EVENING, HOUR, SEVEN, keep_running, live

MOVE = "/manage/campaigns/outing/move"
SEATED = ["D4", *(f"X{n:04d}" for n in range(1, 30))]  # D4 has no mailbox
WAITING = [f"X{n:04d}" for n in range(30, 38)]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def full(tmp_path: Path, database: str, box: Box) -> Iterator[tuple[Flask, Stage]]:
    """Thirty have places and eight wait; their letters of that day have arrived."""
    with (
        smtp(box) as port,
        time_machine.travel(NOW, tick=True),
        mailing_app(tmp_path, port, database=database) as app,
    ):
        stage = cast.set_stage(app, capacity=30, extra=40)
        with app.app_context(), unit_of_work():
            organises = acting("test", NOW - HOUR)
            campaign_grants.grant(stage.people["A1"], Role.ORGANISER, "outing", actor=organises)
        for who in (*SEATED, *WAITING):
            cast.sign_up(app, stage, who)
        deliver_all(app)
        yield app, stage


def hidden(page: TestResponse) -> dict[str, str]:
    """The hidden fields of a page's form."""
    inputs = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text.split("<main")[1])
    pairs = [(re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs]
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


def in_state(app: Flask, kind: str) -> Counter[tuple[str, str]]:
    """(state of the registration, state of the letter) of all letters of a kind."""
    rows = select(Registration.state, Letter.state).join(
        Registration, Registration.person_id == Letter.person_id
    )
    with app.app_context():
        return Counter((one, other) for one, other in db.session.execute(rows.where(Letter.kind == kind)))


def test_the_whole_morning(full: tuple[Flask, Stage], box: Box) -> None:
    app, stage = full
    with time_machine.travel(SEVEN - HOUR, tick=True) as clock:
        with app.app_context():
            jobs.give_places(SEVEN - HOUR)
        clock.move_to(SEVEN)
        organiser = signed_in_client(app, "A1")
        preview = fill_in(organiser)
        sent = send(organiser, preview)
        deliver_all(app)

        assert "报上的 30 人，每人一封邮件，其中 1 人没有邮箱" in preview.text
        assert "候补的 8 人，每人一封邮件。" in preview.text
        assert sent.status_code == 303
        assert "请 30 人重新确认" in organiser.get(sent.location).text
        assert in_state(app, "activity_changed") == {
            ("seated", "sent"): 29, ("seated", "withheld"): 1, ("waiting", "sent"): 8,
        }  # fmt: skip

        answer_by_page(app, stage, clock)
        keep_running(app, SEVEN - HOUR, EVENING - HOUR / 2)
        clock.move_to(EVENING)
        with app.app_context():
            jobs.give_places(EVENING)
        deliver_all(app)

        places = sight.places(app)
        assert Counter(places.values()) == {"seated": 30, "withdrawn": 7, "waiting": 1}
        assert [who for who in WAITING if places[who] == "seated"] == WAITING[:7]
        page = signed_in_client(app, "A1").get("/manage/campaigns/outing/confirmations").text
        assert ["没有邮箱，没有通知到：1 人" in page, "邓力" in page] == [True, True]
        assert tallies_of(page) == [30, 22, 3, 4, 0, 1, 1]
        assert sight.drift(app) == []
        assert calendars(box) == {who: on_page(app, stage, who) for who in (*SEATED, *WAITING) if who != "D4"}


def fill_in(organiser: FlaskClient) -> TestResponse:
    """The organiser moves everything to the 5th; the preview."""
    form = hidden(organiser.get(MOVE))
    return organiser.post(MOVE, data=form | {"what": "moved", "day": "2027-03-05", "step": "preview"})


def send(organiser: FlaskClient, preview: TestResponse) -> TestResponse:
    """The organiser asks for answers until 18:00 and sends it."""
    asked = {"asks": "ask", "confirm_by": "2027-03-04T18:00", "note": "今天有雨", "step": "send"}
    return organiser.post(MOVE, data=hidden(preview) | asked)


def answer_by_page(app: Flask, stage: Stage, clock: time_machine.Traveller) -> None:
    """22 come, 3 do not: their places are given, a day before the start; five, of whom D4 was not reached, say nothing."""
    clock.move_to(SEVEN + HOUR / 2)
    for n, who in enumerate(SEATED[1:26]):
        client, at = signed_in_client(app, who), f"/my/registrations/{live(app, stage, who)}"
        page = client.get(f"{at}/confirmation")
        assert page.status_code == 200
        token = {"csrf_token": hidden(page)["csrf_token"]}
        button = "confirmation" if n < 22 else "withdrawal"
        assert client.post(f"{at}/{button}", data=token).status_code == 303
    told = signed_in_client(app, SEATED[28])
    assert all("确认能不能来" in told.get(path).text for path in ("/", "/campaigns/outing"))
    assert "今天有雨" in told.get("/campaigns/outing").text


def tallies_of(page: str) -> list[int]:
    """The figures of the page."""
    return [int(n) for n in re.findall(r"<dd>(\d+)</dd>", page.split('class="tallies"')[1].split("</dl>")[0])]


def calendars(box: Box) -> dict[str, list[tuple[str, str, str]]]:
    """What each reader's calendar holds after every .ics that was mailed."""
    stores = {who: CalendarStore() for who in (*SEATED, *WAITING) if who != "D4"}
    for raw in box.got:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        who = str(mail["to"]).partition("@")[0].upper()
        if who in stores:
            stores[who].receive(mail)
    return {who: store.shown for who, store in stores.items()}


def on_page(app: Flask, stage: Stage, who: str) -> list[tuple[str, str, str]]:
    """The entries of the file that somebody's page offers; none without a place."""
    answer = signed_in_client(app, who).get(f"/my/registrations/{live(app, stage, who)}/calendar.ics")
    if answer.status_code == 404:
        return []
    store = CalendarStore()
    for event in Calendar.from_ical(answer.text).walk("VEVENT"):
        store.entries[str(event["uid"])] = event
    return store.shown


def test_a_deadline_after_the_new_start_is_asked_at_its_field_and_nothing_is_lost(
    full: tuple[Flask, Stage], box: Box
) -> None:
    app, _stage = full
    organiser = signed_in_client(app, "A1")
    soon: datetime = NOW + timedelta(days=3)
    form = hidden(organiser.get(MOVE)) | {"what": "moved", "day": f"{soon:%Y-%m-%d}", "step": "preview"}

    preview = organiser.post(MOVE, data=form)
    asked = {"asks": "tell", "note": "提前", "step": "send"}
    refused = organiser.post(MOVE, data=hidden(preview) | asked)
    closes = {"closes_at": f"{NOW + timedelta(days=2):%Y-%m-%dT%H:%M}"}
    sent = organiser.post(MOVE, data=hidden(refused) | asked | closes)

    assert 'name="closes_at"' in preview.text
    assert refused.status_code == 409
    assert 'value="提前"' in refused.text
    assert sent.status_code == 303
    assert DAY.date() != soon.date()


def test_a_day_before_now_is_said_at_its_field(full: tuple[Flask, Stage]) -> None:
    app, _stage = full
    organiser = signed_in_client(app, "A1")
    form = hidden(organiser.get(MOVE)) | {"what": "moved", "day": "2027-02-01", "step": "preview"}

    answer = organiser.post(MOVE, data=form)

    assert answer.status_code == 409
    assert "这一天已经过了" in answer.text
    assert 'value="2027-02-01"' in answer.text


def test_a_move_that_was_sent_already_is_sent_no_second_time(full: tuple[Flask, Stage]) -> None:
    """Two organisers look at the same preview, or one presses twice."""
    app, _stage = full
    with time_machine.travel(SEVEN, tick=True):
        organiser = signed_in_client(app, "A1")
        preview = fill_in(organiser)

        answers = [send(organiser, preview) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [303, 303]
        assert "日程已经是这样了，没有再发信。" in organiser.get(answers[1].location).text
        assert in_state(app, "activity_changed").total() == 38


def test_what_was_called_off_comes_back_without_hunting_for_a_tick(full: tuple[Flask, Stage]) -> None:
    app, _stage = full
    with time_machine.travel(SEVEN, tick=True):
        organiser = signed_in_client(app, "A1")
        for what in ("cancelled", "confirmed"):
            page = organiser.get(MOVE)
            form = hidden(page) | {"what": what, "day": "2027-03-04"}
            form |= dict.fromkeys(re.findall(r'name="(cancel_\d+)"[^>]* checked', page.text), "y")
            preview = organiser.post(MOVE, data=form | {"step": "preview"})
            sent = organiser.post(MOVE, data=hidden(preview) | {"asks": "tell", "step": "send"})
            assert sent.status_code == 303

    assert {str(a.schedule) for a in facts(app, "outing").activities} == {"confirmed"}


def test_the_preview_says_which_date_keeps_the_move_from_being_sent(full: tuple[Flask, Stage]) -> None:
    """Personal data may be kept until 12 June: nobody consented to more."""
    app, _stage = full
    with time_machine.travel(SEVEN, tick=True):
        organiser = signed_in_client(app, "A1")
        fits, late = (
            organiser.post(
                MOVE, data=hidden(organiser.get(MOVE)) | {"what": "moved", "day": day, "step": "preview"}
            ).text
            for day in ("2027-03-05", "2027-12-05")
        )

    said = "新的日期在这一天以后，这样改不了"
    assert said not in fits
    assert said in late


def test_nobody_is_asked_to_confirm_what_is_called_off(full: tuple[Flask, Stage]) -> None:
    app, _stage = full
    question = "报上的人要不要重新确认"
    with time_machine.travel(SEVEN, tick=True):
        organiser = signed_in_client(app, "A1")
        form = hidden(organiser.get(MOVE)) | {"day": "2027-03-05", "step": "preview"}
        off = organiser.post(MOVE, data=form | {"what": "cancelled"})
        sent = organiser.post(MOVE, data=hidden(off) | {"step": "send"})

        assert question in organiser.post(MOVE, data=form | {"what": "moved"}).text
        assert question not in off.text
        assert sent.status_code == 303
        assert in_state(app, "activity_changed").total() == 38
