"""The demo company with one signed-in person a viewpoint: what the security tests look at.

A `World` can be put back to its beginning after a test has changed it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from eventreg.accounts import api_tokens as tokens
from eventreg.accounts import feed_tokens, grants, links, sessions
from eventreg.accounts.models import BrowserSession
from eventreg.accounts.rules import ApiScope, FeedScope, Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns import service as campaigns
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import close_all, committed, db, unit_of_work
from eventreg.core.keyring.keys import Keys, fingerprint_of
from eventreg.core.process_cache import clear_all
from eventreg.demo import company
from eventreg.factory import create_app
from eventreg.people import service as people
from eventreg.people import uploads
from eventreg.people.models import Person
from eventreg.people.reading import RosterFile
from eventreg.people.rules import RosterRow
from eventreg.registrations import service as registrations
from eventreg.registrations import tickets
from eventreg.registrations.service import Application, RegistrationSource
from eventreg.venue import devices
from tests.rig import reset
from tests.rig.actors import acting
from tests.rig.clients import Browser
from tests.security import at_the_venue, signed_things, things

ROLES = (
    Role.UNIT_CONTACT,
    Role.ORGANISER,
    Role.DEPARTMENT_HEAD,
    Role.HR_REVIEWER,
    Role.JUDGE,
    Role.ADMINISTRATOR,
)
STAFF_NO = {
    "expired": "HC0010",
    "left": "HC0011",
    "employee": "HC0003",
    "employee_other": "HC0012",
    "unit_contact_other": "HC0013",
    "organiser_other": "HC0014",
    **{str(role): next(p.staff_no for p in company.CAST if p.role is role) for role in ROLES},
}
OTHER_UNIT = "青龙供电所"  # not the one of the demo's unit contact
VIEWPOINTS = ("anonymous", *STAFF_NO)
NOBODY = ("anonymous", "expired", "left")
PHONES = {"employee": "13800138001", "employee_other": "13800138002"}


@dataclass
class World:
    """An app on its database, the token of each viewpoint, and things with an address."""

    app: Flask
    put_back: Callable[[], None]
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    written: bool = True

    def __post_init__(self) -> None:
        committed.connect(self._note)
        self.app.test_client_class = Browser

    def _note(self, _sender: object) -> None:
        """Somebody's unit of work was committed, and nothing is written otherwise (law 1)."""
        self.written = True

    @property
    def keys(self) -> Keys:
        found: Keys = self.app.extensions["eventreg.keys"]
        return found

    def client(self, viewpoint: str) -> FlaskClient:
        """A browser of this viewpoint, with the cookie that signing in would have given it."""
        client = self.app.test_client()
        if token := self.tokens.get(viewpoint):
            with client.session_transaction() as session:
                session["token"] = token
        return client

    def with_a_page(self, viewpoint: str) -> tuple[FlaskClient, str]:
        """The same with a page open, and its forms' token; a viewpoint's page is asked for once a world."""
        name = str(self.app.config["SESSION_COOKIE_NAME"])
        if viewpoint not in self.pages:
            first = self.client(viewpoint)
            token = csrf_of(first)
            cookie = first.get_cookie(name)
            assert cookie is not None
            self.pages[viewpoint] = cookie.value, token
        value, token = self.pages[viewpoint]
        client = self.app.test_client()
        client.set_cookie(name, value)
        return client, token

    def restore(self) -> None:
        """Everything as it was when the world was made."""
        clear_all(self.app)
        if not self.written:
            return
        with self.app.app_context():
            close_all()
        self.put_back()
        self.written = False

    def filled(self, sample: str) -> str:
        """A sample address with ids and tokens put in."""
        return sample.format_map(self.things)


