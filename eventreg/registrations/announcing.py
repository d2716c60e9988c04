"""Change the dates of a campaign and inform everybody who signed up, in one transaction (law 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.models import Activity, Campaign, DateChange, Pool
from eventreg.campaigns.plan import activities, planning
from eventreg.campaigns.plan.activities import ActivityChange
from eventreg.campaigns.rules import ScheduleState, SignUpWindow
from eventreg.core.actor import Actor
from eventreg.core.db.base import UTCDateTime
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.outbox import service as outbox
from eventreg.outbox.service import AddressedLetter, LetterTopic, Recipient
from eventreg.people.models import Person

from . import seating
from .confirming import open_questions, unreached
from .confirming.rules import check_confirm_by
from .models import Registration
from .participants import DEFAULT_LOCALE
from .rules import LIVE

KIND = open_questions.CHANGED


@dataclass(frozen=True, slots=True)
class MoveTerms:
    """What an organiser decides with a change of dates.

    `confirm_by`: until when everybody who has a place is asked to confirm; None asks nobody. `meant` says that it is meant
    although nobody could be told in time. `note` is a sentence of the organiser for letters and the page. `closes_at` and
    `pools_end_at` replace a deadline and the ends of pools that would lie after the new start. `spelling` says that only
    titles and places are spelled otherwise: nobody is told.
    """

    confirm_by: datetime | None = None
    meant: bool = False
    note: str = ""
    closes_at: datetime | None = None
    pools_end_at: datetime | None = None
    spelling: bool = False


@dataclass(frozen=True, slots=True)
class MoveResult:
    """How many letters a change of dates made, and how many people it asked to confirm."""

    letters: int
    asked: int


PLAIN = MoveTerms()


def change_activity(
    campaign_id: int, activity_id: int, wanted: NewActivity, *, seen: int, actor: Actor
) -> int:
    """Change one activity without asking anybody to confirm; returns how many people get a letter. Raises what `move` does."""
    return move(campaign_id, {activity_id: wanted}, PLAIN, seen=seen, actor=actor).letters


def move(
    campaign_id: int, wanted: Mapping[int, NewActivity], terms: MoveTerms, *, seen: int, actor: Actor
) -> MoveResult:
    """Change one or several activities in one act.

    Everybody who has a place or waits, and is employed, gets one letter about all parts. Whoever has a place is asked to
    confirm until `terms.confirm_by`, whatever they answered to an earlier change. Another date without that instant ends
    an earlier question, since it was about a date that is no longer true. Places that nobody could get while all was
    called off go to the waiting list when an activity is put back. A letter that was not sent before the activities are
    over is not sent later. Raises what `activities.change_several` and `check_confirm_by` do, and
    Refused("plan.pools_end_after_start") or ("plan.moved_past_retention").
    """
    changes = activities.change_several(
        campaign_id, wanted, seen=seen, actor=actor, closes_at=terms.closes_at, spelling=terms.spelling
    )
    told = [change for change in changes if change.told]
    if not told:
        return MoveResult(0, 0)
    db.session.flush()
    campaign, window = campaigns.lock_window(campaign_id)
    _check_retention(campaign)
    _check_ends_of_pools(campaign, window, terms, actor=actor)
    row = _note(campaign, told, terms, actor=actor)
    asked = _ask(campaign, window, told, terms, actor=actor)
    seating.promote(campaign, window, keys=actor.keys, now=actor.now)
    topic = LetterTopic(KIND, campaign_id, max(change.over_at for change in told))
    letters = outbox.post_many(topic, _letters(campaign_id, row.id, told), now=actor.now)
    if asked:
        unreached.tell_contacts(campaign.id, without_mailbox=True, now=actor.now)
    return MoveResult(letters, asked)


def _check_retention(campaign: Campaign) -> None:
    """Check that the activities are over while personal data may be kept: nobody consented to more."""
    last = select(func.max(Activity.ends_at, type_=UTCDateTime)).where(Activity.campaign_id == campaign.id)
    held = last.where(Activity.schedule != str(ScheduleState.CANCELLED))
    ends_at = db.session.scalar(held)
    kept = campaign.retain_until + timedelta(days=1)  # until the end of that day
    if ends_at is not None and ends_at.astimezone(ZoneInfo(campaign.timezone)).date() > kept:
        raise Refused("plan.moved_past_retention", field="day", until=campaign.retain_until)


def _check_ends_of_pools(campaign: Campaign, window: SignUpWindow, terms: MoveTerms, *, actor: Actor) -> None:
    """Check that bounds on places which end do so before the new start, or let them end when the organiser says."""
    late = (Pool.campaign_id == campaign.id, Pool.ends_at >= window.begins_at, Pool.lifted_at.is_(None))
    if db.session.scalar(select(Pool.id).where(*late).limit(1)) is None:
        return
    ends_at = terms.pools_end_at
    if ends_at is None or not actor.now < ends_at < window.begins_at:
        raise Refused("plan.pools_end_after_start", field="pools_end_at", starts_at=window.begins_at)
    ended = update(Pool).where(*late).values(ends_at=ends_at)
    db.session.execute(ended.execution_options(synchronize_session=False))
    planning.note(campaign, "bounds_end_moved", actor=actor, ends_at=ends_at.isoformat())


def _note(
    campaign: Campaign, told: Sequence[ActivityChange], terms: MoveTerms, *, actor: Actor
) -> DateChange:
    """Keep what changed, for the campaign's page."""
    rows = db.session.scalars(select(Activity).where(Activity.id.in_([c.activity_id for c in told])))
    became = {str(activity.id): activities.told_of(activity) for activity in rows}
    row = DateChange(
        campaign_id=campaign.id,
        made_at=actor.now,
        made_by=actor.audit_name,
        confirm_by=terms.confirm_by,
        note=terms.note,
        was={str(change.activity_id): change.was for change in told},
        became=became,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _ask(
    campaign: Campaign,
    window: SignUpWindow,
    told: Sequence[ActivityChange],
    terms: MoveTerms,
    *,
    actor: Actor,
) -> int:
    """Ask everybody who has a place, or end an earlier question about another date; returns how many are asked."""
    if terms.confirm_by is not None and not window.called_off:
        check_confirm_by(terms.confirm_by, meant=terms.meant, starts_at=window.begins_at, now=actor.now)
        asked = open_questions.ask_seated(campaign.id, confirm_by=terms.confirm_by, now=actor.now)
        facts = {"count": asked, "confirm_by": terms.confirm_by.isoformat()}
        planning.note(campaign, "confirmation_asked", actor=actor, **facts)
        return asked
    if window.called_off or any(change.moved for change in told):
        open_questions.clear(campaign.id)
    return 0


def _letters(campaign_id: int, change_id: int, told: Sequence[ActivityChange]) -> Iterator[AddressedLetter]:
    live = (Registration.campaign_id == campaign_id, Registration.state.in_([str(s) for s in LIVE]))
    rows = (
        select(Registration.id, Person.id, Person.email, Person.locale)
        .join(Person, Person.id == Registration.person_id)
        .where(*live, Person.left_at.is_(None))
        .order_by(Registration.arrival)
    )
    parts = [{"activity": c.activity_id, "sequence": c.sequence, "was": c.was} for c in told]
    for registration_id, person_id, email, locale in db.session.execute(rows):
        facts = {"registration": registration_id, "change": change_id, "parts": parts}
        key = f"{KIND}:{change_id}:{registration_id}"
        yield AddressedLetter(Recipient(person_id, email, locale or DEFAULT_LOCALE), key, facts)
