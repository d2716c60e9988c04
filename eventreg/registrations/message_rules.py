"""Messages of organisers: audiences, how many a day, and until when one is worth sending. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from eventreg.core.errors import Refused

MOST_A_DAY = 5  # messages of one campaign (T45)
CONFIRM_ABOVE = 500  # people: for more than this, the organiser types the number again
AFTERWARDS = timedelta(days=3)
ANSWER_MOST = 120


class AudienceKind(StrEnum):
    """Kinds of audiences: the seated, the waiting, a unit and all below it, people who gave one answer; of an award the
    contacts of departments with places, the nominees and the candidates."""

    SEATED = "seated"
    WAITING = "waiting"
    UNIT = "unit"
    ANSWER = "answer"
    CONTACTS = "contacts"
    NOMINEES = "nominees"
    CANDIDATES = "candidates"


OF_AN_AWARD = (AudienceKind.CONTACTS, AudienceKind.NOMINEES, AudienceKind.CANDIDATES)


@dataclass(frozen=True, slots=True)
class MessageAudience:
    """Whom a message is for. `unit_id` belongs to UNIT; `question` (its key) and `answer` to ANSWER."""

    to: AudienceKind
    unit_id: int | None = None
    question: str | None = None
    answer: str | None = None

    def stored(self) -> dict[str, object]:
        """As it is stored in the body of an idempotent request."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class MessageReach:
    """The number of people a message is for, and how many of them have no mail address."""

    people: int
    without_mailbox: int


def check_pace(sent: Collection[datetime], *, zone: ZoneInfo, now: datetime) -> None:
    """Raise Refused("message.too_many_today") when a campaign has sent its messages for today, by its own zone."""
    today = now.astimezone(zone).date()
    if sum(at.astimezone(zone).date() == today for at in sent) >= MOST_A_DAY:
        raise Refused("message.too_many_today", most=MOST_A_DAY)


def check_confirmed(found: MessageReach, *, confirmed: int) -> None:
    """Raise Refused when the audience has another size than the one that was shown to the organiser."""
    if not found.people:
        raise Refused("message.nobody")
    if found.people != confirmed:
        raise Refused("message.audience_changed", was=confirmed, people=found.people)


def expiry(ends_at: datetime, *, now: datetime) -> datetime:
    """Until when a message is worth sending: the end of the campaign, or three days if it is written after that."""
    return ends_at if now < ends_at else now + AFTERWARDS
