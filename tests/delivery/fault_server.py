"""A mail server of our own on loopback that can misbehave at every step of the conversation.

What it does is a script: a function of the step and the talk so far that gives an answer, SILENT or
DROP. It notes a letter before it says 250 to it: whatever was acknowledged is in `taken`.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SILENT, DROP, DRIP = "(silent)", "(drop)", "(drip)"
OK = {
    "banner": "220 faults",
    "ehlo": "250-faults\r\n250 SIZE 20000000",
    "starttls": "220 go on",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go on",
    "dot": "250 taken",
    "rset": "250 ok",
    "quit": "221 bye",
}


@dataclass
class Talk:
    """One connection so far: its number, whom the letter at hand is to and how often she was tried."""

    number: int
    to: str = ""
    tries: int = 0
    letters: int = 0


@dataclass(frozen=True)
class Taken:
    """A letter that was acknowledged."""

    to: str
    message_id: str
    raw: bytes
    connection: int


Script = Callable[[str, Talk], "str | None"]


def well(_step: str, _talk: Talk) -> None:
    """A server that does all right."""


@dataclass
class FaultServer:
    """Listens on a loopback port until it is closed; its script may be exchanged at any time."""

    script: Script = well
    certificate: Path | None = None
    taken: list[Taken] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    port: int = 0
    arrived: threading.Condition = field(default_factory=threading.Condition)
    closed: threading.Event = field(default_factory=threading.Event)
    _lines: set[socket.socket] = field(default_factory=set)
    _listener: socket.socket | None = None

    def listen(self) -> None:
        """Take connections, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=50)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def refuse(self) -> None:
        """Be gone: whoever calls is refused, whoever talks is cut off."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept
            listener.close()
        self.cut()

    def cut(self) -> None:
        """Drop every line that stands."""
        for line in list(self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def wait_for(self, what: Callable[[], bool], *, seconds: float = 60) -> bool:
        """Wait until a letter makes it so."""
        with self.arrived:
            return self.arrived.wait_for(what, timeout=seconds)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _from = listener.accept()
                with self.arrived:
                    self.connections += 1
                    talk = Talk(self.connections)
                self._lines.add(line)
                threading.Thread(target=self._talk, args=(line, talk), daemon=True).start()

    def _talk(self, line: socket.socket, talk: Talk) -> None:
        try:
            self._converse(line, talk)
        except (OSError, EOFError):
            pass  # the other side went away
        finally:
            self._lines.discard(line)
            line.close()

    def _converse(self, line: socket.socket, talk: Talk, *, greet: bool = True) -> None:
        step = "banner"
        with line.makefile("rb") as heard:
            if greet:
                self._say(line, "banner", talk)
            while words := heard.readline():
                step = words.split()[0].decode().lower()
                if step == "rcpt":
                    self._note(words, talk)
                answer = self._say(line, step, talk)
                if answer.startswith("354"):
                    self._take(line, heard.readline, talk)
                if step in {"starttls", "quit"}:
                    break
        if step == "starttls":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(str(self.certificate))
            with context.wrap_socket(line, server_side=True) as safe:
                self._converse(safe, talk, greet=False)

    def _note(self, words: bytes, talk: Talk) -> None:
        talk.to = words[words.index(b"<") + 1 : words.index(b">")].decode()
        with self.arrived:
            self.tries[talk.to] += 1
            talk.tries = self.tries[talk.to]
            self.arrived.notify_all()

    def _take(self, line: socket.socket, read: Callable[[], bytes], talk: Talk) -> None:
        raw = b"".join(iter(lambda: _line(read), b".\r\n"))
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        answer = self._answer("dot", talk)
        if answer.startswith("250"):
            with self.arrived:
                self.taken.append(Taken(talk.to, str(mail["message-id"]), raw, talk.number))
                self.arrived.notify_all()
            talk.letters += 1
        self._do(line, answer)

    def _answer(self, step: str, talk: Talk) -> str:
        offered = OK | ({"ehlo": "250-faults\r\n250 STARTTLS"} if self.certificate else {})
        return self.script(step, talk) or offered.get(step, "500 what?")

    def _say(self, line: socket.socket, step: str, talk: Talk) -> str:
        answer = self._answer(step, talk)
        self._do(line, answer)
        return answer

    def _do(self, line: socket.socket, answer: str) -> None:
        if answer == DROP:
            raise EOFError
        if answer == SILENT:
            while line.recv(4096):
                pass  # until the other side has had enough
            raise EOFError
        if answer == DRIP:
            while not self.closed.wait(0.05):
                line.sendall(b"250-and so on\r\n")  # an answer without an end
            raise EOFError
        line.sendall(f"{answer}\r\n".encode())


def _line(read: Callable[[], bytes]) -> bytes:
    """A line of a letter; one that ends in the middle was never sent."""
    if not (line := read()):
        raise EOFError
    return line.removeprefix(b".") if line.startswith(b"..") else line


@contextmanager
def fault_server(script: Script = well, certificate: Path | None = None) -> Iterator[FaultServer]:
    """The server on a free port, closed afterwards."""
    server = FaultServer(script, certificate)
    server.listen()
    try:
        yield server
    finally:
        server.closed.set()
        server.refuse()
