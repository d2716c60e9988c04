"""The calendar of working days: the days that come with the product, and years that staff entered (ADR 55)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import delete, select

from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.trail import audit

from .models import CalendarDay, CalendarYear
from .reading import MOST_DAYS, NamedDay
from .rules import WorkCalendar

SEED = Path(__file__).with_name("china.json")


@dataclass(frozen=True, slots=True)
class YearFacts:
    """The days of a year; `saved_at` is when staff last saved it, None for the days that come with the product."""

    year: int
    days: tuple[NamedDay, ...]
    complete: bool
    saved_at: datetime | None

    @property
    def version(self) -> str:
        """What a form that was opened on this state sends back."""
        return self.saved_at.isoformat() if self.saved_at else ""


def calendar() -> WorkCalendar:
    """The calendar as it stands now. A year that staff saved replaces the product's days of that year."""
    years = {row.year: row.complete for row in db.session.scalars(select(CalendarYear))}
    days = {one.day: one.works for listed in _seed().values() for one in listed if one.day.year not in years}
    days |= {row.day: row.works for row in db.session.scalars(select(CalendarDay))}
    complete = {year for year in _seed() if year not in years} | {
        year for year, said in years.items() if said
    }
    return WorkCalendar(days, frozenset(complete))


def year_facts(year: int) -> YearFacts:
    """The days of a year and whether they are complete."""
    row = db.session.get(CalendarYear, year, populate_existing=True)
    if row is None:
        return YearFacts(year, _seed().get(year, ()), year in _seed(), None)
    within = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    rows = db.session.scalars(select(CalendarDay).where(within).order_by(CalendarDay.day))
    return YearFacts(year, tuple(NamedDay(d.day, d.works, d.name) for d in rows), row.complete, row.at)


def years_listed() -> list[int]:
    """The years that the product or staff know something of, in order."""
    return sorted({*_seed(), *db.session.scalars(select(CalendarYear.year))})


def save_year(year: int, days: tuple[NamedDay, ...], *, complete: bool, seen: str, actor: Actor) -> bool:
    """Replace the days of a year; False when nothing differs. `seen` is the version that the form was opened on.

    Raises Refused("calendar_day.changed_meanwhile") and ("calendar_day.too_many").
    """
    found = year_facts(year)
    if found.version != seen:
        raise Refused("calendar_day.changed_meanwhile")
    if len(days) > MOST_DAYS:
        raise Refused("calendar_day.too_many", most=MOST_DAYS, n=len(days))
    if (found.days, found.complete) == (days, complete):
        return False
    _replace(year, days, complete=complete, actor=actor)
    audit.record(
        "season.working_days_changed",
        f"year:{year}",
        actor=actor,
        complete=complete,
        off=sum(not one.works for one in days),
        worked=sum(one.works for one in days),
    )
    return True


def _replace(year: int, days: tuple[NamedDay, ...], *, complete: bool, actor: Actor) -> None:
    db.session.execute(
        delete(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    )
    db.session.merge(CalendarYear(year=year, complete=complete, by=actor.audit_name, at=actor.now))
    for one in days:
        db.session.add(
            CalendarDay(day=one.day, works=one.works, name=one.name, by=actor.audit_name, at=actor.now)
        )


@cache
def _seed() -> dict[int, tuple[NamedDay, ...]]:
    """The days that come with the product, by year; each year in it was announced completely."""
    listed = json.loads(SEED.read_text(encoding="utf-8"))
    return {
        int(year): tuple(NamedDay(date.fromisoformat(day), works, name) for day, works, name in lines)
        for year, lines in listed.items()
    }
