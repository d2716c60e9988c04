"""The form of a mail: what was meant is what a reader's program reads, whatever the text."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from flask import Flask
from flask_mail import Attachment
from hypothesis import given, settings
from hypothesis import strategies as st

from eventreg.delivery.letters import LetterContent
from eventreg.delivery.mail import mailer
from eventreg.delivery.mail.message import LetterMail, mailbox
from eventreg.words.delivery.unlinked import unlinked
from tests.rig.cast import NOW

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
ANY = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"])
NAMES = st.text(st.one_of(HAN, ANY), min_size=1, max_size=200)
WORDS = st.lists(NAMES, min_size=1, max_size=6).map(" ".join)
ADDRESS = re.compile(r"[\w-]\.[A-Za-z]{2,}|https?://|\w@\w|www\.", re.ASCII)


@pytest.fixture(scope="module")
def mail_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """No database, no product: only what builds a mail."""
    app = Flask("mail")
    folder = tmp_path_factory.mktemp("mail")
    mailer.configure(app, "", sender="三八活动组 <events@example.cn>", ca_file="", folder=folder)
    with app.app_context():
        yield app


@pytest.fixture(autouse=True)
def usual_sender(mail_app: Flask) -> None:
    """Each test begins with the house's own name."""
    mail_app.extensions["mail"].default_sender = ("三八活动组", "events@example.cn")


def read(message: LetterMail) -> tuple[EmailMessage, bytes]:
    """As a mail program reads it, and its bytes."""
    raw = message.as_bytes()
    return email.message_from_bytes(raw, policy=email.policy.default), raw


def letter(subject: str = "s", body: str = "b", html: str = "<p>h</p>", **more: Any) -> LetterMail:
    """A message ready to be built."""
    message = LetterMail(subject, recipients=["a@example.cn"], body=body, html=html, **more)
    message.msgId, message.date = "<0123@eventreg.invalid>", NOW.timestamp()
    return message


@given(subject=WORDS)
@settings(max_examples=150)
def test_a_subject_reads_as_it_was_meant(mail_app: Flask, subject: str) -> None:
    mail, raw = read(letter(subject))

    assert str(mail["subject"]) == subject
    assert max(map(len, raw.splitlines())) <= 78


@given(name=WORDS)
@settings(max_examples=150)
def test_a_sender_s_name_of_any_length_reads_as_it_was_meant(mail_app: Flask, name: str) -> None:
    """Read by RFC 2047, as mail programs do; CPython's newer parser adds a space between two encoded words."""
    mail_app.extensions["mail"].default_sender = (name, "events@example.cn")
    raw = letter(sender="events@example.cn").as_bytes()
    sender = email.message_from_bytes(raw)["from"].rsplit(" ", 1)
    shown = str(make_header(decode_header(sender[0])))

    assert (shown if "=?" in sender[0] else parseaddr(" ".join(sender))[0], sender[1]) == (
        name,
        "<events@example.cn>",
    )
    assert max(map(len, raw.splitlines())) <= 78


@pytest.mark.parametrize(
    "name", ["三八活动组", "禾川农电有限公司党群工作部", '禾川, "农电" <HR>', 'HR, "Events"']
)
def test_usual_names_read_as_they_were_meant_by_any_program(mail_app: Flask, name: str) -> None:
    mail_app.extensions["mail"].default_sender = (name, "events@example.cn")
    [sender] = read(letter(sender="events@example.cn"))[0]["from"].addresses

    assert (sender.display_name, sender.addr_spec) == (name, "events@example.cn")


@given(body=st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=3000))
@settings(max_examples=60)
def test_bodies_of_any_text_go_in_short_ascii_lines(mail_app: Flask, body: str) -> None:
    mail, raw = read(letter(body=body, html=f"<p>{body}</p>"))
    texts = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_maintype() == "text"]

    assert texts == [body.encode(), f"<p>{body}</p>".encode()]
    assert max(map(len, raw.splitlines())) <= 78
    assert raw.isascii()


