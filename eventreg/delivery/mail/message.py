"""A letter as a mail whose headers, parts and lines every server accepts.

It replaces the formatting of Flask-Mail's message, which breaks long Chinese names, does not refuse control characters
and attaches pictures instead of embedding them.
"""

from __future__ import annotations

import base64
import unicodedata
from datetime import UTC, datetime
from email.charset import BASE64, Charset
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr

from flask import current_app
from flask_mail import Attachment, Message

POLICY = compat32.clone(linesep="\r\n")  # a policy that does not fold again what is folded already
UTF8 = Charset("utf-8")
UTF8.body_encoding = BASE64  # base64 gives lines of 76 characters: servers cut lines over 998
CHUNK = 39  # bytes of an encoded word: with `Subject: ` a line below 76
LONGEST_WORD = 60
SUPPRESSED = "DR, RN, NRN, OOF, AutoReply"  # what Exchange is not to answer with; NDR, a bounce, is wanted
UNSAFE = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, line and paragraph separators


class LetterMail(Message):
    """One letter to one reader. A repeat has the same bytes.

    `as_bytes` raises ValueError when a header or file name contains a forbidden character.
    """

    def _message(self) -> MIMEBase:
        parts = [self._texts(), *(_part(a) for a in self.attachments if a.disposition != "inline")]
        mail = parts[0] if len(parts) == 1 else self._around("mixed", parts)
        sender = current_app.extensions["mail"].default_sender
        headers = {
            "Subject": encoded(self.subject),
            "From": mailbox(*sender),
            "To": mailbox("", str(self.recipients[0])),
            "Date": format_datetime(datetime.fromtimestamp(self.date or 0, UTC)),
            "Message-ID": safe(self.msgId),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no automatic replies
            "X-Auto-Response-Suppress": SUPPRESSED,
        }
        if self.reply_to:
            headers["Reply-To"] = mailbox(*parseaddr(str(self.reply_to)))
        for name, value in headers.items():
            mail[name] = value
        mail.policy = POLICY
        return mail

    def _texts(self) -> MIMEBase:
        """Plain text and HTML, the latter with its pictures (RFC 2387)."""
        html: MIMEBase = MIMEText(self.html or "", "html", UTF8)  # type: ignore[arg-type]
        pictures = [_part(a) for a in self.attachments if a.disposition == "inline"]
        if pictures:
            html = self._around("related", [html, *pictures])
            html.set_param("type", "text/html")
        return self._around("alternative", [MIMEText(self.body or "", "plain", UTF8), html])  # type: ignore[arg-type]

    def _around(self, kind: str, parts: list[MIMEBase]) -> MIMEBase:
        """A multipart with a fixed boundary that cannot occur in base64."""
        mark = self.msgId.strip("<>").split("@")[0]
        return MIMEMultipart(kind, f"=_{kind}_{mark}", parts)


def safe(text: str) -> str:
    """The text unchanged. Raises ValueError for a character that is forbidden in headers."""
    if any(unicodedata.category(mark) in UNSAFE for mark in text):
        raise ValueError("a control character in a mail header")
    return text


def encoded(text: str) -> str:
    """A text of any length for a header: plain, or encoded words (RFC 2047) between which it can be folded."""
    plain = safe(text).isascii() and "=?" not in text and text == " ".join(text.split())
    if plain and max(map(len, text.split()), default=0) <= LONGEST_WORD:
        return text
    words, word = [], b""
    for mark in text:
        more = mark.encode()
        if len(word) + len(more) > CHUNK:
            words.append(word)
            word = b""
        word += more
    return " ".join(f"=?utf-8?b?{base64.b64encode(one).decode()}?=" for one in [*words, word])


def mailbox(name: str, address: str) -> str:
    """`name <address>`; an internet address in another script becomes its ASCII form.

    Raises ValueError for a local part that is not ASCII, because most servers refuse it.
    """
    local, at, domain = safe(address).rpartition("@")
    if not (local.isascii() and at):
        raise ValueError("an address that mail cannot carry")
    address = f"{local}@{domain.encode('idna').decode() if not domain.isascii() else domain}"
    shown = encoded(name)
    return formataddr((name, address)) if shown == name else f"{shown} <{address}>"


def _part(attachment: Attachment) -> MIMEBase:
    kind, _, options = attachment.content_type.partition(";")
    part = MIMEBase(*kind.split("/"))
    for option in options.split(";") if options else ():
        key, _, value = option.strip().partition("=")
        part.set_param(key, safe(value))
    part.set_payload(attachment.data)
    encode_base64(part)
    name = safe(attachment.filename or "")
    filename = name if name.isascii() else ("utf-8", "", name)
    part.add_header("Content-Disposition", attachment.disposition, filename=filename)
    for key, value in attachment.headers.items():
        part.add_header(key, safe(value))
    return part
