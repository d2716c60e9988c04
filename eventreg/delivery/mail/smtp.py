"""A connection to an SMTP server, kept from letter to letter, with a time-out for each phase.

smtplib speaks the protocol. Added here: verified TLS wherever it is offered, passwords over TLS only, separate
time-outs for commands and after the final dot, and a second attempt if a kept connection turns out to be closed before
any part of the letter was sent.
"""

from __future__ import annotations

import contextlib
import io
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from flask_mail import Connection, Mail

from .smtp_answers import DeadlineReader

CLOSING = 421  # RFC 5321 3.8: the server closes the connection
GOES_ON = 354
BATCH = 100  # letters for one connection, unless configured otherwise


@dataclass(frozen=True, slots=True)
class SmtpTimeouts:
    """Seconds of silence after which a phase is given up (RFC 5321 4.5.3.2).

    A short time-out after the final dot would make duplicates, because the server may have accepted the letter.
    """

    connect: float = 15.0
    command: float = 60.0
    dot: float = 600.0
    hurried: float = 4.0  # for commands, while another worker waits for a letter of the same domain


class _PhaseTimeouts:
    """A mixin for smtplib's classes: another time-out once connected, and one for each complete answer."""

    sock: socket.socket | None
    file: Any

    def __init__(self, server: str, port: int, *, waits: SmtpTimeouts, **options: Any) -> None:
        self.waits = waits
        super().__init__(server, port, timeout=waits.connect, **options)  # type: ignore[call-arg]

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        line.settimeout(self.waits.command)
        return line

    def getreply(self) -> tuple[int, bytes]:
        """Read one answer; the socket's time-out holds for the whole answer and not for each byte.

        Raises TimeoutError for silence, which smtplib would report as a closed connection.
        """
        line: socket.socket | None = self.sock
        if line is None:
            return super().getreply()  # type: ignore[misc, no-any-return]  # says that there is no line
        if self.file is None:
            self.file = io.BufferedReader(DeadlineReader(line))
        seconds = line.gettimeout() or self.waits.command
        self.file.raw.begin(seconds)
        try:
            return super().getreply()  # type: ignore[misc, no-any-return]
        except smtplib.SMTPServerDisconnected as error:
            if isinstance(error.__context__, TimeoutError):
                raise TimeoutError("the server is silent") from error
            raise
        finally:
            if self.sock is not None:
                line.settimeout(seconds)


class SmtpWithTimeouts(_PhaseTimeouts, smtplib.SMTP):
    """SMTP with a timeout for each phase."""


class SmtpsWithTimeouts(_PhaseTimeouts, smtplib.SMTP_SSL):
    """SMTP over TLS from the first byte, with a timeout for each phase."""


class SafeConnection(Connection):
    """Flask-Mail's connection with time-outs, verified TLS, and STARTTLS wherever it is offered."""

    def __init__(self, mail: Mail, waits: SmtpTimeouts, ca_file: str) -> None:
        super().__init__(mail)
        self.waits, self.ca_file = waits, ca_file

    def configure_host(self) -> smtplib.SMTP:
        server, port = self.mail.server, self.mail.port
        if self.mail.use_ssl:
            host: smtplib.SMTP = SmtpsWithTimeouts(server, port, waits=self.waits, context=self._trusted())
        else:
            host = SmtpWithTimeouts(server, port, waits=self.waits)
        try:
            self._secure(host)
        except BaseException:
            host.close()  # an untrusted connection is not left open
            raise
        return host

    def _trusted(self) -> ssl.SSLContext:
        """The TLS context, made for each connection, because certificates may be renewed while the process runs."""
        return ssl.create_default_context(cafile=self.ca_file or None)

    def _secure(self, host: smtplib.SMTP) -> None:
        """Start TLS if it is offered; a password is sent over TLS only."""
        if not self.mail.use_ssl:
            host.ehlo()
            if host.has_extn("starttls"):
                host.starttls(context=self._trusted())
            elif self.mail.username:
                raise smtplib.SMTPNotSupportedError("the server offers no TLS: no password is sent in clear")
        if self.mail.username:
            host.login(self.mail.username, self.mail.password)
        host.ehlo_or_helo_if_needed()


class ServerUnreachable(Exception):
    """The server could not be reached or could not be trusted: no part of the letter was sent."""


class ServerSilent(Exception):
    """The server did not answer within the short timeout: no part of the letter was sent."""


