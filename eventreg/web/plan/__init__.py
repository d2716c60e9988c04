"""How an organiser sets a campaign up and changes it: one blueprint for each part of the plan."""

from __future__ import annotations

from flask import Flask

from eventreg.accounts.rules import Role

from .. import gate
from . import (
    activities,
    award,
    campaigns,
    messages,
    places,
    questions,
    quotas,
    reminders,
    robots,
    seasons,
    wording,
)


def init_plan(app: Flask) -> None:
    """The pages of the plan; the season is an administrator's alone."""
    gate.guarded(app, seasons.bp, gate.only_for(Role.ADMINISTRATOR))
    for part in (
        campaigns,
        places,
        activities,
        questions,
        reminders,
        robots,
        wording,
        messages,
        award,
        quotas,
    ):
        gate.guarded(app, part.bp, gate.only_for(Role.ORGANISER, Role.ADMINISTRATOR))
