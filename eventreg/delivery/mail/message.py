"""A letter as a mail: its headers, its parts, its lines, all of them such as any server takes.

Flask-Mail's message with a form of our own, for its own tears long Chinese names apart, lets control
characters through and puts the picture beside the text instead of into it.
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
from email.utils import format_datetime, formataddr

from flask import current_app
from flask_mail import Attachment, Message

POLICY = compat32.clone(linesep="\r\n")  # it leaves what is folded already as it is
UTF8 = Charset("utf-8")
UTF8.body_encoding = BASE64  # lines of 76, whatever the text: servers cut those over 998
CHUNK = 39  # bytes of an encoded word: with `Subject: ` a line below 76
LONGEST_WORD = 60
UNSAFE = {"Cc", "Cs", "Zl", "Zp"}  # controls, lone surrogates, separators of lines and paragraphs


class LetterMail(Message):
    """One letter to one reader. A repeat is the same to the byte.

    Raises ValueError from `as_bytes` when a header or file name holds what no header may.
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
            "Auto-Submitted": "auto-generated",  # RFC 3834: no machine answers it
        }
        for name, value in headers.items():
            mail[name] = value
        mail.policy = POLICY
        return mail

    def _texts(self) -> MIMEBase:
        """Plain and HTML, the latter with the pictures that it shows (RFC 2387)."""
        html: MIMEBase = MIMEText(self.html or "", "html", UTF8)  # type: ignore[arg-type]
        pictures = [_part(a) for a in self.attachments if a.disposition == "inline"]
        if pictures:
            html = self._around("related", [html, *pictures])
            html.set_param("type", "text/html")
        return self._around("alternative", [MIMEText(self.body or "", "plain", UTF8), html])  # type: ignore[arg-type]

    def _around(self, kind: str, parts: list[MIMEBase]) -> MIMEBase:
        """A multipart whose boundary no base64 can hold, the same each time."""
        mark = self.msgId.strip("<>").split("@")[0]
        return MIMEMultipart(kind, f"=_{kind}_{mark}", parts)


def safe(text: str) -> str:
    """The same text; raises ValueError when it holds what no header may."""
    if any(unicodedata.category(mark) in UNSAFE for mark in text):
        raise ValueError("a control character in a mail header")
    return text


def encoded(text: str) -> str:
    """A text of any length as a header takes it: plain, or encoded words (RFC 2047) to be folded between."""
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

    Raises ValueError for a local part that is not ASCII: most servers do not take one.
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
