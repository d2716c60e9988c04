"""Sign-in: how long things live, what a code looks like, what a role opens. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_WAITS = tuple(
    timedelta(minutes=m) for m in (1, 2, 5, 10)
)  # after the first, second … request; then the last
CODE_QUIET = timedelta(hours=1)  # without a request, after which the waits begin anew
CODES_A_NETWORK = 1000  # in NETWORK_PERIOD: a company is one address; this only stops a flood
NETWORK_PERIOD = CODE_WAITS[-1]  # nobody waits longer, whatever others do
CODES_TO_CONFIRM_AN_HOUR = 60  # per person, who is signed in: a head signs many in one sitting
CODES_OPEN = 4  # codes of one browser that are good at the same time
SIGN_IN = "sign_in"  # the purpose of a code that opens a session; any other opens none
PRINTED_LIFE = timedelta(days=7)
LINK_LIFE = timedelta(minutes=30)
SESSION_LIFE = timedelta(days=30)
ELEVATED_LIFE = timedelta(hours=12)
ELEVATED_IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
TOKEN_DAYS = 365
TOKEN_NAME_LENGTH = 60

# Letters and digits that nobody mistakes for another when reading from paper.
PRINTED_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PRINTED_LENGTH = 10


class Role(StrEnum):
    """What a person may be, beside employee (everybody of the roster)."""

    UNIT_CONTACT = "unit_contact"
    DEPARTMENT_HEAD = "department_head"
    ORGANISER = "organiser"
    HR_REVIEWER = "hr_reviewer"
    JUDGE = "judge"
    ADMINISTRATOR = "administrator"


class FeedScope(StrEnum):
    """What a calendar feed holds: one's own sign-ups, or every activity of the campaigns one manages."""

    OWN = "own"
    MANAGED = "managed"


class ApiScope(StrEnum):
    """What a token opens."""

    CAMPAIGNS = "campaigns"
    REGISTRATIONS = "registrations"
    SCANS = "scans"


@dataclass(frozen=True, slots=True)
class Caller:
    """The program that asks, as the API's guard found out; no database rows."""

    token_id: int
    name: str
    scopes: frozenset[ApiScope]
    touch_due: bool

    @property
    def audit_name(self) -> str:
        return f"token:{self.token_id}"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is asking, as the guard found out; no database rows.

    `elevated` says that this session may open privileged pages now, `touch_due` that
    its last-seen is more than a minute old, `door_due` that opening a privileged page now
    would keep it open for more than a minute longer.
    """

    person_id: int | None = None
    staff_no: str = ""
    name: str = ""
    unit: str = ""
    gender: str = ""
    email: str | None = None
    session_id: int | None = None
    elevated: bool = False
    locale: str | None = None
    touch_due: bool = False
    door_due: bool = False

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def audit_name(self) -> str:
        return f"person:{self.person_id}" if self.person_id else "visitor"


def session_alive(*, expires_at: datetime, ended_at: datetime | None, employed: bool, now: datetime) -> bool:
    """Whether a browser session still counts: not run out, not ended, its person still employed."""
    return employed and ended_at is None and now < expires_at


def elevation(*, signed_in_at: datetime, now: datetime) -> datetime:
    """Until when a session stays elevated after a request at `now`: idle limit within the absolute one."""
    return min(now + ELEVATED_IDLE, signed_in_at + ELEVATED_LIFE)


def guesses_an_hour() -> int:
    """How many codes can be tried within any hour for one account, by all browsers that carry no mark of it.

    A browser with a mark may try as many again. A code that is right is not counted.
    """
    asked, at = 0, timedelta(0)
    while at < timedelta(hours=1):
        at += CODE_WAITS[min(asked, len(CODE_WAITS) - 1)]
        asked += 1
    return asked * CODE_TRIES


def network_of(address: str) -> str:
    """The network a request is counted under: an IPv6 host owns its whole /64."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)


def plain_code(typed: str) -> str:
    """What somebody typed, as codes are stored: half-width, upper case, no spaces or dashes."""
    half = typed.translate({full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)})
    return "".join(mark for mark in half.upper() if mark.isalnum())


def plain_identifier(typed: str) -> str:
    """A staff number or mail address as it is compared: half-width, trimmed, case-folded."""
    half = typed.translate({full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)})
    return half.strip().casefold()
