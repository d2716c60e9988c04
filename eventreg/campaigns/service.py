"""Campaigns as they are read, and locked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from eventreg.core.db import AnyRow, db, run
from eventreg.core.errors import NotFound

from .facts import ActivityFacts, CampaignFacts, Entry, NoticeFacts, QuestionFacts, SeasonFacts
from .kinds import parameters_of
from .models import Activity, Campaign, Pool, PrivacyNotice, Question, Season
from .rules import Accepts, PoolFacts, Schedule, Scope, Window

LATEST = select(Season).order_by(Season.day.desc(), Season.id.desc()).limit(1)  # built once: every page asks


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
    """The day that a season is about; raises NotFound."""
    found = db.session.scalar(select(Season.day).where(Season.id == season_id))
    if found is None:
        raise NotFound("season")
    return found


def list_campaigns() -> list[CampaignFacts]:
    """The published campaigns of the latest season, by their first activity; three statements."""
    found = _facts(select(Campaign).where(*_of_latest_season(), Campaign.state == "published"))
    return sorted(found, key=lambda c: (c.starts_at, c.id))


def list_managed(ids: Collection[int] | None) -> list[CampaignFacts]:
    """The latest season's campaigns among these, or all; drafts too, by their first activity."""
    wanted = [] if ids is None else [Campaign.id.in_(ids)]
    found = _facts(select(Campaign).where(*_of_latest_season(), *wanted))
    return sorted(found, key=lambda c: (c.starts_at, c.id))


def list_templates(ids: Collection[int] | None) -> list[tuple[str, str]]:
    """(address, title) of the campaigns of all seasons that may be copied, the newest first."""
    wanted = [] if ids is None else [Campaign.id.in_(ids)]
    rows = select(Campaign.slug, Campaign.title).where(*wanted).order_by(Campaign.id.desc())
    return [(slug, title) for slug, title in db.session.execute(rows)]


def get_campaign(slug: str) -> CampaignFacts:
    """A published campaign by its address; raises NotFound for a draft too."""
    found = _facts(select(Campaign).where(Campaign.slug == slug, Campaign.state == "published"))
    if not found:
        raise NotFound("campaign")
    return found[0]


def get_managed(slug: str) -> CampaignFacts:
    """A campaign by its address, a draft too: whoever calls checks that the visitor may manage it."""
    found = _facts(select(Campaign).where(Campaign.slug == slug))
    if not found:
        raise NotFound("campaign")
    return found[0]


def campaigns_by_id(ids: set[int]) -> dict[int, CampaignFacts]:
    """Several campaigns at once, whatever their state."""
    return {c.id: c for c in _facts(select(Campaign).where(Campaign.id.in_(ids)))}


def list_questions(campaign_id: int) -> list[QuestionFacts]:
    """What the form asks now, in order."""
    current = (Question.campaign_id == campaign_id, Question.retired_at.is_(None))
    rows = db.session.scalars(select(Question).where(*current).order_by(Question.position, Question.id))
    return [_question(row) for row in rows]


def get_entry(slug: str) -> Entry:
    """What a sign-up needs to know before its unit of work, in one statement."""
    published = (Campaign.slug == slug, Campaign.state == "published")
    rows = db.session.execute(
        select(Campaign.id, PrivacyNotice, Question)
        .join(PrivacyNotice, PrivacyNotice.id == Campaign.notice_id)
        .outerjoin(Question, (Question.campaign_id == Campaign.id) & Question.retired_at.is_(None))
        .where(*published)
        .order_by(Question.position, Question.id)
    ).all()
    if not rows:
        raise NotFound("campaign")
    notice = rows[0][1]
    return Entry(
        campaign_id=rows[0][0],
        notice=NoticeFacts(notice.id, notice.version, tuple(notice.paragraphs)),
        questions=tuple(_question(row[2]) for row in rows if row[2] is not None),
    )


def get_notice(notice_id: int) -> NoticeFacts:
    """A privacy notice by id."""
    row = db.session.get(PrivacyNotice, notice_id)
    if row is None:
        raise NotFound("notice")
    return NoticeFacts(row.id, row.version, tuple(row.paragraphs))


_FIRST = select(func.min(Activity.starts_at)).where(Activity.campaign_id == Campaign.id).scalar_subquery()
DOOR = (  # built once: every sign-up asks it
    select(
        Campaign.state,
        Campaign.accepts,
        Campaign.opens_at,
        Campaign.closes_at,
        Campaign.waiting,
        _FIRST.label("starts_at"),
    )
    .where(Campaign.id == bindparam("campaign"))
    .with_for_update(of=Campaign)
)


