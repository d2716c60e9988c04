"""Every .ics that a person is sent, replayed into a calendar: it holds what their page says, after each step of a journey."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from eventreg.campaigns.rules import ScheduleState
from eventreg.config import Settings
from eventreg.core.errors import Refused
from eventreg.delivery.contents.calendar import STATUS
from eventreg.registrations import announcing, reading
from eventreg.registrations.reading import RegistrationFacts
from tests.rig import cast
from tests.rig.cast import NOW, Stage
from tests.rig.plans import HOUR, as_new, do, facts

from .calendar_store import CalendarStore
from .test_letters import deliver_all, mails

STEPS = 40
WHO = ("A1", "B2", "C3")  # two places: one of the three waits


class Journey:
    """Three people, two places and two activities; each step changes something, and letters go out now or later."""

    def __init__(self, app: Flask, stage: Stage, settings: Settings, seed: int) -> None:
        self.app, self.stage, self.settings = app, stage, settings
        self.pick = random.Random(seed)
        self.stores = {who: CalendarStore() for who in WHO}
        self.read = 0
        self.files = 0

    def step(self, now: datetime) -> None:
        """One change: somebody signs up or withdraws, or an activity gets another time, place or schedule."""
        self.pick.choice([self.come, self.go, self.change, self.change])(now)

    def come(self, now: datetime) -> None:
        """Somebody signs up who has not."""
        key = f"{now.timestamp()}"
        try:
            cast.sign_up(self.app, self.stage, self.pick.choice(WHO), now=now, key=key)
        except Refused as refused:
            assert refused.code in {"registration.twice", "registration.called_off"}, refused.code  # noqa: PT017

    def go(self, now: datetime) -> None:
        """Somebody withdraws, if they have signed up."""
        who = self.pick.choice(WHO)
        if self.live(who) is not None:
            cast.withdraw(self.app, self.stage, who, now=now)

    def change(self, now: datetime) -> None:
        """An activity is moved, confirmed, called off or put back."""
        activity = self.pick.choice(facts(self.app, "outing").activities)
        starts_at = cast.DAY + self.pick.randrange(7, 12) * HOUR
        changed = as_new(
            activity,
            starts_at=starts_at,
            ends_at=starts_at + 2 * HOUR,
            time_known=True,
            schedule=self.pick.choice([*ScheduleState, ScheduleState.CANCELLED]),
            place=self.pick.choice(["东门", "南门"]),
        )
        do(self.app, "outing", announcing.change_activity, activity.id, changed, now=now)

    def deliver(self) -> None:
        """Send what is due; every calendar goes into its reader's store."""
        deliver_all(self.app)
        new = mails(self.settings)[self.read :]
        self.read += len(new)
        for mail in new:
            self.files += self.stores[str(mail["to"])[:2].upper()].receive(mail)

    def live(self, who: str) -> RegistrationFacts | None:
        """Somebody's live registration."""
        with self.app.app_context():
            return reading.find_live(self.stage.campaign_id, self.stage.people[who])


@pytest.mark.parametrize("seed", range(2))
def test_a_calendar_is_equal_to_the_page_after_each_of_many_moves(
    app: Flask, stage: Stage, settings: Settings, client_for: Callable[..., FlaskClient], seed: int
) -> None:
    with time_machine.travel(NOW, tick=True) as clock:
        clients = {who: client_for(who) for who in WHO}
        journey = Journey(app, stage, settings, seed)
        for n in range(STEPS):
            now = NOW + timedelta(minutes=n)
            clock.move_to(now)
            journey.step(now)
            if journey.pick.random() < 0.6:
                journey.deliver()
                shown = {who: journey.stores[who].shown for who in WHO}
                assert shown == {who: on_page(clients[who], journey, who) for who in WHO}

    assert journey.files > STEPS / 2


def on_page(client: FlaskClient, journey: Journey, who: str) -> list[tuple[str, str, str]]:
    """What somebody has a place in, by the plan; the file that their page offers says the same.

    Nothing without a place, or if all is called off.
    """
    mine, campaign = journey.live(who), facts(journey.app, "outing")
    if mine is None or mine.state != "seated" or campaign.called_off:
        return []
    store = CalendarStore()
    file = Calendar.from_ical(client.get(f"/my/registrations/{mine.id}/calendar.ics").text)
    for event in file.walk("VEVENT"):
        store.entries[str(event["uid"])] = event
    held = [a for a in campaign.activities if a.schedule is not ScheduleState.CANCELLED]
    planned = [
        (a.title, str(a.starts_at if a.time_known else a.starts_at.date()), STATUS[a.schedule]) for a in held
    ]
    assert store.shown == sorted(planned, key=lambda row: (row[1], row[0]))
    return store.shown


def test_the_store_sees_a_file_with_two_uids() -> None:
    """The control: a CANCEL of two activities in one file, as letters were before, is refused by the store."""
    two = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nSEQUENCE:1\r\nDTSTAMP:20270220T010000Z\r\nEND:VEVENT\r\n" for n in (1, 2)
    )
    file = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:CANCEL\r\n{two}END:VCALENDAR\r\n"

    with pytest.raises(AssertionError):
        CalendarStore().take(Calendar.from_ical(file), method="CANCEL")
