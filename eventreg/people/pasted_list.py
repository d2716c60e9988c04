"""Staff numbers that were pasted as a list: one a line, or separated by spaces, commas or semicolons."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.plain_text import compact, unix_lines

from .models import Person

MOST = 2_000
BETWEEN = re.compile(r"[\s,;\uff0c\uff1b\u3001|]+")


@dataclass(frozen=True, slots=True)
class PastedList:
    """The people of a list in its order, and the numbers that are not taken: unknown, of leavers, or written twice."""

    person_ids: tuple[int, ...]
    unknown: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()

    @property
    def has_faults(self) -> bool:
        """Whether a number is not taken."""
        return bool(self.unknown or self.left or self.twice)


def numbers_in(text: str) -> list[str]:
    """The staff numbers in a text, in order; full-width letters and digits are read as plain ones.

    Names that were pasted beside the numbers are left out: a staff number has at least one letter or digit of ASCII.
    """
    parts = (compact(part) for part in BETWEEN.split(text))
    return [part for part in parts if re.search("[0-9A-Za-z]", part)]


def without_number(text: str) -> list[str]:
    """The lines that have no staff number, such as a name alone: whom they mean nobody can know."""
    return [bare for line in unix_lines(text).split("\n") if (bare := compact(line)) and not numbers_in(line)]


def read(text: str) -> PastedList:
    """The people whose staff numbers stand in a text; one statement. Letters may be in either case.

    Raises Refused("people.list_too_long", most).
    """
    written = numbers_in(text)
    if len(written) > MOST:
        raise Refused("people.list_too_long", most=MOST)
    wanted = Counter(number.casefold() for number in written)
    named = select(Person.id, Person.staff_no, Person.left_at).where(
        func.lower(Person.staff_no).in_(list(wanted))
    )
    known = {row.staff_no.casefold(): row for row in db.session.execute(named)} if wanted else {}
    first = {number.casefold(): number for number in reversed(written)}
    return PastedList(
        person_ids=tuple(known[key].id for key in wanted if key in known and known[key].left_at is None),
        unknown=(*(first[key] for key in wanted if key not in known), *without_number(text)),
        left=tuple(known[key].staff_no for key in wanted if key in known and known[key].left_at is not None),
        twice=tuple(first[key] for key, count in wanted.items() if count > 1),
    )
