"""What an organiser does with a campaign: draft, change, publish, close. Each call is made in a unit of work."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants, service, writing
from eventreg.campaigns.inputs import NewCampaign
from eventreg.campaigns.models import (
    Activity,
    Campaign,
    Season,
)
from eventreg.campaigns.rules import (
    SignUpWindow,
    archive_end,
    check_closable,
    check_plannable,
    check_reopenable,
    check_times,
    check_version,
)
from eventreg.core import idempotency
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.idempotency import ResultKind
from eventreg.core.trail import audit
from eventreg.core.trail.old_and_new import difference

from . import notices
from .draft_tables import OF_A_DRAFT
from .prefilled import touched_by
from .readiness import lacks


@dataclass(frozen=True, slots=True)
class CampaignBasics:
    """The basic facts of a campaign. `slug` and `timezone` None leave the old ones, `opens_at` None is publication.

    `covers` is what the notice covers beyond the event itself.
    """

    title: str
    slug: str | None
    intro: str
    audience: str
    lang: str
    opens_at: datetime | None
    closes_at: datetime
    retain_until: date
    notice: tuple[str, ...]
    timezone: str | None = None
    archive_until: date | None = None
    covers: tuple[str, ...] = ()


def make_draft(
    campaign: NewCampaign,
    *,
    notice: tuple[str, ...],
    covers: tuple[str, ...] = (),
    actor: Actor,
    key: str = "",
) -> str:
    """Make a draft in the latest season; the actor becomes its organiser. Returns its address.

    A repeated `key` with the same title returns the same draft. Raises Refused("plan.no_season") or
    ("plan.slug_taken").
    """
    request = idempotency.IdempotentRequest(
        f"{actor.audit_name} drafts {_short(campaign.title)}", key, {}, ResultKind.CAMPAIGN
    )
    if (known := idempotency.find_answer(request)) is not None:
        found = db.session.get(Campaign, known.row_id)
        return found.slug if found else campaign.slug
    latest = select(Season.id).order_by(Season.day.desc(), Season.id.desc()).limit(1)
    season_id = db.session.scalar(latest)
    if season_id is None:
        raise Refused("plan.no_season")
    if writing.exists(campaign.slug):
        raise Refused("plan.slug_taken", field="slug")
    notice_id = notices.keep(notice, covers, now=actor.now)
    campaign_id = writing.add(
        campaign, season_id=season_id, notice_id=notice_id, published=False, now=actor.now
    )
    audit.record("campaign.drafted", f"campaign:{campaign_id}", actor=actor)
    campaign_grants.grant(actor.person_id, Role.ORGANISER, campaign.slug, actor=actor)
    idempotency.keep_answer(request, campaign_id, status=201, now=actor.now)
    return campaign.slug


def change_basics(campaign_id: int, wanted: CampaignBasics, *, seen: int, actor: Actor) -> bool:
    """Change the basic facts of a campaign; False when nothing differs.

    After publication the address cannot change, neither can an opening time that has passed; the deadline must be in the
    future, and personal data may not be kept longer than was announced. Raises Refused with the field that is wrong, or
    ("plan.changed_meanwhile"), ("plan.started").
    """
    campaign, window = service.lock_window(campaign_id)
    values = _values(wanted, window, now=actor.now)
    told = service.get_notice(campaign.notice_id)
    if (wanted.notice, wanted.covers) != (told.paragraphs, told.covers):
        values["notice_id"] = notices.keep(wanted.notice, wanted.covers, now=actor.now)
    changed = {name: value for name, value in values.items() if getattr(campaign, name) != value}
    if not changed:
        return False
    check_planned(campaign, window, seen=seen, now=actor.now)
    check_times(
        opens_at=values.get("opens_at"),
        closes_at=wanted.closes_at,
        starts_at=service.first_start(campaign_id) if window.published else None,
    )
    if window.published:
        _check_promises(campaign, values, now=actor.now)
    elif wanted.slug not in {None, campaign.slug} and writing.exists(values["slug"]):
        raise Refused("plan.slug_taken", field="slug")
    if "timezone" in changed:
        _keep_hours(campaign, ZoneInfo(changed["timezone"]))
    told_values = difference(campaign, changed)
    for name, value in changed.items():
        setattr(campaign, name, value)
    if "closes_at" in changed:
        forget_default(campaign, "deadline", "deadline_day")
    note(campaign, "basics_changed", actor=actor, fields=sorted(changed), **told_values)
    return True


def publish(campaign_id: int, *, seen: int, actor: Actor) -> bool:
    """Publish a draft; False when it was published before (asked twice).

    Raises Refused("plan.not_ready") with the number of gaps, or ("plan.changed_meanwhile").
    """
    campaign, window = service.lock_window(campaign_id)
    if window.published:
        return False
    check_version(campaign.version, seen=seen)
    facts = service.campaign_by_id(campaign_id)
    missing = lacks(facts, service.get_notice(campaign.notice_id), now=actor.now)
    if missing:
        raise Refused("plan.not_ready", count=len(missing))
    campaign.state = "published"
    if campaign.opens_on_publication:
        campaign.opens_at = actor.now
    note(campaign, "published", actor=actor)
    return True


def close(campaign_id: int, *, actor: Actor) -> bool:
    """Close sign-ups before the deadline; False when they are closed already. The waiting list goes on.

    Raises Refused("plan.not_open").
    """
    campaign, window = service.lock_window(campaign_id)
    if campaign.closed_at is not None:
        return False
    check_closable(window, now=actor.now)
    campaign.closed_at = actor.now
    note(campaign, "closed", actor=actor)
    return True


def reopen(campaign_id: int, *, actor: Actor) -> bool:
    """Open sign-ups again until the deadline; False when they are open.

    Raises Refused("plan.not_closed") or ("plan.deadline_passed").
    """
    campaign, window = service.lock_window(campaign_id)
    if campaign.closed_at is None and window.published and actor.now < campaign.closes_at:
        return False
    early = campaign.closed_at is not None
    check_reopenable(window, closed_early=early, deadline=campaign.closes_at, now=actor.now)
    campaign.closed_at = None
    note(campaign, "reopened", actor=actor)
    return True


def delete_draft(campaign_id: int, *, seen: int, actor: Actor) -> None:
    """Delete a draft with all its parts; raises Refused("plan.not_draft") for anything else."""
    campaign, window = service.lock_window(campaign_id)
    if window.published:
        raise Refused("plan.not_draft")
    check_version(campaign.version, seen=seen)
    for part in (*OF_A_DRAFT, Activity):
        db.session.execute(delete(part).where(part.campaign_id == campaign_id))
    audit.record("campaign.deleted", f"campaign:{campaign_id}", actor=actor, slug=campaign.slug)
    db.session.delete(campaign)


def lock(campaign_id: int, *, seen: int, now: datetime) -> tuple[Campaign, SignUpWindow]:
    """Lock the campaign's row for a change that was made from version `seen`.

    Raises Refused("plan.changed_meanwhile") or ("plan.started").
    """
    campaign, window = service.lock_window(campaign_id)
    check_planned(campaign, window, seen=seen, now=now)
    return campaign, window


def check_planned(campaign: Campaign, window: SignUpWindow, *, seen: int, now: datetime) -> None:
    """Check that the change was made from the current version, and that the first activity has not begun."""
    check_version(campaign.version, seen=seen)
    check_plannable(window, now=now)


def lock_draft(campaign_id: int, *, seen: int, now: datetime) -> Campaign:
    """Lock a draft as `lock` does. Raises Refused("plan.published") for a published campaign."""
    campaign, window = lock(campaign_id, seen=seen, now=now)
    if window.published:
        raise Refused("plan.published")
    return campaign


def note(campaign: Campaign, action: str, *, actor: Actor, **facts: object) -> None:
    """Record a change of a campaign: raise its version, and write one audit row. What it touched is no longer prefilled."""
    campaign.version += 1
    changed = facts.get("fields")
    forget_default(campaign, *touched_by(action, changed if isinstance(changed, list) else ()))
    audit.record(f"campaign.{action}", f"campaign:{campaign.id}", actor=actor, **facts)


def _keep_hours(campaign: Campaign, zone: ZoneInfo) -> None:
    """Move a draft's activities to another zone with the same local times."""
    before = ZoneInfo(campaign.timezone)
    for activity in db.session.scalars(select(Activity).where(Activity.campaign_id == campaign.id)):
        activity.starts_at = activity.starts_at.astimezone(before).replace(tzinfo=zone)
        activity.ends_at = activity.ends_at.astimezone(before).replace(tzinfo=zone)


