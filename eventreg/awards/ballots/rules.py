"""The ballot on paper (票决): bounds of a count sheet, two sheets that must agree, quorum, and who is elected. Pure.

All slips of one vote are alike. A blank line is an abstention; a judge who is recused from a candidate leaves that line
blank. Votes of several ballots are never added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from eventreg.core.errors import Refused


class MajorityBase(StrEnum):
    """Of whom more than half is needed: those due (应到), or those present (实到); both less who is recused."""

    DUE = "due"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted for one candidate; on slips with ticks only `against` is None, and blank lines are abstentions."""

    ayes: int
    against: int | None = None
    abstain: int | None = None


@dataclass(frozen=True, slots=True)
class CountSheet:
    """What one keeper counted: slips issued, returned and invalid, and the votes of each candidate."""

    issued: int
    returned: int
    invalid: int
    tallies: Mapping[int, Tally]

    @property
    def valid(self) -> int:
        """Returned less invalid."""
        return self.returned - self.invalid


@dataclass(frozen=True, slots=True)
class Vote:
    """One ballot: who was present, how many seats are open, and how many of those present are recused from each candidate.

    `three` tells slips with 同意, 不同意, 弃权 from slips with ticks.
    """

    present: int
    seats: int
    candidates: tuple[int, ...]
    recused_present: Mapping[int, int]
    three: bool = False


@dataclass(frozen=True, slots=True)
class ElectionResult:
    """`elected` by share of their base, the best first; `tied` for the last seats; `empty` seats that nobody got for certain."""

    elected: tuple[int, ...]
    tied: tuple[int, ...]
    empty: int


def quorum(due: int) -> int:
    """How many have to be present: two thirds of those due, rounded up."""
    return -(-2 * due // 3)


def check_quorum(*, due: int, present: int) -> None:
    """Raise Refused("ballot.no_quorum") when too few are present, ("ballot.more_than_due") when more than are due."""
    if present < quorum(due):
        raise Refused("ballot.no_quorum", present=present, wanted=quorum(due), due=due)
    if present > due:
        raise Refused("ballot.more_than_due", present=present, due=due)


def majority(base: int) -> int:
    """The fewest votes that are more than half of the base."""
    return base // 2 + 1


def check_sheet(sheet: CountSheet, vote: Vote) -> None:
    """Check one keeper's sheet. Raises Refused naming the line that cannot be.

    Whether more slips came back than were issued is not among it: that voids the vote (`is_void`), and the record says so.
    """
    numbers = [sheet.issued, sheet.returned, sheet.invalid]
    if any(number < 0 for number in numbers):
        raise Refused("count.negative")
    if sheet.issued > vote.present:
        raise Refused("count.issued", field="issued", present=vote.present)
    if sheet.invalid > sheet.returned:
        raise Refused("count.invalid", field="invalid", returned=sheet.returned)
    if set(sheet.tallies) != set(vote.candidates):
        raise Refused("count.candidates")
    for candidate in vote.candidates:
        _check_line(candidate, sheet, vote)
    ticks, most = sum(one.ayes for one in sheet.tallies.values()), vote.seats * sheet.valid
    if not vote.three and ticks > most:
        raise Refused("count.too_many_ticks", ticks=ticks, most=most, seats=vote.seats, valid=sheet.valid)


def is_void(sheet: CountSheet) -> bool:
    """Whether the vote is void: more slips came back than were issued."""
    return sheet.returned > sheet.issued


def differences(one: CountSheet, other: CountSheet) -> list[str]:
    """The lines in which two keepers differ: "issued", "returned", "invalid", or a candidate's id."""
    heads = [name for name in ("issued", "returned", "invalid") if getattr(one, name) != getattr(other, name)]
    named = dict.fromkeys((*one.tallies, *other.tallies))
    return heads + [str(key) for key in named if one.tallies.get(key) != other.tallies.get(key)]


def bases(
    base: MajorityBase, *, due: int, present: int, recused: Mapping[int, int], candidates: tuple[int, ...]
) -> dict[int, int]:
    """Each candidate's base: those due or present in the first vote, less those of them who are recused from her."""
    of = due if base is MajorityBase.DUE else present
    return {candidate: of - recused.get(candidate, 0) for candidate in candidates}


def elected(votes: Mapping[int, int], base_of: Mapping[int, int], seats: int) -> ElectionResult:
    """Who has more than half of her base, by share of it, for at most `seats` seats.

    Shares are compared, not votes: who has a smaller base because judges are recused loses nothing by it. Who is equal for
    the last seats is `tied`, and another ballot decides, or the seats stay empty as the rules said.
    """
    share = {one: Fraction(n, base_of[one]) for one, n in votes.items() if base_of[one] > 0}
    passed = sorted(
        (one for one in share if votes[one] >= majority(base_of[one])), key=lambda one: (-share[one], one)
    )
    if len(passed) <= seats:
        return ElectionResult(tuple(passed), (), seats - len(passed))
    last = share[passed[seats - 1]] if seats else Fraction(2)
    tied = tuple(one for one in passed if share[one] == last)
    sure = tuple(one for one in passed if share[one] > last)
    if len(sure) + len(tied) <= seats:
        return ElectionResult(sure + tied, (), 0)
    return ElectionResult(sure, tied, seats - len(sure))


def _check_line(candidate: int, sheet: CountSheet, vote: Vote) -> None:
    """Votes of one candidate: no more than valid slips, and no more than slips of those who are not recused."""
    line = sheet.tallies[candidate]
    away = vote.recused_present.get(candidate, 0)
    most = min(sheet.valid, sheet.returned - away)
    cast = line.ayes + (line.against or 0)
    if min(line.ayes, line.against or 0, line.abstain or 0) < 0:
        raise Refused("count.negative", field=str(candidate))
    if cast > most:
        raise Refused("count.too_many", field=str(candidate), most=most, n=cast)
    if not vote.three:
        return
    if line.against is None or line.abstain is None:
        raise Refused("count.blank", field=str(candidate))
    if cast + line.abstain != sheet.valid:
        raise Refused("count.sum", field=str(candidate), total=cast + line.abstain, valid=sheet.valid)