def test_the_picture_is_inside_the_html_and_the_calendar_beside_the_text(mail_app: Flask) -> None:
    pictures = [Attachment("ticket.png", "image/png", b"png", "inline", {"Content-ID": "<qr>"})]
    calendar = Attachment("日程.ics", "text/calendar; charset=utf-8; method=REQUEST", b"BEGIN")
    mail, _raw = read(letter(attachments=[*pictures, calendar]))

    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
    ]
    parts = list(mail.walk())
    assert (parts[5]["content-id"], parts[5].get_content_disposition()) == ("<qr>", "inline")
    assert (parts[6].get_filename(), parts[6].get_param("method")) == ("日程.ics", "REQUEST")


def test_a_repeat_is_the_same_to_the_byte(mail_app: Flask) -> None:
    assert letter("轮到你了").as_bytes() == letter("轮到你了").as_bytes()


def test_no_machine_answers_it_and_its_date_is_that_of_the_fact(mail_app: Flask) -> None:
    mail, _raw = read(letter())

    assert (mail["auto-submitted"], mail["date"].datetime) == ("auto-generated", NOW)
    assert mail["x-auto-response-suppress"] == "DR, RN, NRN, OOF, AutoReply"
    assert datetime(2027, 2, 20, 1, 0, tzinfo=UTC) == NOW


@pytest.mark.parametrize(
    "bad", ["a\r\nBcc: x@evil.example", "a\nb", "a\x00b", "a\u2028b", "a\x7fb", "a\ud800b"]
)
def test_no_control_character_gets_into_any_header(mail_app: Flask, bad: str) -> None:
    messages = [letter(bad), letter(), letter(), letter()]
    messages[1].recipients = [f"{bad}@example.cn"]
    messages[2].attachments = [Attachment(bad, "image/png", b"x")]
    messages[3].attachments = [Attachment("a.png", "image/png", b"x", headers={"Content-ID": bad})]
    for message in messages:
        with pytest.raises(ValueError, match="control character"):
            message.as_bytes()


def test_answers_go_to_the_mailbox_of_the_setting(mail_app: Flask) -> None:
    mails = [read(letter(reply_to=to))[0] for to in (None, "events@example.cn", "三八活动组 <li@例子.cn>")]

    assert [str(mail["reply-to"]) for mail in mails] == [
        "None",
        "events@example.cn",
        "三八活动组 <li@xn--fsqu00a.cn>",
    ]


def test_an_internet_address_in_another_script_becomes_ascii(mail_app: Flask) -> None:
    assert mailbox("", "li@例子.cn") == "li@xn--fsqu00a.cn"
    for nobody in ("李@example.cn", "nobody"):
        with pytest.raises(ValueError, match="cannot carry"):
            mailbox("", nobody)


@given(
    text=st.text(
        st.one_of(st.sampled_from("./:@www https evil.example a1"), st.characters(codec="ascii"), HAN),
        max_size=60,
    )
)
@settings(max_examples=300)
def test_nothing_in_a_name_becomes_a_link(text: str) -> None:
    assert ADDRESS.findall(unlinked(text)) == []
    assert unlinked(text).replace("\u2060", "") == text


@pytest.mark.parametrize(
    "name", ["http://evil.example/x", "evil.example", "www.evil.cn", "a@evil.cn", "evil．example"]
)
def test_a_title_that_looks_like_a_link_is_none_in_the_letter(sqlite_app: Flask, name: str) -> None:
    content = LetterContent("s", name, ("一行",), facts=(("活动", f"<a href=//evil>{name}</a>"),))
    with sqlite_app.test_request_context():
        message = mailer.compose(content, "a@example.cn", message_id="<x@y>", posted_at=NOW)

    for text in (str(message.body), str(message.html)):
        assert name not in text
        assert "<a href=//evil" not in str(message.html)
        assert name in text.replace("\u2060", "")


def test_a_time_of_day_and_a_sentence_stay_as_they_are() -> None:
    assert unlinked("3月4日(周四) 09:00 东门。走 1500 米") == "3月4日(周四) 09:00 东门。走 1500 米"
