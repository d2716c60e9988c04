"""Who may be nominated, until when, and what a submission must contain. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from eventreg.campaigns.rules import Intake, SignUpWindow
from eventreg.core.errors import NotFound, Refused

from .files.rules import in_time
from .wordcount import WordCount

LONGEST = 100_000  # characters of a deeds text, at most
SHORT_MOST = 200  # 字 of the short deed that the public notice shows
CHOICES_RATIO = 11  # tenths: a table that totals less than seats × 1.1 leaves no real choice


class NominationState(StrEnum):
    """草稿, 部门提交, 退回补正, 候选人, 不符合, 撤回. Signatures and receipts of paper forms are separate rows."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CANDIDATE = "candidate"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"


EDITABLE = frozenset({NominationState.DRAFT, NominationState.SUBMITTED, NominationState.RETURNED})
TAKING_A_PLACE = frozenset({NominationState.SUBMITTED, NominationState.RETURNED, NominationState.CANDIDATE})


class DecisionKind(StrEnum):
    """A decision of a head or of HR: 退回补正, 候选人, 不符合, or taking an earlier decision back."""

    RETURNED = "returned"
    CANDIDATE = "candidate"
    INELIGIBLE = "ineligible"
    REOPENED = "reopened"


FROM: Mapping[DecisionKind, frozenset[NominationState]] = {
    DecisionKind.RETURNED: frozenset({NominationState.SUBMITTED, NominationState.RETURNED}),
    DecisionKind.CANDIDATE: frozenset({NominationState.SUBMITTED}),
    DecisionKind.INELIGIBLE: frozenset({NominationState.SUBMITTED, NominationState.RETURNED}),
    DecisionKind.REOPENED: frozenset({NominationState.CANDIDATE, NominationState.INELIGIBLE}),
}
REASONED = frozenset({DecisionKind.RETURNED, DecisionKind.INELIGIBLE})
REASON_MOST = 500  # characters


class TextMeasure(StrEnum):
    """The count that a text's length is checked by: 字数, 汉字, 字符数(不计空格)."""

    ZISHU = "zishu"
    HAN = "han"
    CHARACTERS = "characters"


class ProposerScope(StrEnum):
    """Who may start a nomination besides unit contacts: nobody, everybody for themselves, or also for colleagues."""

    CONTACTS = "contacts"
    ONESELF = "oneself"
    COLLEAGUES = "colleagues"


class SelectionMethod(StrEnum):
    """How a department selected its nominee (推荐产生方式)."""

    MEETING = "meeting"
    BALLOT = "ballot"
    DISCUSSION = "discussion"
    OTHER = "other"


CONDITIONS = ("line", "law", "ethics", "team", "merit")  # plan P3, in its order


@dataclass(frozen=True, slots=True)
class NominationField:
    """A field of the 推荐表. A `sensitive` field is off until an organiser writes the purpose of asking for it."""

    most: int
    on: bool = False
    sensitive: bool = False
    long: bool = False
    needed: bool = True


CATALOGUE: Mapping[str, NominationField] = {
    "post": NominationField(60, on=True),
    "since": NominationField(20, on=True),
    "honours": NominationField(600, on=True, long=True, needed=False),
    "title": NominationField(60),
    "education": NominationField(60),
    "born": NominationField(20),
    "ethnicity": NominationField(20, sensitive=True),
    "native_place": NominationField(60, sensitive=True),
    "political_status": NominationField(20, sensitive=True),
    "id_number": NominationField(20, sensitive=True),
}
SENSITIVE = tuple(key for key, asked in CATALOGUE.items() if asked.sensitive)  # PIPL 28
DEFAULT_FIELDS: Mapping[str, str] = {key: "" for key, asked in CATALOGUE.items() if asked.on}
ID_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]")


@dataclass(frozen=True, slots=True)
class Terms:
    """What an award asks for. `fields` are the keys of the 推荐表 with the purpose that the organiser wrote, or ""."""

    seats: int = 10
    least: int = 1000
    most: int = 3000
    counted: TextMeasure = TextMeasure.ZISHU
    women_only: bool = True
    who: ProposerScope = ProposerScope.CONTACTS
    fields: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_FIELDS))

    @property
    def asked(self) -> dict[str, NominationField]:
        """The fields that the award asks for, in the order of the catalogue."""
        return {key: asked for key, asked in CATALOGUE.items() if key in self.fields}


