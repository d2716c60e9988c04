"""Letters: posted with their fact, claimed once, handed over, settled; each says what is so."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar

from eventreg.accounts import sign_in_codes
from eventreg.campaigns.rules import ScheduleState
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.delivery import qr
from eventreg.delivery.mail import mailer
from eventreg.delivery.sender import deliver_next
from eventreg.outbox import claims
from eventreg.outbox.rules import Lane, SendOutcome
from eventreg.registrations import announcing, tickets
from tests.rig import cast, sight
from tests.rig.cast import NOW, Stage


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The sender reads the clock: let it read the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


def deliver_all(app: Flask) -> int:
    """Deliver what is due, as the sender's threads do."""
    sent = 0
    with app.app_context():
        for lane in Lane:
            while dealt := deliver_next("test", lane):
                sent += dealt
    return sent


def mails(settings: Settings) -> list[EmailMessage]:
    """The .eml files, oldest first."""
    files = sorted((settings.instance / "mail").glob("*.eml"))
    return [email.message_from_bytes(f.read_bytes(), policy=email.policy.default) for f in files]


def part(mail: EmailMessage, kind: str) -> EmailMessage:
    """The part of a mail with this content type."""
    return next(p for p in mail.walk() if p.get_content_type() == kind)


def test_a_seat_is_told_with_its_qr_and_calendar(app: Flask, stage: Stage, settings: Settings) -> None:
    receipt = cast.sign_up(app, stage, "A1")
    deliver_all(app)

    [mail] = mails(settings)
    with app.app_context():
        token = tickets.find_token(receipt.id, keys=stage.keys)
    assert mail["subject"] == "已报上：踏春嘉年华、健康伴我行"
    assert (mail["to"], mail["from"]) == ("a1@example.cn", "三八活动组 <eventreg@localhost>")
    assert part(mail, "image/png").get_content() == qr.png(f"http://localhost/t/{token}")
    picture = str(part(mail, "image/png")["content-id"]).strip("<>")
    assert picture == f"qr.{str(mail['message-id']).strip('<>')}"
    assert f'src="cid:{picture}"' in part(mail, "text/html").get_content()
    assert "已报上，编号 1" in part(mail, "text/plain").get_content()


def test_the_calendar_keeps_one_uid_an_activity(app: Flask, stage: Stage, settings: Settings) -> None:
    receipt = cast.sign_up(app, stage, "A1")
    deliver_all(app)

    parts = [p for p in mails(settings)[0].walk() if p.get_content_type() == "text/calendar"]
    entries = [e for p in parts for e in Calendar.from_ical(p.get_content()).walk("VEVENT")]
    assert [str(e["uid"]).split("-activity")[0] for e in entries] == [f"registration-{receipt.id}"] * 2
    assert [str(e["status"]) for e in entries] == ["TENTATIVE", "TENTATIVE"]
    assert str(entries[0].decoded("dtstart")) == "2027-03-04"


def test_a_letter_speaks_its_readers_language(app: Flask, stage: Stage, settings: Settings) -> None:
    from eventreg.people import service as people

    with app.app_context(), unit_of_work():
        people.choose_locale(stage.people["A1"], "en")
    cast.sign_up(app, stage, "A1")
    deliver_all(app)

    assert mails(settings)[0]["subject"] == "You have a place: 踏春嘉年华、健康伴我行"


def test_each_change_is_told_to_whom_it_concerns(app: Flask, stage: Stage, settings: Settings) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    deliver_all(app)
    cast.withdraw(app, stage, "A1")
    deliver_all(app)

    assert [(m["to"], str(m["subject"]).split("：")[0]) for m in mails(settings)] == [
        ("a1@example.cn", "已报上"),
        ("b2@example.cn", "已报上"),
        ("c3@example.cn", "候补第 1 位"),
        ("a1@example.cn", "已退出"),
        ("c3@example.cn", "轮到你了"),
    ]


def test_what_was_overtaken_is_not_sent(app: Flask, stage: Stage, settings: Settings) -> None:
    cast.sign_up(app, stage, "A1")
    cast.withdraw(app, stage, "A1")
    deliver_all(app)

    assert [str(m["subject"]).split("：")[0] for m in mails(settings)] == ["已退出"]
    assert sight.letters(app) == [("registration_seated", "withheld"), ("registration_withdrawn", "sent")]


