"""The stage on which every page is looked at: long names, full and closed campaigns."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import update

from eventreg.campaigns import writing
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.demo.campaigns import NOTICE, season_of, women_s_day
from eventreg.people.models import Person, Unit
from eventreg.web.style_guide.views import LONG_NAME, LONG_UNIT
from tests.rig.actors import acting

from .laws import breaches
from .live import OUTING, Live, served
from .phone import Phone

SEATED, WAITING, GONE, NOBODY = "HC0084", "HC0085", "HC0086", "HC0087"
ORGANISER, ADMINISTRATOR, REVIEWER = "HC0162", "HC0001", "HC0002"
CONTACT, NO_MAILBOX, NO_MAILBOX_WAITING = "HC0202", "HC0203", "HC0220"
PLACES = 30
AXE = Axe()


@contextlib.contextmanager
def set_stage(demo_folder: Path, folder: Path) -> Iterator[Live]:
    """A full outing, a closed one, the forum without limit; the people met have the longest names."""
    shutil.copytree(demo_folder, folder)
    with served(folder, demo=False) as live:
        name_at_length(live)
        _publish_closed(live)
        live.sign_up(GONE)
        live.withdraw(GONE)
        live.sign_up(SEATED)
        live.sign_up(NO_MAILBOX)
        live.fill(PLACES - 2)
        for staff_no in (NO_MAILBOX_WAITING, WAITING):
            live.sign_up(staff_no)
        yield live


def look_at(phone: Phone, *paths: str, who: str = "") -> dict[str, list[str]]:
    """Open each and look: path → breaches, for those that have any."""
    found: dict[str, list[str]] = {}
    for path in paths:
        phone.open(path)
        found |= look(phone, f"{who} {path}")
    return found


def look(phone: Phone, name: str) -> dict[str, list[str]]:
    said = breaches(phone.page, AXE)
    return {name: said} if said else {}


def name_at_length(live: Live) -> None:
    named = (SEATED, WAITING, GONE, NOBODY, CONTACT, NO_MAILBOX, NO_MAILBOX_WAITING)
    units = {live.person(staff_no).unit_id for staff_no in (SEATED, CONTACT)}
    with live.app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.staff_no.in_(named)).values(name=LONG_NAME))
        for unit_id in units:
            db.session.execute(update(Unit).where(Unit.id == unit_id).values(name=f"{LONG_UNIT}{unit_id}"))


def _publish_closed(live: Live) -> None:
    now = utc_now() - timedelta(hours=2)
    season = season_of(women_s_day(now))
    outing = next(campaign for campaign in season.campaigns if campaign.slug == OUTING)
    closed = replace(outing, slug="closed", closes_at=now + timedelta(hours=1))
    with live.app.app_context(), unit_of_work():
        season_id = writing.make_season(season.season)
        notice_id = writing.make_notice(season.notice_version, NOTICE, now=now)
        writing.publish(closed, season_id=season_id, notice_id=notice_id, actor=acting("test", now))