class SmtpSession:
    """One thread's connection; opened when it is needed, and again after `batch` letters or a break."""

    def __init__(self, connection: SafeConnection, *, batch: int = BATCH) -> None:
        self.connection, self.batch = connection, batch
        self.host: smtplib.SMTP | None = None
        self.carried = 0
        self.said = ""  # the answer to the last letter
        self.told = False  # whether the server may have received the whole letter

    def carry(self, sender: str, to: str, letter: bytes, *, hurry: bool = False) -> str:
        """Send one letter and return the server's answer. Returns after the server's 250, and raises what smtplib raises otherwise.

        Raises ServerUnreachable if no part of the letter can have been sent. If an idle connection was closed, the letter is
        sent over a new one at once. In a hurry it raises ServerSilent if the server is silent for some seconds before the
        letter is sent.
        """
        try:
            self._carry(sender, to, letter, hurry=hurry)
        except TimeoutError as error:
            if hurry and not self.told:
                raise ServerSilent from error
            raise
        return self.said

    def _carry(self, sender: str, to: str, letter: bytes, *, hurry: bool) -> None:
        if self.host is not None and self.carried >= self.batch:
            self.hang_up()
        kept = self.host is not None
        try:
            self._talk(sender, to, letter, hurry=hurry)
        except (OSError, smtplib.SMTPException) as error:
            was_closed = _is_gone(error) and not isinstance(error, TimeoutError)
            if not (kept and not self.told and was_closed):
                self._after(error)
                raise
            self.drop()
            self._again(sender, to, letter, hurry=hurry)

    def hang_up(self) -> None:
        """Send QUIT if there is a connection; errors are ignored."""
        if self.host is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if self.host.sock is not None:
                    self.host.sock.settimeout(self.connection.waits.connect)
                self.host.quit()
            self.drop()

    def drop(self) -> None:
        """Close the connection without QUIT."""
        host, self.host, self.carried = self.host, None, 0
        if host is not None:
            host.close()

    def _again(self, sender: str, to: str, letter: bytes, *, hurry: bool) -> None:
        try:
            self._talk(sender, to, letter, hurry=hurry)
        except (OSError, smtplib.SMTPException) as error:
            self._after(error)
            raise

    def _talk(self, sender: str, to: str, letter: bytes, *, hurry: bool) -> None:
        self.told = False
        host = self._opened()
        if hurry:
            self._wait(host, self.connection.waits.hurried)
        _expect(host.mail(sender, [f"SIZE={len(letter)}"] if host.has_extn("size") else []), 250)
        code, said = host.rcpt(to)
        if code not in {250, 251}:
            raise smtplib.SMTPRecipientsRefused({to: (code, said)})
        _expect(host.docmd("DATA"), GOES_ON)
        self.told = True
        self._wait(host, self.connection.waits.dot)
        host.send(dotted(letter))
        code, said = host.getreply()
        _expect((code, said), 250)
        self.said = f"{code} {said.decode('utf-8', 'replace')}"
        self._wait(host, self.connection.waits.command)
        self.carried += 1

    def _opened(self) -> smtplib.SMTP:
        if self.host is None:
            try:
                self.host = self.connection.configure_host()
            except (OSError, smtplib.SMTPException) as error:
                raise ServerUnreachable(_name(error)) from error
        return self.host

    def _after(self, error: Exception) -> None:
        """Keep a connection whose server only refused; drop one in an unknown state."""
        if _is_gone(error) or self.host is None:
            self.drop()
            return
        try:
            _expect(self.host.rset(), 250)
            self._wait(self.host, self.connection.waits.command)
        except (OSError, smtplib.SMTPException):
            self.drop()

    def _wait(self, host: smtplib.SMTP, seconds: float) -> None:
        if host.sock is not None:
            host.sock.settimeout(seconds)


def dotted(letter: bytes) -> bytes:
    """A message as DATA takes it (RFC 5321 4.5.2): no line is a lone dot but the last."""
    return re.sub(rb"(?m)^\.", b"..", letter.removesuffix(b"\r\n")) + b"\r\n.\r\n"


def code_of(error: Exception) -> int:
    """The code of the server's answer; 0 if there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _said in error.recipients.values()), 0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _expect(answer: tuple[int, bytes], code: int) -> None:
    if answer[0] != code:
        raise smtplib.SMTPResponseException(*answer)


def _is_gone(error: Exception) -> bool:
    return code_of(error) in {0, CLOSING, -1}  # -1: not an SMTP answer


def _name(error: Exception) -> str:
    return f"{type(error).__name__} {code_of(error) or ''}".strip()
