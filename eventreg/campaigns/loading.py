"""Load campaigns: what every sign-up changes is read each time, the rest is cached for each version of the campaign.

Counters and pools are read by one statement. Texts, times, activities, questions and the notice change only together
with `version` (`plan/planning.py` raises it in the same transaction), so this process caches them by version. Inside a
unit of work the cache is neither used nor filled, because the unit may still be rolled back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, literal, select, union_all

from eventreg.core.db.read_cache import cached_until_commit
from eventreg.core.db.session import AnyRow, db, is_writing, run
from eventreg.core.errors import NotFound
from eventreg.core.process_cache import cache_of, put_bounded

from .facts import (
    ActivityFacts,
    CampaignFacts,
    Eligibility,
    NoticeFacts,
    QuestionFacts,
    SignUpFormFacts,
)
from .files.reading import campaigns_with_files
from .kinds import parameters_of
from .models import (
    Activity,
    Campaign,
    CampaignPerson,
    CampaignUnit,
    Pool,
    PrivacyNotice,
    Question,
    Season,
)
from .question_kinds import options_in
from .rules import Intake, PoolFacts, PoolScope, ScheduleState

MOST = 256  # versions
Wanted = Select[*tuple[Any, ...]]
POOL = (
    Pool.id,
    Pool.scope,
    Pool.capacity,
    Pool.taken,
    Pool.unit_id,
    Pool.gender,
    Pool.question_key,
    Pool.option,
    Pool.ends_at,
    Pool.added,
    Pool.lifted_at,
)

# Built once: pages that everybody opens execute them.
LIVE: Wanted = (
    select(
        Campaign.id.label("campaign_id"),
        Campaign.version,
        Campaign.waiting,
        Campaign.last_arrival,
        *POOL,
    )
    .outerjoin(Pool, Pool.campaign_id == Campaign.id)
    .order_by(Campaign.id, Pool.id)
)
LATEST = select(Season.id).order_by(Season.day.desc(), Season.id.desc()).limit(1).scalar_subquery()
BY_ONE_ID = LIVE.where(Campaign.id == bindparam("id"))
BY_ID = LIVE.where(Campaign.id.in_(bindparam("ids", expanding=True)))
BY_SLUG = LIVE.where(Campaign.slug == bindparam("slug"))
PUBLISHED = BY_SLUG.where(Campaign.state == "published")
OF_SEASON = LIVE.where(Campaign.season_id == LATEST)
PUBLISHED_OF_SEASON = OF_SEASON.where(Campaign.state == "published")
VERSION = select(Campaign.id, Campaign.version).where(
    Campaign.slug == bindparam("slug"), Campaign.state == "published"
)

Version = tuple[int, int]  # id and version of a campaign


def facts(wanted: Wanted, parameters: Mapping[str, Any] | None = None) -> list[CampaignFacts]:
    """The campaigns of one of the statements above, by id."""
    if is_writing():
        db.session.flush()
    asked = repr(parameters)  # one of them is a list
    return list(cached_until_commit("facts", (wanted, asked), lambda: _facts(wanted, parameters)))


def _facts(wanted: Wanted, parameters: Mapping[str, Any] | None) -> tuple[CampaignFacts, ...]:
    rows = run(wanted, parameters).all()
    live = {(id_, group[0].version): group for id_, group in _by_campaign(rows)}
    plans = _of_versions("plans", live, _read_plans)
    return tuple(_with_counters(plans[version], group) for version, group in live.items() if version in plans)


def entry_of(id_: int, version: int) -> SignUpFormFacts:
    """The questions of a campaign's form, with its privacy notice."""
    found: SignUpFormFacts | None = _of_versions("entries", [(id_, version)], _read_entries).get(
        (id_, version)
    )
    if found is None:
        raise NotFound("campaign")
    return found


def entries_of(wanted: Collection[Version]) -> dict[Version, SignUpFormFacts]:
    """The forms of several campaigns, by what was asked; at most one statement."""
    return _of_versions("entries", wanted, _read_entries)


