"""View models of what changed in the dates of a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventreg.campaigns.date_changes import DateChangeFacts
from eventreg.campaigns.facts import CampaignFacts
from eventreg.registrations.reading import RegistrationFacts
from eventreg.words import registration_words, times
from eventreg.words.delivery import date_words


@dataclass(frozen=True, slots=True)
class DateChangeView:
    """A change of dates: when it was made, the organiser's sentence, and title, old, new and nothing else of each activity."""

    at: str
    note: str
    parts: tuple[tuple[str, str, str, str], ...]


def change_of_dates(change: DateChangeFacts, campaign: CampaignFacts) -> DateChangeView:
    """A change of dates in words."""
    zone = campaign.zone
    parts = tuple(
        (
            str(change.became[id_]["title"]),
            date_words.stood(was, zone, title=str(change.became[id_]["title"])),
            date_words.stood(change.became[id_], zone),
            "",
        )
        for id_, was in change.was.items()
    )
    return DateChangeView(times.moment(change.made_at.astimezone(zone)), change.note, parts)


def asks(registration: RegistrationFacts, campaign: CampaignFacts, *, now: datetime) -> str:
    """Until when a registration has to be confirmed, in words; empty if nobody asks, or not any more."""
    confirm_by = registration.confirm_by
    open_ = registration.is_asked and not campaign.called_off and now < campaign.begins_at
    if not open_ or confirm_by is None:
        return ""
    return registration_words.asked_until(confirm_by.astimezone(campaign.zone), late=now >= confirm_by)
