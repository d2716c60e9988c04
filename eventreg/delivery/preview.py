"""A preview of a letter, with the campaign's own facts and the viewer as its reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.campaigns.wording import LetterWords
from eventreg.delivery.contents.content import LetterContent
from eventreg.delivery.contents.date_letters import ChangedActivity
from eventreg.delivery.contents.registration_letters import LetterContext
from eventreg.delivery.contents.reminder_letters import ReminderContent, ReminderReader
from eventreg.people.service import PersonFacts
from eventreg.registrations.confirming.rules import ConfirmFor
from eventreg.registrations.reading import RegistrationFacts
from eventreg.registrations.rules import RegistrationState

from .contents import (
    by_hand_letters,
    date_letters,
    default_wording,
    registration_letters,
    reminder_letters,
    signing_letters,
)

STATES = {
    "registration_waiting": RegistrationState.WAITING,
    "reminder_waiting": RegistrationState.WAITING,
    "entered_waiting": RegistrationState.WAITING,
    "registration_withdrawn": RegistrationState.WITHDRAWN,
}
CODE = "ABCDEFGH"  # instead of a real ticket's code


def preview(
    kind: str,
    campaign: CampaignFacts,
    words: LetterWords,
    *,
    reader: PersonFacts,
    base_url: str,
    now: datetime,
) -> LetterContent | None:
    """The letter in the current language, with labels instead of answers; None if the campaign has nothing for it yet."""
    position, offered = campaign.waiting + 1, kind == "place_offered"
    next_one = RegistrationFacts(
        id=0,
        campaign_id=campaign.id,
        person_id=reader.id,
        state=STATES.get(kind, RegistrationState.SEATED),
        arrival=campaign.last_arrival + 1,
        position=position if kind in {"registration_waiting", "entered_waiting"} else None,
        registered_at=now,
        promoted=kind == "registration_promoted",
        confirm_by=now + timedelta(hours=2) if offered else None,
        confirm_for=str(ConfirmFor.OFFER) if offered else "",
    )
    labels = {question.key: question.label for question in default_wording.questions_of(campaign)}
    if kind == "message" and campaign.accepts is Intake.NOMINATIONS:
        return registration_letters.message_of_an_award(
            words, campaign, reader=lambda: reader, base_url=base_url
        )
    if kind.startswith("reminder_"):
        about = ReminderContent(campaign, kind.removeprefix("reminder_"), None, over=False)
        return reminder_letters.content(
            about, ReminderReader(reader.id, next_one), base_url=base_url, words=words
        )
    if kind in signing_letters.HEADINGS:
        facts = signing_letters.facts_of(campaign, name=reader.name, unit=reader.unit)
        return signing_letters.content(
            kind, campaign, facts=facts, address=f"{base_url}/my", reader=lambda: reader, words=words
        )
    told = LetterContext(kind, campaign, next_one, base_url, lambda: reader, lambda: labels, now, words)
    return _of_registration(told, position)


def _of_registration(told: LetterContext, position: int) -> LetterContent | None:
    """The letters about the viewer's registration, as if the viewer had just signed up."""
    if told.kind in {"entered_seated", "entered_waiting"}:
        return _entered(told, position)
    if told.kind == "registration_waiting":
        return registration_letters.waiting(told, position=position)
    if told.kind == "registration_withdrawn":
        return registration_letters.withdrawn(told)
    if told.kind == "activity_changed":
        return _changed(told)
    if told.kind == "message":
        return registration_letters.message(told)
    return registration_letters.seated(told, code=CODE, qr="")


def _entered(told: LetterContext, position: int) -> LetterContent:
    """An entry by hand for the preview, as if the viewer had made it."""
    waits = told.registration.state is RegistrationState.WAITING
    content = (
        registration_letters.waiting(told, position=position)
        if waits
        else registration_letters.seated(told, code=CODE, qr="")
    )
    facts = {
        "by": f"person:{told.registration.person_id}",
        "source": "organiser",
        "reason": "asked",
        "arrival": told.registration.arrival,
        "position": position if waits else None,
    }
    return by_hand_letters.entered(content, facts)


def _changed(told: LetterContext) -> LetterContent | None:
    """A changed activity for the preview: as if the first one had been a day earlier."""
    if not told.campaign.activities:
        return None
    first = told.campaign.activities[0]
    was = {
        "starts_at": (first.starts_at - timedelta(days=1)).isoformat(),
        "time_known": first.time_known,
        "schedule": str(first.schedule),
    }
    return date_letters.activity_changed(told, [ChangedActivity(first, was)])


def date_changed(
    campaign: CampaignFacts,
    parts: Sequence[ChangedActivity],
    state: RegistrationState,
    *,
    reader: PersonFacts,
    base_url: str,
    note: str,
    confirm_by: datetime | None,
    now: datetime,
) -> LetterContent:
    """The letter about other dates, to somebody in this state; `campaign` is as it will be."""
    asked = confirm_by if state is RegistrationState.SEATED and not campaign.called_off else None
    somebody = RegistrationFacts(
        id=0,
        campaign_id=campaign.id,
        person_id=reader.id,
        state=state,
        arrival=campaign.last_arrival,
        position=1 if state is RegistrationState.WAITING else None,
        registered_at=now,
        promoted=False,
        confirm_by=asked,
        confirm_for=str(ConfirmFor.MOVE) if asked else "",
    )
    labels = {question.key: question.label for question in default_wording.questions_of(campaign)}
    told = LetterContext(
        "activity_changed", campaign, somebody, base_url, lambda: reader, lambda: labels, now
    )
    return date_letters.activity_changed(told, parts, note=note)
