"""Change a campaign's times: its reminders are rescheduled and its group chats informed, in the same unit of work."""

from __future__ import annotations

from collections.abc import Mapping

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.plan import activities, planning
from eventreg.campaigns.plan.planning import CampaignBasics
from eventreg.chat import news
from eventreg.core.actor import Actor
from eventreg.registrations import announcing
from eventreg.registrations.announcing import MoveResult, MoveTerms
from eventreg.reminders import making


def change_basics(campaign_id: int, wanted: CampaignBasics, *, seen: int, actor: Actor) -> bool:
    """Change a campaign's basics, its deadline included. Raises what `planning.change_basics` does."""
    before = campaigns.campaign_by_id(campaign_id)
    changed = planning.change_basics(campaign_id, wanted, seen=seen, actor=actor)
    if changed:
        making.retime(campaign_id, now=actor.now)
    if changed and before.published and wanted.title != before.title:
        activities.raise_sequences(campaign_id)
    return changed


def change_activity(
    campaign_id: int,
    activity_id: int,
    wanted: NewActivity,
    *,
    seen: int,
    actor: Actor,
    spelling: bool = False,
) -> int:
    """Change one activity without asking anybody; returns how many people get a letter. Raises what `move` does.

    `spelling` says that its title and place are only spelled otherwise: nobody is told, neither people nor group chats.
    """
    terms = MoveTerms(spelling=spelling)
    return move(campaign_id, {activity_id: wanted}, terms, seen=seen, actor=actor).letters


def move(
    campaign_id: int, wanted: Mapping[int, NewActivity], terms: MoveTerms, *, seen: int, actor: Actor
) -> MoveResult:
    """Change one or several activities in one act. Raises what `announcing.move` does."""
    before = campaigns.campaigns_by_id({campaign_id}).get(campaign_id)
    result = announcing.move(campaign_id, wanted, terms, seen=seen, actor=actor)
    making.retime(campaign_id, now=actor.now)
    if before is not None and not terms.spelling:
        for activity_id in wanted:
            news.tell_change(before, activity_id, now=actor.now)
    return result


def close(campaign_id: int, *, actor: Actor) -> bool:
    """Close sign-ups early; reminders that count from the deadline count from now. Raises what `planning.close` does."""
    closed = planning.close(campaign_id, actor=actor)
    if closed:
        making.retime(campaign_id, now=actor.now)
    return closed


def reopen(campaign_id: int, *, actor: Actor) -> bool:
    """Open sign-ups again; reminders count from the deadline again. Raises what `planning.reopen` does."""
    reopened = planning.reopen(campaign_id, actor=actor)
    if reopened:
        making.retime(campaign_id, now=actor.now)
    return reopened


def publish(campaign_id: int, *, seen: int, actor: Actor) -> bool:
    """Publish a draft; reminders whose time has passed are not sent later."""
    published = planning.publish(campaign_id, seen=seen, actor=actor)
    if published:
        making.retime(campaign_id, now=actor.now, afresh=True)
    return published
