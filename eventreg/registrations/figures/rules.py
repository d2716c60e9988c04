"""Fold rows into the figures of a campaign. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from eventreg.campaigns.question_kinds import NO, WITH_OPTIONS, YES, QuestionKind
from eventreg.registrations.answers.rules import AnsweredQuestion, codes_in
from eventreg.registrations.rules import RegistrationState

UnitRow = tuple[int, str, str, int]  # id and name of a department, a gender, how many people
DAYS_MOST = 400  # days that are listed; a campaign that is open for longer shows its last ones


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many signed up and how many withdrew on a day, and how many had signed up until its end."""

    day: date
    signed_up: int
    withdrawn: int
    until_then: int


@dataclass(frozen=True, slots=True)
class DepartmentCount:
    """A department: its people by gender, and how many of them have a place or wait."""

    id: int
    name: str
    people: Mapping[str, int]
    signed_up: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many have a place, and how many wait."""

    seated: int = 0
    waiting: int = 0

    @property
    def all(self) -> int:
        """Both together."""
        return self.seated + self.waiting

    def plus(self, state: str, count: int) -> StateCount:
        """With so many more in a state."""
        if state == RegistrationState.SEATED:
            return StateCount(self.seated + count, self.waiting)
        return StateCount(self.seated, self.waiting + count)


@dataclass(frozen=True, slots=True)
class NumberSum:
    """The numbers that people with a place answered: how many, their sum, the least and the most."""

    count: int
    total: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class AnswerTotals:
    """The answers to a question: how many gave one, how many chose each option (code, or yes and no), and numbers."""

    answered: StateCount = StateCount()
    options: Mapping[str, StateCount] = field(default_factory=dict)
    numbers: NumberSum | None = None


def days_of(
    signed_up: Iterable[datetime], withdrawn: Iterable[datetime], *, zone: ZoneInfo
) -> tuple[DayCount, ...]:
    """Every day from the first sign-up to the last event, in the campaign's zone; quiet days too."""
    came = Counter(at.astimezone(zone).date() for at in signed_up)
    gone = Counter(at.astimezone(zone).date() for at in withdrawn)
    if not came:
        return ()
    first, last = min(came), max([*came, *gone])
    found, total = [], 0
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        total += came[day]
        found.append(DayCount(day, came[day], gone[day], total))
    return tuple(found[-DAYS_MOST:])


def units_of(people: Iterable[UnitRow], signed_up: Iterable[UnitRow]) -> list[DepartmentCount]:
    """Departments with their people and those who signed up, by gender."""
    names: dict[int, str] = {}
    counts: dict[tuple[int, bool], Counter[str]] = {}
    for rows, came in ((people, False), (signed_up, True)):
        for id_, name, gender, count in rows:
            names[id_] = name
            counts.setdefault((id_, came), Counter())[gender] += count
    nobody = Counter[str]()
    return [
        DepartmentCount(id_, name, counts.get((id_, False), nobody), counts.get((id_, True), nobody))
        for id_, name in names.items()
    ]


def totals_of(question: AnsweredQuestion, rows: Sequence[tuple[str, str, int]]) -> AnswerTotals:
    """Totals of one question from (stored answer, state, how many)."""
    answered = StateCount()
    options = {code: StateCount() for code in _codes(question)}
    for value, state, count in rows:
        answered = answered.plus(state, count)
        for code in codes_in(value) if options else ():
            options[code] = options.get(code, StateCount()).plus(state, count)
    numbers = _numbers(rows) if question.kind == QuestionKind.NUMBER else None
    return AnswerTotals(answered, options, numbers)


def _codes(question: AnsweredQuestion) -> list[str]:
    if question.kind == QuestionKind.YES:
        return [YES, NO]
    return [o.code for o in question.options if not o.gone] if question.kind in WITH_OPTIONS else []


def _numbers(rows: Sequence[tuple[str, str, int]]) -> NumberSum | None:
    seated = [(int(value), n) for value, state, n in rows if state == RegistrationState.SEATED]
    if not seated:
        return None
    values = [value for value, _n in seated]
    count, total = sum(n for _v, n in seated), sum(value * n for value, n in seated)
    return NumberSum(count, total, min(values), max(values))
