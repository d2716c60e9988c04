"""Hand a letter over to an SMTP server, or write it into a folder as an .eml file."""

from __future__ import annotations

import smtplib
import threading
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import Flask, render_template
from flask_mail import Attachment, Mail, Message

from eventreg.config import smtp_limits
from eventreg.core.files import write_whole
from eventreg.delivery import qr
from eventreg.delivery.contents.frame import LetterFrame
from eventreg.delivery.letters import LetterContent
from eventreg.outbox.rules import SLOW, SendOutcome
from eventreg.words.delivery.unlinked import unlinked
from eventreg.words.locale import current

from .message import LetterMail, mailbox, safe
from .smtp import BATCH, SafeConnection, ServerSilent, ServerUnreachable, SmtpSession, SmtpTimeouts, code_of

NO_FRAME = LetterFrame()


@dataclass(frozen=True, slots=True)
class HandoverResult:
    """The result of handing a letter over; `reached` says whether there was a server at all.

    `put_off`: the time-out was short, and the server was silent before any part of the letter was sent.
    """

    outcome: SendOutcome
    trouble: str = ""
    reached: bool = True
    put_off: bool = False


class Delivery(Protocol):
    """A destination for letters. `rate` is the limit of letters a minute, None for no limit."""

    @property
    def rate(self) -> int | None:
        """Letters a minute, sign-in codes not counted."""

    def hand_over(
        self, message: Message, message_id: str, *, now: datetime, hurry: bool = False
    ) -> HandoverResult:
        """Hand one message over; failures of the server are results and not exceptions.

        `hurry` shortens the time-out before the message itself is sent; a letter that meets it is put off.
        """

    def hang_up(self) -> None:
        """Close the connection: no letter is due for now."""


def configure(app: Flask, smtp_url: str, *, sender: str, ca_file: str, folder: Path) -> Delivery:
    """Choose the destination by the settings: an SMTP server, or .eml files in `folder`."""
    url = urlsplit(smtp_url)
    app.config.update(
        MAIL_SERVER=url.hostname or "",
        MAIL_PORT=url.port or (465 if url.scheme == "smtps" else 25),
        MAIL_USE_SSL=url.scheme == "smtps",
        MAIL_USE_TLS=False,
        MAIL_USERNAME=unquote(url.username) if url.username else None,
        MAIL_PASSWORD=unquote(url.password) if url.password else None,
        MAIL_DEFAULT_SENDER=parseaddr(sender),
        MAIL_SUPPRESS_SEND=False,
    )
    app.jinja_env.filters["unlinked"] = unlinked
    mail, limits = Mail(app), smtp_limits(smtp_url)
    if not smtp_url:
        return FolderDelivery(folder)
    return SmtpDelivery(mail, ca_file, rate=limits.get("rate"), batch=limits.get("batch", BATCH))


@dataclass(frozen=True, slots=True)
class FolderDelivery:
    """Write each letter to a file, for installations without a mail server."""

    folder: Path
    rate: int | None = None

    def hand_over(
        self, message: Message, message_id: str, *, now: datetime, hurry: bool = False
    ) -> HandoverResult:
        name = file_name(message_id, now=now)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.folder / name, message.as_bytes())
        except ValueError as error:
            return HandoverResult(SendOutcome.REFUSED, str(error))
        except OSError as error:
            return HandoverResult(SendOutcome.LATER, type(error).__name__)  # a full disk: tried again later
        return HandoverResult(SendOutcome.WRITTEN)

    def hang_up(self) -> None:
        """A folder has no connection."""


@dataclass(frozen=True)
class SmtpDelivery:
    """Each thread has its own connection: a server that is silent to one delays no other."""

    mail: Mail
    ca_file: str = ""
    rate: int | None = None
    batch: int = BATCH
    waits: SmtpTimeouts = field(default_factory=SmtpTimeouts)
    lines: threading.local = field(default_factory=threading.local)

    def hand_over(
        self, message: Message, message_id: str, *, now: datetime, hurry: bool = False
    ) -> HandoverResult:
        try:
            self.carry(message, hurry=hurry)
        except ValueError as error:
            return HandoverResult(SendOutcome.REFUSED, str(error))
        except ServerSilent:
            return HandoverResult(SendOutcome.LATER, SLOW, put_off=True)
        except ServerUnreachable as error:
            return HandoverResult(SendOutcome.LATER, str(error), reached=False)
        except (OSError, smtplib.SMTPException) as error:
            return _trouble(error)
        return HandoverResult(SendOutcome.ACCEPTED)

    def carry(self, message: Message, *, hurry: bool = False) -> str:
        """Send one message and return the server's answer. Raises what `SmtpSession.carry` does, and ValueError."""
        letter = message.as_bytes()
        sender = parseaddr(str(message.sender))[1]
        return self._line().carry(sender, mailbox("", str(message.recipients[0])), letter, hurry=hurry)

    def hang_up(self) -> None:
        line: SmtpSession | None = getattr(self.lines, "line", None)
        if line is not None:
            line.hang_up()

    def _line(self) -> SmtpSession:
        line: SmtpSession | None = getattr(self.lines, "line", None)
        if line is None:
            line = SmtpSession(SafeConnection(self.mail, self.waits, self.ca_file), batch=self.batch)
            self.lines.line = line
        return line


def compose(
    content: LetterContent,
    to: str,
    *,
    message_id: str,
    posted_at: datetime,
    frame: LetterFrame = NO_FRAME,
) -> Message:
    """The message to send, in the current language, for one recipient.

    The picture's Content-ID is made of the Message-ID, because it has to be unique in the world (RFC 2045 7).

    Raises ValueError when a header would hold a control character.
    """
    cid = f"qr.{message_id.strip('<>')}"
    page = {"content": content, "frame": frame, "cid": cid, "lang": current()}
    message = LetterMail(safe(content.subject), recipients=[safe(to)])
    message.msgId = message_id
    message.date = posted_at.timestamp()
    message.reply_to = frame.reply_to or None
    message.body = render_template("mail/letter.txt", **page)
    message.html = render_template("mail/letter.html", **page)
    if content.qr:
        inline = {"Content-ID": f"<{cid}>"}
        message.attachments.append(
            Attachment("ticket.png", "image/png", qr.png(content.qr), "inline", inline)
        )
    for number, file in enumerate(content.calendars, 1):
        kind = f"text/calendar; charset=utf-8; method={file.method}"  # RFC 6047 asks for the method here
        name = "event.ics" if len(content.calendars) == 1 else f"event-{number}.ics"
        message.attachments.append(Attachment(name, kind, file.body))
    return message


def file_name(message_id: str, *, now: datetime) -> str:
    """The name of the file that a letter is written to without a mail server."""
    return f"{now:%Y%m%dT%H%M%S%f}-{message_id.strip('<>').split('@')[0]}.eml"


def discard_files(folder: Path, before: datetime) -> int:
    """Delete the letters that were written to files before an instant; returns how many."""
    last = f"{before:%Y%m%dT%H%M%S%f}"
    old = [path for path in folder.glob("*.eml") if path.name.partition("-")[0] < last]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _trouble(error: Exception) -> HandoverResult:
    """A 5xx answer is final for this letter; everything else is tried again."""
    code = code_of(error)
    said = f"{type(error).__name__} {code or ''}".strip()
    return HandoverResult(SendOutcome.REFUSED if code >= 500 else SendOutcome.LATER, said)
