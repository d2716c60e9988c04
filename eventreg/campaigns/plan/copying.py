"""Copy a campaign as a new draft: its texts, parts and pools, but no registrations."""

from __future__ import annotations

from datetime import datetime, timedelta

from eventreg.campaigns import service, wording
from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.inputs import NewActivity, NewCampaign, NewPool, NewQuestion, NewWording
from eventreg.campaigns.rules import PoolFacts, PoolScope, ScheduleState

from . import restricting
from .prefilled import shown_to_employees

AGAIN = {ScheduleState.MOVED: ScheduleState.CONFIRMED, ScheduleState.CANCELLED: ScheduleState.TENTATIVE}


def copy_of(source: CampaignFacts, *, slug: str, title: str) -> NewCampaign:
    """The campaign to be made as a copy. In another season all days are moved by the days between the two seasons.

    Raises NotFound when there is no season.
    """
    shift = _shift(source)
    reasons = service.allotment_reasons(source.id)
    return NewCampaign(
        slug=slug,
        title=title,
        intro=source.intro,
        audience=source.audience,
        accepts=source.accepts,
        closes_at=_moved(source.deadline, shift),
        retain_until=source.retain_until + shift,
        defaults=shown_to_employees(source.defaults),
        capacity=source.total.capacity if source.total else None,
        questions=tuple(
            NewQuestion(q.key, q.kind, q.label, q.hint, q.required, q.offered, q.least, q.most, q.purpose)
            for q in service.list_questions(source.id)
        ),
        activities=tuple(_activity(activity, shift) for activity in source.activities),
        lang=source.lang,
        timezone=source.zone.key,
        bounds=tuple(
            _bound(pool, shift, reasons.get(pool.unit_id or 0))
            for pool in source.pools
            if pool.scope is not PoolScope.TOTAL
        ),
        wordings=tuple(
            NewWording(kind, lang, words.subject, words.lines)
            for (kind, lang), words in wording.written(source.id, source.version).items()
        ),
        eligible=restricting.stored(source.id, source.eligible.gender),
        offer_from_h=source.offer_from_h,
        offer_minutes=source.offer_minutes,
        check_points=tuple(check_points.list_of(source.id)),
    )


def _shift(source: CampaignFacts) -> timedelta:
    season = service.find_season()
    return season.day - service.season_day(source.season_id) if season else timedelta(0)


def _bound(pool: PoolFacts, shift: timedelta, reason: str | None) -> NewPool:
    return NewPool(
        pool.scope,
        pool.capacity,
        pool.unit_id,
        pool.gender,
        ends_at=pool.ends_at and _moved(pool.ends_at, shift),
        question_key=pool.question_key,
        option=pool.option,
        reason=reason,
    )


def _activity(activity: ActivityFacts, shift: timedelta) -> NewActivity:
    return NewActivity(
        kind=activity.kind,
        title=activity.title,
        starts_at=_moved(activity.starts_at, shift),
        ends_at=_moved(activity.ends_at, shift),
        time_known=activity.time_known,
        schedule=AGAIN.get(activity.schedule, activity.schedule),
        parameters=activity.parameters,
        place=activity.place,
    )


def _moved(at: datetime, shift: timedelta) -> datetime:
    """The same local time on another day: arithmetic with aware times in one zone keeps the local time."""
    return at + shift
