"""Read and lock campaigns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from eventreg.core.db.base import UTCDateTime
from eventreg.core.db.session import db, run
from eventreg.core.errors import NotFound, Refused

from .facts import CampaignFacts, NoticeFacts, QuestionFacts, SeasonFacts, ShownForm, SignUpFormFacts
from .loading import (
    BY_ID,
    BY_ONE_ID,
    BY_SLUG,
    OF_SEASON,
    PUBLISHED,
    PUBLISHED_OF_SEASON,
    entries_of,
    entry_of,
    facts,
    get_version,
    question_facts,
)
from .loading import POOL as POOL
from .loading import pool_facts as pool_facts
from .loading import pool_in as pool_in
from .models import Activity, Campaign, Pool, PrivacyNotice, Question, Season
from .rules import Intake, ScheduleState, SignUpWindow

LATEST = (
    select(Season).order_by(Season.day.desc(), Season.id.desc()).limit(1)
)  # built once: every page executes it


def find_season() -> SeasonFacts | None:
    """The latest season, or None in an empty product."""
    row = db.session.scalar(LATEST)
    if row is None:
        return None
    return SeasonFacts(
        id=row.id,
        version=row.version,
        day=row.day,
        brand=row.brand,
        owner=row.owner,
        phone=row.phone,
        title=row.title,
        headline=row.headline,
        lead=row.lead,
    )


def season_day(season_id: int) -> date:
    """The day of the latest season. Raises NotFound."""
    found = db.session.scalar(select(Season.day).where(Season.id == season_id))
    if found is None:
        raise NotFound("season")
    return found


def list_campaigns() -> list[CampaignFacts]:
    """The published campaigns of the latest season, by their first activity."""
    found = facts(PUBLISHED_OF_SEASON)
    return sorted(found, key=lambda c: (c.starts_at, c.id))


def list_managed(ids: Collection[int] | None) -> list[CampaignFacts]:
    """The latest season's campaigns among these, or all; drafts too, by their first activity."""
    found = facts(OF_SEASON if ids is None else OF_SEASON.where(Campaign.id.in_(ids)))
    return sorted(found, key=lambda c: (c.starts_at, c.id))


def list_templates(ids: Collection[int] | None) -> list[tuple[str, str]]:
    """(address, title) of the campaigns of all seasons that may be copied, the newest first."""
    wanted = [] if ids is None else [Campaign.id.in_(ids)]
    rows = select(Campaign.slug, Campaign.title).where(*wanted).order_by(Campaign.id.desc())
    return [(slug, title) for slug, title in db.session.execute(rows)]


def get_campaign(slug: str) -> CampaignFacts:
    """A published campaign by its address. Raises NotFound, also for a draft."""
    found = facts(PUBLISHED, {"slug": slug})
    if not found:
        raise NotFound("campaign")
    return found[0]


def get_managed(slug: str) -> CampaignFacts:
    """A campaign or draft by its address. The caller checks that the visitor may manage it."""
    found = facts(BY_SLUG, {"slug": slug})
    if not found:
        raise NotFound("campaign")
    return found[0]


def campaign_by_id(id_: int) -> CampaignFacts:
    """A campaign, whatever its state; raises NotFound."""
    found = facts(BY_ONE_ID, {"id": id_})
    if not found:
        raise NotFound("campaign")
    return found[0]


def campaigns_by_id(ids: set[int]) -> dict[int, CampaignFacts]:
    """Several campaigns at once, whatever their state."""
    return {c.id: c for c in facts(BY_ID, {"ids": sorted(ids)})}


def list_questions(campaign_id: int) -> list[QuestionFacts]:
    """The questions that the form asks now, in order."""
    current = (Question.campaign_id == campaign_id, Question.retired_at.is_(None))
    rows = db.session.scalars(select(Question).where(*current).order_by(Question.position, Question.id))
    return [question_facts(row) for row in rows]


def allotment_reasons(campaign_id: int) -> dict[int, str]:
    """Why an organiser gave units other places than the calculation, by the unit's id; units without a reason are left out."""
    rows = select(Pool.unit_id, Pool.reason).where(
        Pool.campaign_id == campaign_id, Pool.unit_id.is_not(None), Pool.reason.is_not(None)
    )
    return {unit_id: reason for unit_id, reason in db.session.execute(rows) if unit_id and reason}


def get_entry(slug: str) -> SignUpFormFacts:
    """The questions and the notice that a sign-up is checked against before its unit of work; at most two statements."""
    return entry_of(*get_version(slug))


def entry_for(campaign: CampaignFacts) -> SignUpFormFacts:
    """The questions and the notice of a campaign that was read already."""
    return entry_of(campaign.id, campaign.version)


