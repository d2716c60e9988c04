"""The phone's list as JSON. Lines are arrays and units are named once, because a list may have thousands of lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventreg.campaigns.facts import CampaignFacts
from eventreg.registrations.rules import masked_name
from eventreg.venue.offline.conflicts import Conflict
from eventreg.venue.offline.phone_roster import PhoneRoster, PhoneRosterLine, units_of
from eventreg.venue.rules import ScanVerdict
from eventreg.words import refusals, times, venue_words


def roster_body(
    roster: PhoneRoster, campaign: CampaignFacts, conflicts: Sequence[Conflict]
) -> dict[str, Any]:
    """`lines`: ticket, code, arrival, name, unit, label, verdict, words; what is at the end and empty is left out."""
    units = units_of(roster.lines)
    places = {unit: place for place, unit in enumerate(units)}
    return {
        "slug": campaign.slug,
        "forget_at": roster.forget_at.isoformat(),
        "free": campaign.total.free if campaign.total else None,
        "waiting": campaign.waiting,
        "units": units,
        "lines": [_line(line, places, campaign) for line in roster.lines],
        "conflicts": [_conflict(one, campaign) for one in conflicts],
    }


def _line(line: PhoneRosterLine, places: dict[str, int], campaign: CampaignFacts) -> list[Any]:
    known = [line.ticket, line.code, line.arrival, line.name, places[line.unit]]
    decided = [line.label, str(line.verdict), _words(line, campaign)]
    while decided and decided[-1] in {"", str(ScanVerdict.ADMITTED)}:
        decided.pop()
    return known + decided


def _words(line: PhoneRosterLine, campaign: CampaignFacts) -> str:
    if line.reason is not None:
        return refusals.say(line.reason, {})
    if line.first_at is None:
        return ""
    return venue_words.repeated(at=times.clock(line.first_at.astimezone(campaign.zone)), door=line.door)


def _conflict(one: Conflict, campaign: CampaignFacts) -> dict[str, str]:
    """A conflict as phones list it, without the full name."""
    said = venue_words.conflict(
        one.kind,
        scans=[(times.clock(at.astimezone(campaign.zone)), door) for at, door in one.scans],
        why=venue_words.why_refused(one.answered) if one.kind == "refused" else "",
    )
    return {"name": masked_name(one.name) if one.name else "", "unit": one.unit, "words": said}
