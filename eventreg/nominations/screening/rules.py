"""What HR checks before somebody becomes a candidate, and how nominees are distributed. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from eventreg.core.errors import Refused
from eventreg.core.plain_text import comparison_key
from eventreg.nominations.rules import CONDITIONS


class CheckStatus(StrEnum):
    """Fine; open, which HR may accept with a remark; or blocking, until the department corrects it."""

    FINE = "fine"
    OPEN = "open"
    BLOCKED = "blocked"


class ConsentState(StrEnum):
    """Whether the nominee has agreed to one of the two purposes."""

    NONE = "none"
    GIVEN = "given"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class SubmissionMarks:
    """What belongs to a submitted nomination: the head's signature, the nominee's consents, and the version that was received
    on paper."""

    signed: bool = False
    judges: ConsentState = ConsentState.NONE
    notice: ConsentState = ConsentState.NONE
    sensitive: ConsentState | None = None
    received: int | None = None


@dataclass(frozen=True, slots=True)
class ScreeningCase:
    """A submitted nomination with the facts that it is screened by."""

    handed_in: int
    employed: bool
    female: bool
    women_only: bool
    in_unit: bool
    lacks: int
    twins: int
    filled: int
    places: int
    marks: SubmissionMarks


@dataclass(frozen=True, slots=True)
class ScreeningCheck:
    """One check of a nomination: a code, its status, its facts."""

    code: str
    standing: CheckStatus
    facts: Mapping[str, object] = field(default_factory=dict)


def checks(case: ScreeningCase) -> list[ScreeningCheck]:
    """All checks of a nomination, in the order of the reviewer's page (plan P1 to P5)."""
    marks = case.marks
    return [
        ScreeningCheck(
            "service", _blocked(not (case.employed and case.in_unit)), {"employed": case.employed}
        ),
        ScreeningCheck(
            "women", _blocked(case.women_only and not case.female), {"women_only": case.women_only}
        ),
        ScreeningCheck("holds", _blocked(case.lacks > 0), {"lacks": case.lacks}),
        ScreeningCheck("twins", _open(case.twins > 0), {"twins": case.twins}),
        ScreeningCheck(
            "quota", _open(case.filled > case.places), {"filled": case.filled, "places": case.places}
        ),
        ScreeningCheck("signature", _blocked(not marks.signed)),
        ScreeningCheck("judges", _consent(marks.judges), {"consent": str(marks.judges)}),
        ScreeningCheck("notice", _consent(marks.notice), {"consent": str(marks.notice)}),
        *_sensitive(marks.sensitive),
        ScreeningCheck("paper", _open(marks.received != case.handed_in), _paper(case)),
    ]


def check_ticked(ticked: Collection[str]) -> None:
    """Raise Refused unless all five conditions were checked again."""
    missing = len(set(CONDITIONS) - set(ticked))
    if missing:
        raise Refused("nomination.conditions", field="ticked", missing=missing)


def check_accepted(found: Sequence[ScreeningCheck], *, ticked: Collection[str], reason: str) -> None:
    """Raise Refused unless the nominee can become a candidate: the five conditions are checked again, nothing is blocking,
    and there is a remark if a check is open."""
    check_ticked(ticked)
    blocked = sum(check.standing is CheckStatus.BLOCKED for check in found)
    if blocked:
        raise Refused("acceptance.blocked", count=blocked)
    waiting = sum(check.standing is CheckStatus.OPEN for check in found)
    if waiting and not reason:
        raise Refused("acceptance.open", field="reason", count=waiting)


def is_safe(found: Sequence[ScreeningCheck]) -> bool:
    """Whether it may be accepted together with others, without opening its page."""
    return all(check.standing is CheckStatus.FINE for check in found)


def _blocked(yes: bool) -> CheckStatus:
    return CheckStatus.BLOCKED if yes else CheckStatus.FINE


def _open(yes: bool) -> CheckStatus:
    return CheckStatus.OPEN if yes else CheckStatus.FINE