def lock_door(campaign_id: int) -> tuple[Window, int]:
    """The campaign's window and how many wait, its row locked as by `lock_window`, but not loaded."""
    row = run(DOOR, {"campaign": campaign_id}).one_or_none()
    if row is None:
        raise NotFound("campaign")
    starts_at = row.starts_at or row.closes_at
    window = Window(row.state == "published", Accepts(row.accepts), row.opens_at, row.closes_at, starts_at)
    return window, row.waiting


def lock_window(campaign_id: int) -> tuple[Campaign, Window]:
    """The campaign's row, locked and read anew inside the open unit, with its window.

    On SQLite the unit itself is the lock; on PostgreSQL the row is. Everything that is scarce
    in a campaign changes behind this lock.
    """
    first = select(func.min(Activity.starts_at)).where(Activity.campaign_id == campaign_id).scalar_subquery()
    row = db.session.execute(
        select(Campaign, first)
        .where(Campaign.id == campaign_id)
        .with_for_update(of=Campaign)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("campaign")
    campaign: Campaign = row[0]
    starts_at = row[1] or campaign.closes_at
    window = Window(
        campaign.state == "published",
        Accepts(campaign.accepts),
        campaign.opens_at,
        campaign.closed_at or campaign.closes_at,
        starts_at,
    )
    return campaign, window


def pool_facts(pool: Pool | AnyRow) -> PoolFacts:
    """A pool's row as rules see it."""
    return PoolFacts(pool.id, Scope(pool.scope), pool.capacity, pool.taken, pool.unit_id, pool.gender)


def _question(row: Question) -> QuestionFacts:
    return QuestionFacts(row.id, row.key, row.kind, row.label, row.hint, row.required)


def _facts(query: Select[Campaign]) -> list[CampaignFacts]:
    rows = db.session.scalars(query.execution_options(populate_existing=True)).all()
    ids = [row.id for row in rows]
    activities: dict[int, list[ActivityFacts]] = {id_: [] for id_ in ids}
    zones = {row.id: ZoneInfo(row.timezone) for row in rows}
    found = (
        select(Activity).where(Activity.campaign_id.in_(ids)).order_by(Activity.starts_at, Activity.position)
    )
    for activity in db.session.scalars(found.execution_options(populate_existing=True)):
        activities[activity.campaign_id].append(_activity(activity, zones[activity.campaign_id]))
    pools: dict[int, list[PoolFacts]] = {id_: [] for id_ in ids}
    bounds = select(Pool).where(Pool.campaign_id.in_(ids)).order_by(Pool.id)
    for pool in db.session.scalars(bounds.execution_options(populate_existing=True)):
        pools[pool.campaign_id].append(pool_facts(pool))
    return [_campaign(row, tuple(activities[row.id]), tuple(pools[row.id]), zones[row.id]) for row in rows]


def _of_latest_season() -> tuple[ColumnElement[bool], ...]:
    latest = select(Season.id).order_by(Season.day.desc(), Season.id.desc()).limit(1).scalar_subquery()
    return (Campaign.season_id == latest,)


def _activity(row: Activity, zone: ZoneInfo) -> ActivityFacts:
    return ActivityFacts(
        id=row.id,
        kind=row.kind,
        title=row.title,
        starts_at=row.starts_at.astimezone(zone),
        ends_at=row.ends_at.astimezone(zone),
        time_known=row.time_known,
        place=row.place,
        schedule=Schedule(row.schedule),
        sequence=row.sequence,
        parameters=parameters_of(row.kind, row.parameters),
    )


def _campaign(
    row: Campaign, activities: tuple[ActivityFacts, ...], pools: tuple[PoolFacts, ...], zone: ZoneInfo
) -> CampaignFacts:
    return CampaignFacts(
        id=row.id,
        season_id=row.season_id,
        version=row.version,
        slug=row.slug,
        title=row.title,
        intro=row.intro,
        audience=row.audience,
        lang=row.lang,
        zone=zone,
        accepts=Accepts(row.accepts),
        published=row.state == "published",
        opens_at=row.opens_at.astimezone(zone),
        opens_on_publication=row.opens_on_publication,
        closes_at=(row.closed_at or row.closes_at).astimezone(zone),
        deadline=row.closes_at.astimezone(zone),
        retain_until=row.retain_until,
        defaults=tuple(row.defaults),
        notice_id=row.notice_id,
        waiting=row.waiting,
        last_arrival=row.last_arrival,
        activities=activities,
        pools=pools,
    )