def forget_default(campaign: Campaign, *codes: str) -> None:
    """Note that a value was set by hand: it is no longer a default of the product (see `Campaign.defaults`)."""
    campaign.defaults = [code for code in campaign.defaults if code not in codes]


def _values(wanted: CampaignBasics, window: SignUpWindow, *, now: datetime) -> dict[str, Any]:
    """The columns of a change; what has happened already is left out."""
    if wanted.archive_until is not None and wanted.archive_until < wanted.retain_until:
        raise Refused("plan.archive_first", field="archive_until")
    values: dict[str, Any] = {
        "title": wanted.title,
        "intro": wanted.intro,
        "audience": wanted.audience,
        "lang": wanted.lang,
        "closes_at": wanted.closes_at,
        "retain_until": wanted.retain_until,
        "archive_until": wanted.archive_until,
    }
    if wanted.slug is not None:
        values["slug"] = wanted.slug
    if wanted.timezone is not None:
        values["timezone"] = wanted.timezone
    if not window.published:
        values["opens_on_publication"] = wanted.opens_at is None
        if wanted.opens_at is not None:
            values["opens_at"] = wanted.opens_at
    elif now < window.opens_at:
        values["opens_at"] = wanted.opens_at or now
    return values


def _check_promises(campaign: Campaign, values: dict[str, Any], *, now: datetime) -> None:
    """Check that a change keeps what people were told at publication."""
    if values.get("slug", campaign.slug) != campaign.slug:
        raise Refused("plan.slug_fixed", field="slug")
    if values.get("timezone", campaign.timezone) != campaign.timezone:
        raise Refused("plan.zone_fixed")
    if values["closes_at"] != campaign.closes_at and values["closes_at"] <= now:
        raise Refused("plan.closes_in_past", field="closes_at")
    if campaign.last_arrival and values["retain_until"] > campaign.retain_until:
        raise Refused("plan.retention_longer", field="retain_until", until=campaign.retain_until)
    kept = archive_end(campaign.retain_until, campaign.archive_until)
    if campaign.last_arrival and archive_end(values["retain_until"], values["archive_until"]) > kept:
        raise Refused("plan.retention_longer", field="archive_until", until=kept)


def _short(title: str) -> str:
    """A title as part of a key's scope."""
    return hashlib.sha256(title.encode()).hexdigest()[:16]