def get_version(slug: str) -> Version:
    """Id and version of a published campaign; raises NotFound."""
    row = run(VERSION, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound("campaign")
    return row.id, row.version


def pool_facts(pool: Pool | AnyRow) -> PoolFacts:
    """A pool's row as facts."""
    return pool_in([getattr(pool, column.key) for column in POOL])


def pool_in(columns: Sequence[Any]) -> PoolFacts:
    """Pool facts from the columns of POOL in a joined row, where other columns have the same names."""
    facts = [*columns]
    facts[1], facts[-1] = PoolScope(facts[1]), facts[-1] is not None
    return PoolFacts(*facts)


def question_facts(row: Question) -> QuestionFacts:
    """A question's row as facts."""
    return QuestionFacts(
        row.key,
        row.kind,
        row.label,
        row.hint,
        row.required,
        options_in(row.options),
        row.least,
        row.most,
        row.purpose,
        id=row.id,
        retired=row.retired_at is not None,
    )


def _by_campaign(rows: Iterable[AnyRow]) -> Iterable[tuple[int, list[AnyRow]]]:
    return ((id_, list(group)) for id_, group in groupby(rows, key=lambda row: row.campaign_id))


def _with_counters(plan: CampaignFacts, rows: list[AnyRow]) -> CampaignFacts:
    pools = tuple(pool_facts(row) for row in rows if row.id is not None)
    return replace(plan, waiting=rows[0].waiting, last_arrival=rows[0].last_arrival, pools=pools)


def _of_versions(what: str, wanted: Collection[Version], read: Any) -> dict[Version, Any]:
    """Values from the cache, or read and added to it; a newer version than the one asked for is returned as well."""
    box: dict[Version, Any] = {} if is_writing() else cache_of(what)
    found = {version: box[version] for version in wanted if version in box}
    missing = [version for version in wanted if version not in found]
    for (id_, version), thing in read([id_ for id_, _version in missing]).items() if missing else ():
        put_bounded(box, (id_, version), thing, most=MOST)
        found |= {asked: thing for asked in missing if asked[0] == id_}
    return found


def _read_plans(ids: list[int]) -> dict[Version, CampaignFacts]:
    """Read campaigns without their counters and pools."""
    rows, files = campaigns_with_files(ids)
    zones = {row.id: ZoneInfo(row.timezone) for row in rows}
    activities: dict[int, list[ActivityFacts]] = {row.id: [] for row in rows}
    parts = select(Activity).where(Activity.campaign_id.in_(ids))
    ordered = parts.order_by(Activity.starts_at, Activity.position)
    for activity in db.session.scalars(ordered.execution_options(populate_existing=True)):
        activities[activity.campaign_id].append(_activity(activity, zones[activity.campaign_id]))
    eligible = _eligibilities(rows)
    return {
        (row.id, row.version): replace(
            _campaign(row, tuple(activities[row.id]), zones[row.id], eligible[row.id]),
            files=tuple(files[row.id]),
        )
        for row in rows
    }


def _eligibilities(rows: Sequence[Campaign]) -> dict[int, Eligibility]:
    """Who may sign up for the campaigns that are restricted to units or to a list."""
    ids = [row.id for row in rows]
    units = select(CampaignUnit.campaign_id, CampaignUnit.unit_id, literal(0)).where(
        CampaignUnit.campaign_id.in_(ids)
    )
    people = (
        select(CampaignPerson.campaign_id, literal(0), func.count())
        .where(CampaignPerson.campaign_id.in_(ids))
        .group_by(CampaignPerson.campaign_id)
    )
    found = {row.id: Eligibility(row.for_gender) for row in rows}
    for id_, unit_id, listed in db.session.execute(union_all(units, people)):
        so_far = found[id_]
        unit_ids = (*so_far.unit_ids, unit_id) if unit_id else so_far.unit_ids
        found[id_] = replace(so_far, unit_ids=unit_ids, listed=so_far.listed + listed)
    return found


def _read_entries(ids: list[int]) -> dict[Version, SignUpFormFacts]:
    query = (
        select(Campaign.id, Campaign.version, PrivacyNotice, Question)
        .join(PrivacyNotice, PrivacyNotice.id == Campaign.notice_id)
        .outerjoin(Question, Question.campaign_id == Campaign.id)
        .where(Campaign.id.in_(ids))
        .order_by(Campaign.id, Question.position, Question.id)
    )
    rows = db.session.execute(query.execution_options(populate_existing=True)).all()
    found: dict[Version, SignUpFormFacts] = {}
    for id_, version, notice, question in rows:
        told = NoticeFacts(notice.id, notice.version, tuple(notice.paragraphs), tuple(notice.covers))
        entry = found.get((id_, version)) or SignUpFormFacts(id_, told, (), plan_version=version)
        asked = (question_facts(question),) if question is not None else ()
        found[id_, version] = replace(entry, questions=(*entry.questions, *asked))
    return {asked_at: _parted(entry) for asked_at, entry in found.items()}


def _parted(entry: SignUpFormFacts) -> SignUpFormFacts:
    """The form with the questions that are asked no longer apart; of several versions of one the last counts."""
    asked = tuple(q for q in entry.questions if not q.retired)
    keys = {q.key for q in asked}
    last = {q.key: q for q in sorted(entry.questions, key=lambda q: q.id) if q.key not in keys}
    return replace(entry, questions=asked, retired=tuple(last.values()))


def _activity(row: Activity, zone: ZoneInfo) -> ActivityFacts:
    return ActivityFacts(
        id=row.id,
        kind=row.kind,
        title=row.title,
        starts_at=row.starts_at.astimezone(zone),
        ends_at=row.ends_at.astimezone(zone),
        time_known=row.time_known,
        place=row.place,
        schedule=ScheduleState(row.schedule),
        sequence=row.sequence,
        begun_at=row.begun_at and row.begun_at.astimezone(zone),
        parameters=parameters_of(row.kind, row.parameters),
    )


def _campaign(
    row: Campaign, activities: tuple[ActivityFacts, ...], zone: ZoneInfo, eligible: Eligibility
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
        accepts=Intake(row.accepts),
        published=row.state == "published",
        opens_at=row.opens_at.astimezone(zone),
        opens_on_publication=row.opens_on_publication,
        closes_at=(row.closed_at or row.closes_at).astimezone(zone),
        deadline=row.closes_at.astimezone(zone),
        retain_until=row.retain_until,
        defaults=tuple(row.defaults),
        notice_id=row.notice_id,
        waiting=0,
        last_arrival=0,
        activities=activities,
        pools=(),
        offer_from_h=row.offer_from_h,
        offer_minutes=row.offer_minutes,
        eligible=eligible,
        one_of=row.one_of,
        archive_set=row.archive_until,
    )