def test_the_code_is_blanked_once_it_is_sent(app: Flask, stage: Stage, settings: Settings) -> None:
    from eventreg.core.db.session import db
    from eventreg.outbox.models import Letter

    with app.app_context(), unit_of_work():
        sign_in_codes.ask(
            "a1@example.cn", address="127.0.0.1", locale="zh-CN", keys=stage.keys, now=utc_now()
        )
    deliver_all(app)

    with app.app_context():
        letter = db.session.query(Letter).one()
        assert (letter.state, letter.sealed) == ("sent", None)
    assert mails(settings)[0]["subject"].startswith("登录验证码 ")


def test_a_claim_is_one_workers_until_it_runs_out(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    with app.app_context():
        with unit_of_work():
            first = claims.claim("one", Lane.ORDINARY, now=NOW)
        with unit_of_work():
            second = claims.claim("two", Lane.ORDINARY, now=NOW)

    assert ([letter.kind for letter in first], second) == (["registration_seated"], [])


def test_a_settled_letter_of_a_lost_claim_is_left_alone(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    with app.app_context():
        with unit_of_work():
            [letter] = claims.claim("one", Lane.ORDINARY, now=NOW)
        with unit_of_work():
            claims.settle(letter, SendOutcome.ACCEPTED, worker="two", now=NOW)

    assert sight.letters(app) == [("registration_seated", "claimed")]


def test_a_kill_between_claim_and_settling_repeats_the_same_message_id(app: Flask, stage: Stage) -> None:
    from sqlalchemy import update

    from eventreg.core.db.session import db
    from eventreg.outbox.models import Letter

    cast.sign_up(app, stage, "A1")
    with app.app_context():
        with unit_of_work():
            [first] = claims.claim("killed", Lane.ORDINARY, now=NOW)
        with unit_of_work():
            db.session.execute(update(Letter).values(claimed_until=NOW - timedelta(days=400)))
        with unit_of_work():
            [again] = claims.claim("another", Lane.ORDINARY, now=NOW)

    assert (again.message_id, again.attempts) == (first.message_id, 2)


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@evil.example", "a\nb", "a\x00b", "a\u2028b", "a\r\n b"])
def test_no_control_character_reaches_a_header(sqlite_app: Flask, bad: str) -> None:
    from eventreg.delivery.letters import LetterContent

    with sqlite_app.test_request_context(), pytest.raises(ValueError, match="control character"):
        mailer.compose(LetterContent(bad, "h", ("x",)), "a@example.cn", message_id="<x@y>", posted_at=NOW)


def test_a_moved_day_is_told_with_the_new_calendar_and_overtaken_by_the_next(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    from tests.rig.plans import HOUR, as_new, do, facts

    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    cast.withdraw(app, stage, "B2")
    deliver_all(app)
    before, hike = len(mails(settings)), facts(app, "outing").activities[0]
    for hour in (8, 9):
        times = {"starts_at": cast.DAY + hour * HOUR, "ends_at": cast.DAY + 12 * HOUR, "time_known": True}
        moved = as_new(hike, schedule=ScheduleState.CONFIRMED, place="东门", **times)
        do(app, "outing", announcing.change_activity, hike.id, moved)
    deliver_all(app)

    first, second = mails(settings)[before:]
    assert [(m["to"], str(m["subject"])) for m in (first, second)] == [
        ("a1@example.cn", "“徒步游”的日程有变：踏春嘉年华、健康伴我行"),
        ("c3@example.cn", "“徒步游”的日程有变：踏春嘉年华、健康伴我行"),
    ]
    text = part(first, "text/plain").get_content()
    assert ["3月4日(周四) 09:00" in text, "3月4日(周四) 08:00" in text, "东门" in text] == [True] * 3
    entries = Calendar.from_ical(part(first, "text/calendar").get_content()).walk("VEVENT")
    assert [(str(e["sequence"]), str(e["status"])) for e in entries] == [("2", "CONFIRMED")]
    html = part(first, "text/html").get_content()
    assert "✓" not in html
    assert "#2a6138" not in html
    assert [kind_state for kind_state in sight.letters(app) if kind_state[0] == "activity_changed"] == [
        ("activity_changed", "withheld"), ("activity_changed", "withheld"),
        ("activity_changed", "sent"), ("activity_changed", "sent"),
    ]  # fmt: skip