def csrf_of(client: FlaskClient) -> str:
    """The token that this browser's forms carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/help").text)
    assert found is not None
    return found[1]


def make_world(settings: Settings, keep: Callable[[], None], put_back: Callable[[], None]) -> World:
    """The demo with two registrations and a session for each viewpoint; `keep` then copies it."""
    world = World(create_app(settings), put_back)
    with world.app.app_context():
        now = utc_now()
        with unit_of_work():
            company.load(now=now)
        with unit_of_work():
            grants.grant(
                person_id("unit_contact_other"),
                Role.UNIT_CONTACT,
                unit_id=people.find_unit(OTHER_UNIT),
                actor=acting("test", now),
            )
            campaign_grants.grant(
                person_id("organiser_other"), Role.ORGANISER, "forum", actor=acting("test", now)
            )
            for viewpoint in STAFF_NO:
                world.tokens[viewpoint] = sessions.begin(
                    person_id(viewpoint), browser="test", way="code", now=now
                )
            world.things["feed"] = feed_tokens.make(person_id("employee"), FeedScope.OWN, now=now)
            world.things["link"] = links.make(person_id("employee_other"), now=now)
        for owner in PHONES:
            _sign_up(world, owner)
        outing = campaigns.get_campaign("spring-outing")
        world.things["activity"] = str(outing.activities[0].id)
        world.things["question"] = str(campaigns.list_questions(outing.id)[0].id)
        for make in (things.remind, things.illustrate, things.write):
            make(world.things)
        things.add_robots(world.things, world.keys)
        _pair(world)
        _let_a_program_in(world)
        _bring_a_roster(world)
        _name_grants(world)
        things.nominate(world.things, person_id("unit_contact"))
        signed_things.sign(world.things, nominee=person_id("unit_contact_other"))
        things.propose(world.things, person_id("employee"))
        things.limit(world.things, person_id("hr_reviewer"))
        things.bring_paper(world.things, world.keys, person_id("hr_reviewer"))
        _shut_out(world)
        close_all()
    keep()
    world.things["unknown"] = "999999"
    return world


def person_id(viewpoint: str) -> int:
    """The person who plays a viewpoint."""
    return people.get_person_by_staff_no(STAFF_NO[viewpoint]).id


def _sign_up(world: World, owner: str) -> None:
    entry = campaigns.get_entry("spring-outing")
    phone = next(q.id for q in entry.questions if q.key == "phone")
    application = Application(
        person_id=person_id(owner),
        answers={phone: PHONES[owner]},
        notice_id=entry.notice.id,
        consented=True,
        source=RegistrationSource.WEB,
    )
    with unit_of_work():
        made = registrations.register(
            entry.campaign_id, application, actor=acting("test", utc_now(), world.keys)
        )
    world.things["own" if owner == "employee" else "other"] = world.things["seated"] = str(made.id)
    world.things[f"ticket_{owner}"] = tickets.find_token(made.id, keys=world.keys) or ""


def _pair(world: World) -> None:
    """A phone at the door of the outing."""
    campaign_id, now = campaigns.get_campaign("spring-outing").id, utc_now()
    with unit_of_work():
        code = devices.invite(campaign_id, "door", "东门", actor=acting(person_id("organiser"), now))
    with unit_of_work():
        token = devices.pair(code, now=now)
    device = devices.find_device(token, now=now)
    world.things["device"] = str(device.id) if device else ""
    world.things["device_token"] = token
    world.things |= at_the_venue.put_up()


def _let_a_program_in(world: World) -> None:
    """A token of the API."""
    with unit_of_work():
        tokens.make("gate", [ApiScope.SCANS], owner="", actor=acting("test", utc_now()))
    world.things["api_token"] = str(tokens.list_tokens()[0].id)


def _bring_a_roster(world: World) -> None:
    """A file that changes one person, brought by the administrator and not confirmed yet."""
    owner, file = (
        person_id("administrator"),
        RosterFile((RosterRow(2, "HC9999", "新同事", "女", "营销部"),), ()),
    )
    with unit_of_work():
        world.things["upload"] = uploads.keep(
            file, name="roster.csv", leavers=False, owner_id=owner, actor=acting(f"person:{owner}", utc_now())
        )


def _name_grants(world: World) -> None:
    """Ids of people, of roles that can be ended, and of a browser."""
    contact, organiser, employee = (person_id(who) for who in ("unit_contact", "organiser", "employee"))
    outing = campaigns.get_campaign("spring-outing").id
    with unit_of_work():  # a second organiser, so that one can go
        campaign_grants.grant(
            person_id("administrator"), Role.ORGANISER, "spring-outing", actor=acting("test", utc_now())
        )
    now = utc_now() + timedelta(seconds=1)
    standing = campaign_grants.list_in(outing, now=now)
    world.things |= {
        "person": str(employee),
        "granted": str(contact),
        "grant": str(grants.list_of(contact)[0].id),
        "organiser": str(organiser),
        "organiser_grant": str(next(held.id for held in standing if held.person_id == organiser)),
        "session": str(sessions.list_alive(employee, now=now)[0].id),
    }


def _shut_out(world: World) -> None:
    """End what two of the viewpoints are about."""
    old = BrowserSession.token_hash == fingerprint_of(world.tokens["expired"])
    left = Person.id == person_id("left")
    with unit_of_work():
        past = utc_now() - timedelta(minutes=1)
        db.session.execute(update(BrowserSession).where(old).values(expires_at=past))
        db.session.execute(update(Person).where(left).values(left_at=past))


def on_sqlite(folder: Path) -> World:
    """A world in a SQLite file."""
    file, copy = folder / "eventreg.db", folder / "kept.db"

    def put_back() -> None:
        for leftover in folder.glob("eventreg.db-*"):
            leftover.unlink()
        shutil.copy(copy, file)

    return make_world(Settings(instance=folder, scheduler=False), lambda: _copied(file, copy), put_back)


def _copied(file: Path, copy: Path) -> None:
    shutil.copy(file, copy)


def on_postgresql(folder: Path, url: str) -> World:
    """A world in a PostgreSQL database, empty as yet, whose copy lies in a schema of its own."""
    settings = Settings(instance=folder, database_url=url, scheduler=False)

    def put_back() -> None:
        assert reset.put_back(url)

    return make_world(settings, lambda: reset.keep(url), put_back)
