"""What the page about phones without a network shows."""

from __future__ import annotations

from dataclasses import dataclass

from eventreg.campaigns.facts import CampaignFacts
from eventreg.venue.offline.conflicts import Conflict
from eventreg.words import refusals, times, venue_words

from .bringing import BroughtFile

SHOWN_MOST = 200


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A line: whom it is about, what happened, and the name of the row of somebody who was let through."""

    name: str
    staff_no: str
    unit: str
    words: str
    device_id: int
    nonce: str
    is_open: bool


def line_of(one: Conflict, campaign: CampaignFacts) -> ConflictLine:
    """A conflict in words."""
    said = venue_words.conflict(
        one.kind,
        scans=[(times.moment(at.astimezone(campaign.zone)), door) for at, door in one.scans],
        why=venue_words.why_refused(one.answered) if one.kind == "refused" else "",
    )
    is_open = one.kind == "refused" and one.off_at is None
    return ConflictLine(one.name, one.staff_no, one.unit, said, one.device_id, one.nonce, is_open)


def refused_lines(brought: BroughtFile) -> list[str]:
    """The lines of a file that were not stored, at most 200, in words."""
    return [
        venue_words.refused_line(line.number, at=line.at, why=refusals.say(line.reason, {}))
        for line in brought.refused[:SHOWN_MOST]
    ]
