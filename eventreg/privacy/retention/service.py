"""Retention: what a removal would take, the removals that are due, and erasures on request (ADR 56)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select, update

from eventreg.campaigns.assessments.models import Assessment
from eventreg.campaigns.models import Campaign, Pool
from eventreg.campaigns.rules import archive_end
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.trail import audit
from eventreg.nominations.files.models import NominationFile
from eventreg.nominations.models import Nomination, NominationVersion, Quota
from eventreg.nominations.papers.models import Submission
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import LetterState

from .belonging import Roots, of_campaign, rows_of, table_named
from .models import PurgeRun
from .rules import (
    ASSESSMENT_YEARS,
    NOT_PERSONAL,
    REMOVALS,
    SENSITIVE_FIELDS,
    DueDate,
    Removal,
    is_due,
)

UNDER_WAY = (str(LetterState.QUEUED), str(LetterState.CLAIMED))


@dataclass(frozen=True, slots=True)
class RetentionFacts:
    """The two dates of a campaign, and what goes at the first: part → number of rows that still hold something."""

    retain_until: date
    archive_until: date
    purged_at: datetime | None
    parts: Mapping[str, int]


def facts_of(campaign_id: int) -> RetentionFacts:
    """What would be removed now if the date had come. Reads only."""
    row = db.session.get_one(Campaign, campaign_id)
    parts = count_removals(of_campaign(campaign_id))
    kept = archive_end(row.retain_until, row.archive_until)
    return RetentionFacts(row.retain_until, kept, row.purged_at, parts)


def list_due(*, now: datetime) -> list[tuple[int, DueDate]]:
    """The campaigns with a removal to carry out that was not carried out today, each with its latest date.

    It is repeated daily, so that what comes late, or came back with a backup, goes too.
    """
    found = []
    columns = (
        Campaign.id,
        Campaign.timezone,
        Campaign.retain_until,
        Campaign.archive_until,
        Campaign.purged_at,
    )
    for campaign_id, zone, retain_until, archive_until, purged_at in db.session.execute(select(*columns)):
        today = now.astimezone(ZoneInfo(zone)).date()
        if purged_at is not None and purged_at.astimezone(ZoneInfo(zone)).date() >= today:
            continue
        if is_due(archive_end(retain_until, archive_until), today):
            found.append((campaign_id, DueDate.ARCHIVE))
        elif is_due(retain_until, today):
            found.append((campaign_id, DueDate.RETAIN))
    return found


def purge(campaign_id: int, due: DueDate, *, actor: Actor) -> list[str]:
    """Remove what is due of a campaign, in the open unit; returns the ids of files that are to be deleted from the disk.

    A run that finds nothing leaves no trace but `purged_at`.
    """
    campaign = db.session.get_one(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    files = files_of(of_campaign(campaign_id))
    counts = Counter(remove(of_campaign(campaign_id)))
    if due is DueDate.ARCHIVE:
        counts["record"] += _remove_record(campaign, now=actor.now)
    told = {part: n for part, n in sorted(counts.items()) if n}
    if told:
        db.session.add(PurgeRun(campaign_id=campaign_id, due=str(due), counts=told, at=actor.now))
        audit.record("campaign.purged", f"campaign:{campaign_id}", actor=actor, due=str(due), parts=told)
        campaign.version += 1
    campaign.purged_at = actor.now
    return files


def remove(roots: Roots) -> dict[str, int]:
    """Remove what goes at `retain_until` of the rows that the roots reach; returns part → rows."""
    counts: Counter[str] = Counter(sensitive=_blank_sensitive(roots))
    for removal in REMOVALS:
        table, where = _reached(removal, roots)
        if where is None:
            continue
        wanted = (
            update(table).where(where, _holds(table, removal)).values(**removal.blank)
            if removal.blank
            else delete(table).where(where)
        )
        counts[removal.part] += db.session.execute(wanted).rowcount  # type: ignore[attr-defined]
    _point_at_what_is_left(roots)
    db.session.expire_all()
    return dict(counts)


def count_removals(roots: Roots) -> dict[str, int]:
    """Part → rows that `remove` would take or blank; nothing for a part that has none."""
    counts: Counter[str] = Counter()
    for removal in REMOVALS:
        table, where = _reached(removal, roots)
        if where is not None:
            holds = (where, _holds(table, removal)) if removal.blank else (where,)
            counts[removal.part] += (
                db.session.scalar(select(func.count()).select_from(table).where(*holds)) or 0
            )
    counts["sensitive"] = sum(1 for _ in _sensitive(roots))
    return {part: n for part, n in counts.items() if n}


def is_anything_left(campaign_id: int, due: DueDate) -> bool:
    """Whether a removal at this date would find anything of the campaign."""
    roots = of_campaign(campaign_id)
    if due is DueDate.RETAIN:
        return bool(count_removals(roots))
    return any(
        db.session.scalar(select(exists().where(where)))
        for table in table_named("campaign").metadata.sorted_tables
        if table.name not in NOT_PERSONAL and (where := rows_of(table, roots)) is not None
    )


def _reached(removal: Removal, roots: Roots) -> tuple[Table, ColumnElement[bool] | None]:
    table = table_named(removal.table)
    where = rows_of(table, roots)
    return table, where if where is None or not removal.only else where & _only(removal.only, table)


def _only(which: str, table: Table) -> ColumnElement[bool]:
    if which == "settled":
        return Letter.state.not_in(UNDER_WAY)
    if which == "unsubmitted":
        kept = select(Submission.version).where(Submission.nomination_id == NominationVersion.nomination_id)
        return NominationVersion.number.not_in(kept)
    never = select(Nomination.id).where(Nomination.id.not_in(select(Submission.nomination_id)))
    column = table.c.id if table.name == "nomination" else table.c.nomination_id
    return column.in_(never)


def _holds(table: Table, removal: Removal) -> ColumnElement[bool]:
    """Whether one of the columns to be blanked holds something."""
    return or_(
        *(
            table.c[name].is_not(None) if blank is None else table.c[name] != blank
            for name, blank in removal.blank.items()
        )
    )


def _sensitive(roots: Roots) -> Iterator[NominationVersion]:
    """The submitted versions that hold sensitive answers."""
    where = rows_of(table_named("nomination_version"), roots)
    if where is not None:
        for row in db.session.scalars(select(NominationVersion).where(where)):
            if any(row.answers.get(name) for name in SENSITIVE_FIELDS):
                yield row


def _blank_sensitive(roots: Roots) -> int:
    found = list(_sensitive(roots))
    for row in found:
        row.answers = {name: said for name, said in row.answers.items() if name not in SENSITIVE_FIELDS}
    where = rows_of(table_named("submission"), roots)
    if where is not None:  # nobody is asked to consent to what is gone
        db.session.execute(update(Submission).where(where).values(sensitive=False))
    db.session.flush()
    return len(found)


def _point_at_what_is_left(roots: Roots) -> None:
    """The newest version of a nomination is the submitted one, now that drafts after it are gone."""
    where = rows_of(table_named("nomination"), roots)
    if where is not None:
        submitted = update(Nomination).where(where, Nomination.handed_in.is_not(None))
        db.session.execute(submitted.values(version=Nomination.handed_in))


def files_of(roots: Roots) -> list[str]:
    where = rows_of(table_named("nomination_file"), roots)
    return [] if where is None else list(db.session.scalars(select(NominationFile.id).where(where)))


def _remove_record(campaign: Campaign, *, now: datetime) -> int:
    """Remove the record: every row of the campaign that is about a person. Counters follow, so that figures stay true.
    Returns the number of rows."""
    roots = of_campaign(campaign.id)
    gone: int = 0
    for table in reversed(table_named("campaign").metadata.sorted_tables):
        if table.name in NOT_PERSONAL:
            continue
        where = rows_of(table, roots)
        if where is not None:
            gone += db.session.execute(delete(table).where(where)).rowcount  # type: ignore[attr-defined]
    old = now - timedelta(days=366 * ASSESSMENT_YEARS)
    assessed = delete(Assessment).where(Assessment.campaign_id == campaign.id, Assessment.at < old)
    gone += db.session.execute(assessed).rowcount  # type: ignore[attr-defined]
    db.session.execute(update(Pool).where(Pool.campaign_id == campaign.id).values(taken=0, added=0))
    db.session.execute(update(Quota).where(Quota.campaign_id == campaign.id).values(filled=0))
    db.session.expire_all()
    campaign.waiting = 0
    return gone
