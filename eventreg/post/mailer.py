"""A letter handed over: to an SMTP server, or into a folder of .eml files.

Flask-Mail builds the message; around it stands what it lacks: time-outs, certificate checks,
a refusal of control characters in any header, bodies whose lines stay short (libraries: 8).
"""

from __future__ import annotations

import email.charset
import smtplib
import ssl
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app, render_template
from flask_mail import Attachment, Connection, Mail, Message

from eventreg.core.files import write_whole
from eventreg.outbox.rules import Outcome
from eventreg.words.locale import current

from . import qr
from .letters import Content

email.charset.add_charset("utf-8", email.charset.SHORTEST, email.charset.BASE64, "utf-8")

TIMEOUT = 20.0  # seconds of silence in any phase before the server counts as gone


@dataclass(frozen=True, slots=True)
class Handed:
    """What the other side said."""

    outcome: Outcome
    trouble: str = ""


class Delivery(Protocol):
    """Somewhere that letters go."""

    def hand_over(self, message: Message, message_id: str, *, now: datetime) -> Handed:
        """Hand one message over; never raises for what the other side did."""


class SafeConnection(Connection):
    """Flask-Mail's connection with a time-out, verified TLS, and STARTTLS wherever it is offered."""

    def configure_host(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=current_app.config["MAIL_CA_FILE"] or None)
        server, port = self.mail.server, self.mail.port
        if self.mail.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(server, port, timeout=TIMEOUT, context=context)
        else:
            host = smtplib.SMTP(server, port, timeout=TIMEOUT)
        try:
            self._secure(host, context)
        except BaseException:
            host.close()  # a line we do not trust is not left open
            raise
        return host

    def _secure(self, host: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """Go over to TLS where it is offered; a password only ever goes over TLS."""
        if not self.mail.use_ssl:
            host.ehlo()
            if host.has_extn("starttls"):
                host.starttls(context=context)
            elif self.mail.username:
                raise smtplib.SMTPNotSupportedError("the server offers no TLS: no password is sent in clear")
        if self.mail.username:
            host.login(self.mail.username, self.mail.password)


class SafeMail(Mail):
    """Flask-Mail that opens SafeConnections."""

    def connect(self) -> SafeConnection:
        return SafeConnection(current_app.extensions["mail"])


def configure(app: Flask, smtp_url: str, *, sender: str, ca_file: str, folder: Path) -> Delivery:
    """Choose by the settings: an SMTP server, or .eml files in `folder`."""
    url = urlsplit(smtp_url)
    app.config.update(
        MAIL_SERVER=url.hostname or "",
        MAIL_PORT=url.port or (465 if url.scheme == "smtps" else 25),
        MAIL_USE_SSL=url.scheme == "smtps",
        MAIL_USE_TLS=False,
        MAIL_USERNAME=unquote(url.username) if url.username else None,
        MAIL_PASSWORD=unquote(url.password) if url.password else None,
        MAIL_DEFAULT_SENDER=parseaddr(sender),
        MAIL_CA_FILE=ca_file,
        MAIL_SUPPRESS_SEND=False,
    )
    mail = SafeMail(app)
    return SmtpDelivery(mail) if smtp_url else FolderDelivery(folder)


@dataclass(frozen=True, slots=True)
class FolderDelivery:
    """Each letter a file: what a laptop without a mail server shows instead."""

    folder: Path

    def hand_over(self, message: Message, message_id: str, *, now: datetime) -> Handed:
        name = f"{now:%Y%m%dT%H%M%S%f}-{message_id.strip('<>').split('@')[0]}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.folder / name, message.as_bytes())
        except OSError as error:
            return _trouble(error, final=False)  # a full disk: again when there is room
        return Handed(Outcome.ACCEPTED)


@dataclass(frozen=True, slots=True)
class SmtpDelivery:
    """One connection a letter. The server's 250 settles it: errors after it are no failure."""

    mail: SafeMail

    def hand_over(self, message: Message, message_id: str, *, now: datetime) -> Handed:
        try:
            connection = self.mail.connect()
            host = connection.configure_host()
        except (OSError, smtplib.SMTPException) as error:
            return _trouble(error, final=False)
        try:
            refused = host.sendmail(
                parseaddr(str(message.sender))[1], [str(to) for to in message.send_to], message.as_bytes()
            )
        except (OSError, smtplib.SMTPException) as error:
            return _trouble(error, final=_is_final(error))
        finally:
            _hang_up(host)
        return (
            _trouble(smtplib.SMTPRecipientsRefused(refused), final=False)
            if refused
            else Handed(Outcome.ACCEPTED)
        )


def compose(content: Content, to: str, *, message_id: str, posted_at: datetime) -> Message:
    """The message as it goes out, in the language now being spoken; one recipient.

    Raises ValueError when a header would hold a control character.
    """
    page = {"content": content, "lang": current()}
    message = Message(_header(content.subject), recipients=[_header(to)])
    message.msgId = message_id
    message.date = posted_at.timestamp()
    message.body = render_template("mail/letter.txt", **page)
    message.html = render_template("mail/letter.html", **page)
    if content.qr:
        inline = {"Content-ID": "<qr>"}
        message.attachments.append(
            Attachment("ticket.png", "image/png", qr.png(content.qr), "inline", inline)
        )
    if content.ics:
        kind = f"text/calendar; charset=utf-8; method={content.method}"  # RFC 6047 asks for the method here
        message.attachments.append(Attachment("event.ics", kind, content.ics))
    return message


def _header(text: str) -> str:
    if any(unicodedata.category(mark) in {"Cc", "Zl", "Zp"} for mark in text):
        raise ValueError("a control character in a mail header")
    return text


def _is_final(error: Exception) -> bool:
    """5xx is the server's last word on this letter; everything else is worth another try."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _trouble(error: Exception, *, final: bool) -> Handed:
    code = getattr(error, "smtp_code", "")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _reason in error.recipients.values()), "")
    said = f"{type(error).__name__} {code}".strip()
    return Handed(Outcome.REFUSED if final else Outcome.LATER, said)


def _hang_up(host: smtplib.SMTP) -> None:
    try:
        host.quit()
    except (OSError, smtplib.SMTPException):
        host.close()
