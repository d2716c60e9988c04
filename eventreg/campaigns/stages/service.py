"""The timetable of an award: read it, change it, copy it to another season."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.plan import planning
from eventreg.campaigns.rules import Intake, check_version
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.core.working_days.rules import WorkCalendar, moved

from .models import AwardStage
from .rules import StageCode, StageDays, Timetable, check_days


def timetable_of(campaign_id: int) -> dict[StageCode, StageDays]:
    """The stages that have days, in their order."""
    rows = db.session.scalars(select(AwardStage).where(AwardStage.campaign_id == campaign_id))
    found = {StageCode(row.code): StageDays(row.starts_on, row.ends_on) for row in rows}
    return {stage: found[stage] for stage in StageCode if stage in found}


def change(campaign_id: int, wanted: Timetable, *, seen: int, actor: Actor) -> bool:
    """Replace the timetable, also after nominations have closed; False when nothing differs.

    Raises NotFound for a campaign without nominations, Refused("stage.ends_first") and ("plan.changed_meanwhile").
    """
    for stage, days in wanted.items():
        check_days(stage, days)
    campaign, window = campaigns.lock_window(campaign_id)
    if window.accepts is not Intake.NOMINATIONS:
        raise NotFound("campaign")
    check_version(campaign.version, seen=seen)
    was = timetable_of(campaign_id)
    if was == dict(wanted):
        return False
    _store(campaign_id, wanted)
    changed = [stage for stage in StageCode if was.get(stage) != wanted.get(stage)]
    planning.note(campaign, "stages_changed", actor=actor, stages=[str(stage) for stage in changed])
    return True


def carry_over(source: CampaignFacts, slug: str, calendar: WorkCalendar) -> None:
    """Copy the timetable of `source` to the draft that was copied from it; its working days stay working days."""
    copy = campaigns.get_managed(slug)
    days = campaigns.season_day(copy.season_id) - campaigns.season_day(source.season_id)
    if source.accepts is Intake.NOMINATIONS and not copy.published and not timetable_of(copy.id):
        _store(copy.id, {s: _moved(d, days, calendar) for s, d in timetable_of(source.id).items()})


def _moved(days: StageDays, by: timedelta, calendar: WorkCalendar) -> StageDays:
    first = moved(days.starts_on, days=by.days, calendar=calendar)
    return StageDays(first, max(first, moved(days.ends_on, days=by.days, calendar=calendar)))


def _store(campaign_id: int, wanted: Timetable) -> None:
    db.session.execute(delete(AwardStage).where(AwardStage.campaign_id == campaign_id))
    for stage, days in wanted.items():
        db.session.add(
            AwardStage(
                campaign_id=campaign_id, code=str(stage), starts_on=days.starts_on, ends_on=days.ends_on
            )
        )