@dataclass(frozen=True, slots=True)
class NominationContent:
    """The content of one version of a nomination: answers as typed, conditions ticked, the deeds text."""

    answers: Mapping[str, str] = field(default_factory=dict)
    ticked: tuple[str, ...] = ()
    deeds: str = ""

    def says(self, key: str) -> str:
        """The answer to a field, or ""."""
        return self.answers.get(key, "")


def is_sensitive(content: NominationContent) -> bool:
    """Whether sensitive data were written into it."""
    return any(content.says(key) for key in SENSITIVE)


@dataclass(frozen=True, slots=True)
class Nominee:
    """A nominee, with the facts that the rules need."""

    female: bool
    employed: bool
    unit_id: int


@dataclass(frozen=True, slots=True)
class SubmissionGap:
    """One thing that keeps a nomination from being submitted: its field, a code, its facts."""

    at: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


def check_nominee(nominee: Nominee, terms: Terms, *, unit_ids: Collection[int]) -> None:
    """Check that a nominee is employed, is of the department, and is a woman if the award is for women (plan P1)."""
    if not nominee.employed:
        raise Refused("nomination.left")
    if nominee.unit_id not in unit_ids:
        raise Refused("nomination.elsewhere")
    if terms.women_only and not nominee.female:
        raise Refused("nomination.for_women")


def check_decision(
    state: NominationState,
    verdict: DecisionKind,
    *,
    reason: str,
    due_at: datetime | None,
    closes: datetime,
    as_head: bool = False,
    now: datetime,
) -> NominationState:
    """The state after a decision. Raises Refused if it cannot be made (plan, the award's procedure).

    Returning and ruling out need a reason; the date until which to correct must be in the future. `closes` is when the
    department can submit no longer: a return after it needs such a date, and a head, who cannot give one, leaves it to HR.
    """
    if state not in FROM[verdict]:
        raise Refused("decision.state", state=str(state))
    if verdict in REASONED and not reason:
        raise Refused("typed.missing", field="reason")
    if len(reason) > REASON_MOST:
        raise Refused("typed.too_long", field="reason", most=REASON_MOST, length=len(reason))
    if due_at is not None and due_at <= now:
        raise Refused("decision.due_past", field="due")
    if verdict is DecisionKind.RETURNED and due_at is None and now >= closes:
        raise Refused("decision.head_too_late") if as_head else Refused("decision.due_missing", field="due")
    return NominationState.SUBMITTED if verdict is DecisionKind.REOPENED else NominationState(verdict)


def closes_at(window: SignUpWindow, extended_until: datetime | None) -> datetime:
    """The instant from which a department cannot submit: the award's deadline, or a later one of its own."""
    return max(window.closes_at, extended_until) if extended_until else window.closes_at


def check_open(
    window: SignUpWindow,
    extended_until: datetime | None,
    *,
    now: datetime,
    due_at: datetime | None = None,
    began: datetime | None = None,
) -> None:
    """Raise Refused with the reason why a department cannot submit at `now`; at the deadline itself it is too late.

    `due_at` is a later instant that was set when the nomination was returned. A request that `began` before the deadline
    and was complete within ten minutes after it is in time (`files.rules.in_time`).
    """
    if not window.published or window.accepts is not Intake.NOMINATIONS:
        raise NotFound("campaign")
    if now < window.opens_at:
        raise Refused("nomination.not_open_yet", opens_at=window.opens_at)
    closes = max(closes_at(window, extended_until), due_at or window.closes_at)
    if not in_time(began=began or now, ended=now, closes_at=closes):
        raise Refused("nomination.closed", closed_at=closes)


def few_places(total: int, seats: int) -> bool:
    """Whether the total of a quota table leaves no real choice among the nominees."""
    return 10 * total < CHOICES_RATIO * seats


def figure(counted: WordCount, by: TextMeasure) -> int:
    """The count that the text is checked by."""
    return int(getattr(counted, str(by)))
