"""Rules of signing in: lifetimes, the format of codes, roles and scopes. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventreg.core.plain_text import address_text, compact, half_width, identifier
from eventreg.people.contact_details import ADDRESS
from eventreg.people.rules import STAFF_NO

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_WAITS = tuple(
    timedelta(minutes=m) for m in (1, 2, 5, 10)
)  # after the first, second … request; then the last
CODE_QUIET = timedelta(hours=1)  # without a request, after which the waiting times begin anew
CODES_A_NETWORK = 1000  # in NETWORK_PERIOD: a company may be one address, so this only stops a flood
NETWORK_PERIOD = CODE_WAITS[-1]  # the longest waiting time, whatever others do
CODES_TO_CONFIRM_AN_HOUR = 60  # for each signed-in person: a head may sign many nominations at once
CODES_OPEN = 4  # codes of one browser that are valid at the same time
SIGN_IN = "sign_in"  # the purpose of codes for signing in
PRINTED_LIFE = timedelta(days=7)
LINK_LIFE = timedelta(minutes=30)
SESSION_LIFE = timedelta(days=30)
ELEVATED_LIFE = timedelta(hours=12)
ELEVATED_IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
TOKEN_DAYS = 365
TOKEN_NAME_LENGTH = 60

# Letters and digits that cannot be mistaken for each other on paper.
PRINTED_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PRINTED_LENGTH = 10
# Six digits, or ten characters of a printed code in two groups; nothing of the kind stands right beside it.
CODE_IN_TEXT = re.compile(
    rf"(?<![0-9A-Z])(?:[0-9]{{6}}|[{PRINTED_ALPHABET}]{{5}}[-–—]?[{PRINTED_ALPHABET}]{{5}})(?![0-9A-Z])"
)


class Role(StrEnum):
    """The roles besides employee, which everybody of the roster is."""

    UNIT_CONTACT = "unit_contact"
    DEPARTMENT_HEAD = "department_head"
    ORGANISER = "organiser"
    HR_REVIEWER = "hr_reviewer"
    JUDGE = "judge"
    ADMINISTRATOR = "administrator"


class FeedScope(StrEnum):
    """The content of a calendar feed: the person's sign-ups, or all activities of campaigns they manage."""

    OWN = "own"
    MANAGED = "managed"


class ApiScope(StrEnum):
    """The scopes of API tokens."""

    CAMPAIGNS = "campaigns"
    REGISTRATIONS = "registrations"
    SCANS = "scans"


@dataclass(frozen=True, slots=True)
class Caller:
    """The program that sent a request, as the API's guard found it; no database rows."""

    token_id: int
    name: str
    scopes: frozenset[ApiScope]
    touch_due: bool

    @property
    def audit_name(self) -> str:
        return f"token:{self.token_id}"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The visitor of a request, as the guard found them; no database rows.

    `elevated`: this session may open privileged pages now. `touch_due`: its last-seen time is more than a minute old.
    `elevation_due`: opening a privileged page now would extend the elevation by more than a minute.
    """

    person_id: int | None = None
    staff_no: str = ""
    name: str = ""
    unit: str = ""
    gender: str = ""
    email: str | None = None
    phone: str = ""
    session_id: int | None = None
    elevated: bool = False
    locale: str | None = None
    touch_due: bool = False
    elevation_due: bool = False

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def audit_name(self) -> str:
        return f"person:{self.person_id}" if self.person_id else "visitor"


def session_alive(*, expires_at: datetime, ended_at: datetime | None, employed: bool, now: datetime) -> bool:
    """Whether a session is valid: not expired, not ended, and its person is employed."""
    return employed and ended_at is None and now < expires_at


def elevation(*, signed_in_at: datetime, now: datetime) -> datetime:
    """Until when a session stays elevated after a request at `now`: the idle limit, within the absolute limit."""
    return min(now + ELEVATED_IDLE, signed_in_at + ELEVATED_LIFE)


def guesses_an_hour() -> int:
    """The number of codes that can be tried in an hour for one account by all browsers without its mark.

    A browser with a mark may try as many again. A right code is not counted.
    """
    asked, at = 0, timedelta(0)
    while at < timedelta(hours=1):
        at += CODE_WAITS[min(asked, len(CODE_WAITS) - 1)]
        asked += 1
    return asked * CODE_TRIES


def network_of(address: str) -> str:
    """The network that a request is counted under: for IPv6 the whole /64."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)


def plain_code(typed: str) -> str:
    """A typed code in the format of stored codes: half-width, upper case, no spaces or dashes."""
    return "".join(mark for mark in half_width(typed).upper() if mark.isalnum())


def sign_in_code(typed: str) -> str:
    """The code in what was typed or pasted, also with words around it ("验证码：123456，10 分钟内有效").

    Where there is not exactly one that looks like a mailed or a printed code, all of it as `plain_code` gives it.
    """
    found = CODE_IN_TEXT.findall(half_width(typed).upper())
    return plain_code(found[0] if len(found) == 1 else typed)


def plain_identifier(typed: str) -> str:
    """A staff number or mail address in the form in which they are compared: half-width, without what a paste brings, case-folded."""
    return (address_text(typed) if "@" in identifier(typed) else compact(typed)).casefold()


def can_be_identifier(typed: str) -> bool:
    """Whether a text has the form of a staff number or a mail address; a name or a sentence has neither."""
    plain = plain_identifier(typed)
    return bool(STAFF_NO.fullmatch(plain) or ADDRESS.fullmatch(plain))
