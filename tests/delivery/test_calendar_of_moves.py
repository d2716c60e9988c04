"""Every .ics that a person is sent, replayed into a calendar, through moves of several parts, lapses and returns (risk 4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from eventreg import jobs
from eventreg.campaigns.rules import ScheduleState
from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.outbox.models import Letter
from eventreg.registrations import announcing
from eventreg.registrations.announcing import MoveTerms
from tests.rig import cast
from tests.rig.cast import NOW, Stage
from tests.rig.plans import HOUR, as_new, do, facts

from .test_calendar_journey import WHO, Journey, on_page
from .test_letters import deliver_all

STEPS = 40


class MovedJourney(Journey):
    """The same three people; dates move in one act, ask for an answer, and silence ends places."""

    def step(self, now: datetime) -> None:
        """One change; then the job runs."""
        self.pick.choice([self.come, self.come, self.go, self.move, self.move])(now)
        with self.app.app_context():
            jobs.give_places(now)

    def move(self, now: datetime) -> None:
        """Both activities get another hour, are called off or put back, in one act that asks for an answer."""
        wanted = {}
        for activity in facts(self.app, "outing").activities:
            starts_at = cast.DAY + self.pick.randrange(7, 12) * HOUR
            wanted[activity.id] = as_new(
                activity,
                starts_at=starts_at,
                ends_at=starts_at + 2 * HOUR,
                time_known=True,
                schedule=self.pick.choice([*ScheduleState, ScheduleState.MOVED]),
            )
        do(self.app, "outing", announcing.move, wanted, MoveTerms(confirm_by=now + 7 * HOUR), now=now)

    def deliver(self) -> None:
        """As if a mail server had accepted the letters, which are written to files here."""
        super().deliver()
        with self.app.app_context(), unit_of_work():
            db.session.execute(update(Letter).where(Letter.in_file).values(in_file=False))


@pytest.mark.parametrize("seed", range(2))
def test_a_calendar_equals_the_page_through_moves_lapses_and_returns(
    app: Flask, stage: Stage, settings: Settings, client_for: Callable[..., FlaskClient], seed: int
) -> None:
    silent = 0
    with time_machine.travel(NOW, tick=True) as clock:
        journey = MovedJourney(app, stage, settings, seed)
        with app.app_context():
            jobs.give_places(NOW - timedelta(days=2))
        for n in range(STEPS):
            now = NOW + timedelta(minutes=50 * n)
            clock.move_to(now)
            clients = {who: client_for(who) for who in WHO}
            try:
                journey.step(now)
            except Refused as refused:
                assert refused.code == "registration.called_off", refused.code  # noqa: PT017
            if journey.pick.random() < 0.8:
                journey.deliver()
                shown = {who: journey.stores[who].shown for who in WHO}
                assert shown == {who: on_page(clients[who], journey, who) for who in WHO}
        with app.app_context():
            silent = db.session.query(Letter).filter(Letter.kind == "registration_withdrawn").count()

    assert journey.files > STEPS / 2
    assert silent > 0
    deliver_all(app)