def _consent(said: ConsentState) -> CheckStatus:
    """The check of a consent: declined is blocking, not answered is open."""
    if said is ConsentState.DECLINED:
        return CheckStatus.BLOCKED
    return _open(said is ConsentState.NONE)


def _sensitive(said: ConsentState | None) -> list[ScreeningCheck]:
    """The check of the consent to sensitive data, where it is asked: open until she has answered, as she likes (PIPL 16)."""
    if said is None:
        return []
    return [ScreeningCheck("sensitive", _open(said is ConsentState.NONE), {"consent": str(said)})]


def _paper(case: ScreeningCase) -> dict[str, object]:
    return {"received": case.marks.received, "handed_in": case.handed_in}


# The distribution of nominees


class GroupDimension(StrEnum):
    """The property that a report or a structure limit groups nominees by: department, age band, post."""

    UNIT = "unit"
    AGE = "age"
    POST = "post"


BANDS: Sequence[tuple[str, int, int]] = (
    ("to35", 0, 35),
    ("to45", 36, 45),
    ("to55", 46, 55),
    ("from56", 56, 200),
)
UNKNOWN = "unknown"
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class ReportNominee:
    """One nominee, with the properties that the report groups by."""

    unit_id: int
    post: str
    born: str
    candidate: bool


@dataclass(frozen=True, slots=True)
class StructureLimitFacts:
    """A structure limit: at most or at least `percent` of all counted nominees are of a group. For posts, `value` is a word
    that the post contains."""

    about: GroupDimension
    value: str
    most: bool
    percent: int


@dataclass(frozen=True, slots=True)
class LimitStatus:
    """A structure limit as it stands now: how many of how many, and whether it is met."""

    limit: StructureLimitFacts
    count: int
    of: int
    kept: bool


def band(born: str, *, year: int) -> str:
    """The age band in a given year of a person born in the year that a text contains."""
    found = _YEAR.search(born)
    if found is None:
        return UNKNOWN
    age = year - int(found.group())
    return next((code for code, least, most in BANDS if least <= age <= most), UNKNOWN)


def group(one: ReportNominee, about: GroupDimension, *, year: int) -> str:
    """The group of a nominee."""
    if about is GroupDimension.UNIT:
        return str(one.unit_id)
    return band(one.born, year=year) if about is GroupDimension.AGE else one.post or UNKNOWN


def groups(
    counted: Sequence[ReportNominee], about: GroupDimension, *, year: int
) -> list[tuple[str, int, int]]:
    """Each group with its number of nominees and of candidates, the largest first."""
    found: dict[str, tuple[int, int]] = {}
    for one in counted:
        code = group(one, about, year=year)
        nominated, candidates = found.get(code, (0, 0))
        found[code] = (nominated + 1, candidates + one.candidate)
    return sorted(((code, *counts) for code, counts in found.items()), key=lambda line: (-line[1], line[0]))


def bars(
    counted: Sequence[ReportNominee], limits: Sequence[StructureLimitFacts], *, year: int
) -> list[LimitStatus]:
    """The status of each limit among the candidates, or among all nominees while there are no candidates."""
    chosen = [one for one in counted if one.candidate] or list(counted)
    return [_bar(limit, chosen, year=year) for limit in limits]


def check_limit(limit: StructureLimitFacts) -> None:
    """Check that a limit names a group and has 1 to 99 per cent."""
    if not limit.value:
        raise Refused("typed.missing", field="value")
    if not 1 <= limit.percent <= 99:
        raise Refused("typed.out_of_bounds", field="percent", least=1, most=99)


def _bar(limit: StructureLimitFacts, chosen: Sequence[ReportNominee], *, year: int) -> LimitStatus:
    count = sum(_within(one, limit, year=year) for one in chosen)
    share, bound = 100 * count, limit.percent * len(chosen)
    return LimitStatus(limit, count, len(chosen), share <= bound if limit.most else share >= bound)


def _within(one: ReportNominee, limit: StructureLimitFacts, *, year: int) -> bool:
    if limit.about is GroupDimension.POST:
        return comparison_key(limit.value) in comparison_key(one.post)
    return group(one, limit.about, year=year) == limit.value
