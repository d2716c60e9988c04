"""A hike on its day: phones at the check points, scans and taps as they arrive, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.facts import ActivityFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import unit_of_work
from eventreg.registrations import tickets
from eventreg.registrations.reading import find_live
from eventreg.venue import devices, scans
from eventreg.venue.incoming import IncomingScan, Scanner
from eventreg.venue.walk import crossings, starts
from eventreg.venue.walk.crossings import Tap
from eventreg.venue.walk.readings import get_hike
from eventreg.venue.walk.results import WalkResults, list_results
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import DAY, NOW, Stage
from tests.rig.plans import facts

TEN = DAY + timedelta(hours=10)
NOON = DAY + timedelta(hours=12)


def clock(text: str) -> datetime:
    """10:27:00.5 of the day in Shanghai."""
    hours, minutes, seconds = (*map(float, text.split(":")), 0.0)[:3]
    return DAY + timedelta(hours=hours, minutes=minutes, seconds=seconds)


@dataclass
class Hillside:
    """The outing's hike with its organiser F6, and a phone at each check point."""

    app: Flask
    stage: Stage
    phones: dict[str, Scanner] = field(default_factory=dict)
    sent: int = 0

    def sign_up(self, *who: str) -> None:
        """Let people of the cast have places."""
        for one in who:
            cast.sign_up(self.app, self.stage, one, now=NOW)

    def phone(self, point: str, name: str = "") -> Scanner:
        """The phone of this name at a check point."""
        name = name or f"{point} phone"
        if name not in self.phones:
            with self.app.app_context():
                with unit_of_work():
                    code = devices.invite(self.stage.campaign_id, point, name, actor=self.organiser())
                with unit_of_work():
                    token = devices.pair(code, now=DAY)
                found = devices.find_device(token, now=DAY)
            assert found is not None
            self.phones[name] = Scanner(found.id, found.campaign_id)
        return self.phones[name]

    def organiser(self, at: datetime = DAY) -> Actor:
        """F6, who organises the outing, at this instant."""
        return acting(self.stage.people["F6"], at, self.stage.keys)

    def registration(self, who: str) -> int:
        with self.app.app_context():
            live = find_live(self.stage.campaign_id, self.stage.people[who])
        assert live is not None
        return live.id

    def scan(self, who: str, point: str, at: str, *, phone: str = "", received: datetime = NOON) -> str:
        """Scan somebody's ticket at this time; the phone sends it later. Returns the verdict."""
        id_, scanner = self.registration(who), self.phone(point, phone)
        self.sent += 1
        with self.app.app_context():
            token = tickets.find_token(id_, keys=self.stage.keys)
            assert token is not None
            scan = IncomingScan(
                f"n{self.sent}", token, point, clock(at), device_at=clock(at), sent_at=received
            )
            with unit_of_work():
                [answer] = scans.record([scan], scanner, keys=self.stage.keys, now=received)
        return str(answer.verdict)

    def tap(
        self, *at: str, phone: str = "", point: str = "finish", received: datetime = NOON
    ) -> list[str | None]:
        """Tap at these times; the refusal of each, None if it is stored."""
        taps = []
        for one in at:
            self.sent += 1
            taps.append(Tap(f"t{self.sent}", point, clock(one), received))
        device = self.phone("finish", phone).device_id
        with self.app.app_context(), unit_of_work():
            answers = crossings.record(
                taps, device_id=device, campaign_id=self.stage.campaign_id, now=received
            )
        return [answers[tap.nonce] for tap in taps]

    def hike(self) -> ActivityFacts:
        return get_hike(facts(self.app, "outing"))

    def start(self, at: str) -> datetime:
        """Press the button of the mass start at this time."""
        hike = self.hike()
        with self.app.app_context(), unit_of_work():
            made = starts.start(hike, self.stage.campaign_id, actor=self.organiser(clock(at)))
        return made.at

    def results(self) -> WalkResults:
        campaign = facts(self.app, "outing")
        with self.app.app_context():
            return list_results(campaign, get_hike(campaign))

    def told(self) -> dict[str, tuple[str, int | None]]:
        """Standing and seconds by staff number."""
        return {
            line.staff_no: (str(line.result.standing), line.result.elapsed_s) for line in self.results().lines
        }


def hillside(app: Flask, *, capacity: int = 6, extra: int = 0) -> Hillside:
    """The stage with its organiser."""
    stage = cast.set_stage(app, capacity=capacity, extra=extra)
    with app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["F6"], Role.ORGANISER, "outing", actor=acting("test", NOW))
    return Hillside(app, stage)