def entries_for(found: Iterable[CampaignFacts]) -> dict[int, SignUpFormFacts]:
    """The forms of campaigns that were read already, by the campaign's id; at most one statement."""
    forms = entries_of([(c.id, c.version) for c in found])
    return {form.campaign_id: form for form in forms.values()}


def check_form(shown: ShownForm, *, plan_version: int) -> None:
    """Refuse answers to a form whose questions are worded differently now. Call it with the campaign locked.

    Raises Refused("registration.form_changed").
    """
    form = shown.form
    if form.plan_version != plan_version:
        form = entry_of(form.campaign_id, plan_version)
    if not form.version == shown.form.version == shown.version:
        raise Refused("registration.form_changed")


def get_notice(notice_id: int) -> NoticeFacts:
    """A privacy notice by id."""
    row = db.session.get(PrivacyNotice, notice_id)
    if row is None:
        raise NotFound("notice")
    return NoticeFacts(row.id, row.version, tuple(row.paragraphs), tuple(row.covers))


def notice_covers(notice_id: int, code: str) -> bool:
    """Whether a privacy notice covers this, such as "wall_names"."""
    return code in get_notice(notice_id).covers


# When an activity begins: the same as `rules.begins_at`.
BEGINS_AT: ColumnElement[datetime] = case(
    (Activity.time_known, Activity.starts_at), else_=func.coalesce(Activity.begun_at, Activity.ends_at)
)


def _earliest(
    campaign: int | InstrumentedAttribute[int], *, held: bool, of: ColumnElement[datetime] = BEGINS_AT
) -> ScalarSelect[datetime]:
    """When the first activity begins; `held` leaves out cancelled ones."""
    starts = select(func.min(of, type_=UTCDateTime)).where(Activity.campaign_id == campaign)
    if held:
        starts = starts.where(Activity.schedule != str(ScheduleState.CANCELLED))
    return starts.scalar_subquery()


def first_start(campaign_id: int) -> datetime | None:
    """The start of the first activity that takes place; of the first one if none does, as `CampaignFacts.first`."""
    starts = type_coerce(Activity.starts_at, UTCDateTime)
    held, any_at_all = (_earliest(campaign_id, held=held, of=starts) for held in (True, False))
    return db.session.scalar(select(func.coalesce(held, any_at_all)))


_FIRST, _HELD = _earliest(Campaign.id, held=False), _earliest(Campaign.id, held=True)
SIGN_UP_STATE = (  # built once: every sign-up executes it
    select(
        Campaign.version,
        Campaign.state,
        Campaign.accepts,
        Campaign.opens_at,
        Campaign.closes_at,
        Campaign.closed_at,
        Campaign.timezone,
        Campaign.waiting,
        Campaign.last_arrival,
        Campaign.season_id,
        Campaign.one_of,
        _FIRST.label("first_at"),
        _HELD.label("held_at"),
    )
    .where(Campaign.id == bindparam("campaign"))
    .with_for_update(of=Campaign)
)


@dataclass(frozen=True, slots=True)
class SignUpState:
    """The version, window and counters of a campaign whose row is locked; they hold as long as the lock is held."""

    version: int
    window: SignUpWindow
    waiting: int
    last_arrival: int
    season_id: int
    one_of: str | None


def lock_for_sign_up(campaign_id: int) -> SignUpState:
    """Lock the campaign's row as `lock_window` does, without loading it as an object. Raises NotFound."""
    row = run(SIGN_UP_STATE, {"campaign": campaign_id}).one_or_none()
    if row is None:
        raise NotFound("campaign")
    return SignUpState(
        row.version,
        _window(row, row.first_at, row.held_at),
        row.waiting,
        row.last_arrival,
        row.season_id,
        row.one_of,
    )


def _window(row: Any, first_at: datetime | None, held_at: datetime | None) -> SignUpWindow:
    """The window of a campaign's row, in its zone, as refusals name its times."""
    zone = ZoneInfo(row.timezone)
    return SignUpWindow(
        row.state == "published",
        Intake(row.accepts),
        row.opens_at.astimezone(zone),
        (row.closed_at or row.closes_at).astimezone(zone),
        (held_at or first_at or row.closes_at).astimezone(zone),
        called_off=first_at is not None and held_at is None,
    )


def lock_window(campaign_id: int) -> tuple[Campaign, SignUpWindow]:
    """Lock the campaign's row in the open unit, read it anew, and return it with its window.

    On SQLite the unit of work itself is the lock; on PostgreSQL the row is. Everything that is scarce in a campaign is
    changed while this lock is held.
    """
    row = db.session.execute(
        select(Campaign, _FIRST, _HELD)
        .where(Campaign.id == campaign_id)
        .with_for_update(of=Campaign)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("campaign")
    campaign: Campaign = row[0]
    return campaign, _window(campaign, row[1], row[2])
