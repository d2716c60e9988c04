"""Inform everybody who signed up about a changed activity, in the transaction of the change (law 4)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.plan import activities
from eventreg.campaigns.plan.activities import ActivityChange
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.outbox import service as outbox
from eventreg.outbox.service import AddressedLetter, LetterTopic, Recipient
from eventreg.people.models import Person

from . import seating
from .models import Registration
from .participants import DEFAULT_LOCALE
from .rules import LIVE

KIND = "activity_changed"


def change_activity(
    campaign_id: int, activity_id: int, wanted: NewActivity, *, seen: int, actor: Actor
) -> int:
    """Change an activity; returns how many people get a letter. Raises what `activities.change` does.

    Places that nobody could get while all was called off go to the waiting list when an activity is put back. Everybody who has a place or waits, and is employed, gets one letter. The letters are inserted in batches, not
    one by one. A letter that was not sent before the activity is over is not sent later.
    """
    change = activities.change(campaign_id, activity_id, wanted, seen=seen, actor=actor)
    if not change.told:
        return 0
    db.session.flush()
    campaign, window = campaigns.lock_window(campaign_id)
    seating.promote(campaign, window, keys=actor.keys, now=actor.now)
    return outbox.post_many(
        LetterTopic(KIND, campaign_id, change.over_at), _letters(campaign_id, change), now=actor.now
    )


def _letters(campaign_id: int, change: ActivityChange) -> Iterator[AddressedLetter]:
    live = (Registration.campaign_id == campaign_id, Registration.state.in_([str(s) for s in LIVE]))
    rows = (
        select(Registration.id, Person.id, Person.email, Person.locale)
        .join(Person, Person.id == Registration.person_id)
        .where(*live, Person.left_at.is_(None))
        .order_by(Registration.arrival)
    )
    for registration_id, person_id, email, locale in db.session.execute(rows):
        facts = {
            "registration": registration_id,
            "activity": change.activity_id,
            "sequence": change.sequence,
            "was": change.was,
        }
        key = f"{KIND}:{change.activity_id}:{change.sequence}:{registration_id}"
        yield AddressedLetter(Recipient(person_id, email, locale or DEFAULT_LOCALE), key, facts)
