"""The mail settings as they are, without secrets, and a test letter that tells what the mail server answers.

A test letter does not go through the outbox: it is handed over while the administrator waits, so its time-outs are short, and only
one is sent at a time.
"""

from __future__ import annotations

import secrets
import smtplib
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import gettext as _

from eventreg.config import Settings, smtp_limits
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.plain_text import clean
from eventreg.delivery.contents.content import LetterContent
from eventreg.delivery.contents.frame import frame_of
from eventreg.outbox.rules import SendOutcome

from . import mailer
from .mailer import Delivery, SmtpDelivery
from .smtp import BATCH, ServerUnreachable, SmtpTimeouts

WAITS = SmtpTimeouts(connect=5.0, command=5.0, dot=10.0)
LONGEST = 500  # characters of an answer
ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class MailSetup:
    """The mail settings. `server` is empty if letters are written to `folder`; the password is left out.

    `rate` is the limit of letters a minute, None for no limit; `batch` is the number of letters of one connection.
    """

    server: str
    port: int
    is_smtps: bool
    username: str
    ca_file: str
    rate: int | None
    batch: int
    sender: str
    reply_to: str
    folder: str


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What became of a test letter; `answer` is what the server said or, without a server, the name of the file."""

    outcome: SendOutcome
    answer: str


def setup_of(settings: Settings) -> MailSetup:
    """The mail settings of this process."""
    url, limits = urlsplit(settings.smtp_url), smtp_limits(settings.smtp_url)
    is_smtps = url.scheme == "smtps"
    return MailSetup(
        server=url.hostname or "",
        port=url.port or (465 if is_smtps else 25),
        is_smtps=is_smtps,
        username=unquote(url.username or ""),
        ca_file=settings.smtp_ca_file,
        rate=limits.get("rate"),
        batch=limits.get("batch", BATCH),
        sender=settings.mail_from,
        reply_to=settings.mail_reply_to,
        folder="" if settings.smtp_url else str(settings.instance / "mail"),
    )


def send_trial(address: str | None, person_id: int, *, now: datetime) -> TrialResult:
    """Hand a test letter to this person over now and say what came back. It ends the open transaction.

    Raises Refused("trial.no_address") without an address, and Refused("trial.going") while this process sends another one.
    """
    if not address:
        raise Refused("trial.no_address")
    if not ONE_AT_A_TIME.acquire(blocking=False):
        raise Refused("trial.going")
    try:
        return _sent(address, person_id, now=now)
    finally:
        ONE_AT_A_TIME.release()


def _sent(address: str, person_id: int, *, now: datetime) -> TrialResult:
    content = LetterContent(
        subject=_("测试信"),
        heading=_("测试信"),
        lines=(_("收到这封信，说明信发得出去。"),),
        why=_("你收到这封信，是因为你在发信设置里按了“发一封测试信”。"),
    )
    message_id = f"<{secrets.token_hex(16)}@eventreg.invalid>"
    message = mailer.compose(
        content, address, message_id=message_id, posted_at=now, frame=frame_of(content, person_id)
    )
    db.session.rollback()  # nothing stays open while talking to a server
    delivery: Delivery = current_app.extensions["eventreg.delivery"]
    if not isinstance(delivery, SmtpDelivery):
        handed = delivery.hand_over(message, message_id, now=now)
        written = handed.outcome is SendOutcome.WRITTEN
        return TrialResult(
            handed.outcome, mailer.file_name(message_id, now=now) if written else handed.trouble
        )
    own = replace(delivery, waits=WAITS, lines=threading.local())  # no worker waits for this connection
    try:
        return TrialResult(SendOutcome.ACCEPTED, _plain(own.carry(message)))
    except ValueError as error:
        return TrialResult(SendOutcome.REFUSED, str(error))
    except (OSError, smtplib.SMTPException, ServerUnreachable) as error:
        return TrialResult(SendOutcome.REFUSED, _plain(answer_of(error)))
    finally:
        own.hang_up()


def answer_of(error: BaseException) -> str:
    """What the server said with an error, or what kept it from being reached."""
    if isinstance(error, ServerUnreachable) and error.__cause__ is not None:
        return answer_of(error.__cause__)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return " ".join(_said(code, text) for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def _plain(answer: str) -> str:
    return clean(" ".join(answer.split()))[:LONGEST]
