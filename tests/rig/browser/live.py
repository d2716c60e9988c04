"""A live product on a free loopback port: waitress, its senders, a folder of letters."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import TypeVar

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from eventreg import jobs
from eventreg.accounts import links
from eventreg.campaigns.service import get_campaign
from eventreg.commands.accounts import link_address
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import close_all, unit_of_work
from eventreg.demo import company
from eventreg.factory import create_app
from eventreg.people.service import PersonFacts, get_person_by_staff_no, list_employed
from eventreg.registrations import reading, tickets
from eventreg.registrations import service as registrations
from eventreg.registrations.service import Application, RegistrationSource, SignUpResult
from eventreg.season import withdrawing
from eventreg.web.app.current import LANGUAGE, TOKEN
from tests.conftest import compiled_templates
from tests.rig.actors import acting
from tests.rig.cast import begin_session

OUTING = "spring-outing"
LETTER_WAIT = 20.0  # seconds; a letter is there within one, a loaded machine gets more
T = TypeVar("T")


def until(find: Callable[[], T | None], what: str, seconds: float = LETTER_WAIT) -> T:
    """What `find` finds, as soon as it does; fails with `what` when the time is up."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < deadline:
        found = find()
        if found is not None:
            return found
        pause.wait(0.03)
    raise AssertionError(f"{what}: not within {seconds:.0f} s")


@dataclass(frozen=True)
class Live:
    """A served installation; its app is at hand for what has nothing to do with the browser."""

    app: Flask
    base_url: str
    mail: Path

    def person(self, staff_no: str) -> PersonFacts:
        """Somebody of the roster."""
        with self.app.app_context():
            return get_person_by_staff_no(staff_no)

    def letter(self, staff_no: str, word: str, *, after: int = 0) -> EmailMessage:
        """The newest letter to this person with `word` in its subject, once there are more than `after`."""
        address = self.person(staff_no).email or "nobody"
        return until(lambda: self._newest(address, word, after), f"a letter to {address} about {word!r}")

    def letters(self, staff_no: str, word: str) -> int:
        """How many letters with `word` in the subject this person has got."""
        address = self.person(staff_no).email or "nobody"
        return len(self._found(address, word))

    def sign_up(self, staff_no: str, slug: str = OUTING) -> SignUpResult:
        """Somebody signs up elsewhere, at this moment."""
        person_id = self.person(staff_no).id
        with self.app.app_context():
            campaign = get_campaign(slug)
            application = Application(person_id, {}, campaign.notice_id, True, RegistrationSource.WEB)
            keys = self.app.extensions["eventreg.keys"]
            with unit_of_work():
                return registrations.register(
                    campaign.id, application, actor=acting(person_id, utc_now(), keys)
                )

    def withdraw(self, staff_no: str, slug: str = OUTING) -> None:
        """Somebody gives her registration up elsewhere."""
        person_id = self.person(staff_no).id
        with self.app.app_context():
            mine = reading.find_live(get_campaign(slug).id, person_id)
            if mine is None:
                raise AssertionError(f"{staff_no} has no live registration")
            by, keys = f"person:{person_id}", self.app.extensions["eventreg.keys"]
            with unit_of_work():
                withdrawing.withdraw(mine.id, person_id=person_id, actor=acting(by, utc_now(), keys))

    def fill(self, places: int, slug: str = OUTING) -> list[str]:
        """`places` people from the roster's end sign up; returns their names."""
        with self.app.app_context():
            crowd = [person for person in list_employed() if person.email][-places:]
        for person in crowd:
            self.sign_up(person.staff_no, slug)
        return [person.name for person in crowd]

    def registrations(self, staff_no: str) -> list[tuple[int, str]]:
        """(number, state) of all a person's registrations, the newest first."""
        person_id = self.person(staff_no).id
        with self.app.app_context():
            return [(r.arrival, str(r.state)) for r in reading.list_own(person_id)]

    def link(self, staff_no: str | None) -> str:
        """A console link; of the first administrator when it names nobody."""
        person_id = self.person(staff_no).id if staff_no else None
        with self.app.app_context():
            with unit_of_work():
                token = links.make(person_id, now=utc_now())
            return link_address(token)

    def cookie(self, staff_no: str, language: str) -> str:
        """The cookie of a browser in which somebody is signed in and reads this language."""
        token = begin_session(self.app, self.person(staff_no).id, now=utc_now())
        interface = self.app.session_interface
        serializer = interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps({TOKEN: token, LANGUAGE: language}))

    def ticket_address(self, staff_no: str, slug: str = OUTING) -> str:
        """What the QR code of somebody's ticket has to hold."""
        person_id = self.person(staff_no).id
        with self.app.app_context():
            mine = reading.find_live(get_campaign(slug).id, person_id)
            if mine is None:
                raise AssertionError(f"{staff_no} has no live registration")
            token = tickets.find_token(mine.id, keys=self.app.extensions["eventreg.keys"])
        return f"{self.base_url}/t/{token}"

    def _newest(self, address: str, word: str, after: int) -> EmailMessage | None:
        found = self._found(address, word)
        return found[-1] if len(found) > after else None

    def _found(self, address: str, word: str) -> list[EmailMessage]:
        parser = BytesParser(policy=policy.default)
        found = [parser.parsebytes(file.read_bytes()) for file in sorted(self.mail.glob("*.eml"))]
        return [m for m in found if m["To"] == address and word in str(m["Subject"])]


@contextlib.contextmanager
def served(instance: Path, *, demo: bool) -> Iterator[Live]:
    """Serve an installation in this folder until the block ends; with the demo company if asked."""
    listening = socket.create_server(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = create_app(Settings(instance=instance, base_url=base_url))
    app.jinja_env.bytecode_cache = compiled_templates()
    if demo:
        with app.app_context(), unit_of_work():
            company.load(now=utc_now())
    sender, scheduler = jobs.start(app)
    channels: dict[int, object] = {}  # what waitress listens at and talks over, so that we can close it
    server = create_server(
        app, map=channels, sockets=[listening], threads=8, connection_limit=1000, ident=None
    )
    thread = threading.Thread(target=server.run, name="waitress", daemon=True)
    thread.start()
    try:
        yield Live(app, base_url, instance / "mail")
    finally:
        scheduler.shutdown(wait=True)
        sender.stop()
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(lambda: wasyncore.close_all(channels, ignore_all=True))
        thread.join(timeout=5)
        with app.app_context():
            close_all()


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """The plain or the HTML body of a letter."""
    body = letter.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body else ""


def parts_of(letter: EmailMessage) -> dict[str, bytes]:
    """Kind of content → bytes of everything that is attached or inline."""
    return {
        part.get_content_type(): part.get_payload(decode=True)  # type: ignore[misc]
        for part in letter.walk()
        if part.get_filename()
    }
