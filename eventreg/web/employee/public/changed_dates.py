"""View models of what changed in the dates of a campaign."""

from __future__ import annotations

from dataclasses import dataclass

from eventreg.campaigns.date_changes import DateChangeFacts
from eventreg.campaigns.facts import CampaignFacts
from eventreg.words import date_words, times


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
            date_words.stood(was, zone),
            date_words.stood(change.became[id_], zone),
            "",
        )
        for id_, was in change.was.items()
    )
    return DateChangeView(times.moment(change.made_at.astimezone(zone)), change.note, parts)
