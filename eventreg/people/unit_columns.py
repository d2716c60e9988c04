"""Files with a column 单位 and a column 部门: which of the two is the unit of the roster. Pure.

The roster has two levels below the company: departments or second-level units, and their teams. HR's lists have the
company, or a part of it such as 公司本部, in 单位; or a second-level unit (城关供电所), whose 部门 is then its team.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from eventreg.core.plain_text import comparison_key

from .rules import CellProblem, RosterRow

Key = tuple[str, ...]

COMPANY_LIKE = re.compile(r".*(?:公司|集团|本部|机关|总部|局)|(?:headquarters|head office)")


@dataclass(frozen=True, slots=True)
class _Known:
    """The company's name and the stored units by path, for comparison; `above` are units that stand above departments."""

    company: str
    units: Collection[Key]
    above: Collection[str]


def joined_units(
    rows: Sequence[RosterRow], units: Iterable[tuple[str, ...]], *, company: str
) -> tuple[list[RosterRow], list[CellProblem], tuple[str, ...]]:
    """The rows with one unit each; what cannot be decided; and the units that were left out, being above departments.

    Codes: people.unit_levels where a stored unit has a department and a team, people.unit_unclear where nothing tells
    whether the unit or the department is meant, or one department stands below two such units.
    """
    if all(row.department is None for row in rows):
        return list(rows), [], ()
    stored = {tuple(map(comparison_key, path)) for path in units}
    known = _Known(comparison_key(company), stored, _above(rows, stored, comparison_key(company)))
    found, problems = list[RosterRow](), list[CellProblem]()
    left_out: dict[str, str] = {}
    first: dict[str, RosterRow] = {}
    for row in rows:
        if row.faults:  # nothing can be imported, and its cells are shown as they are
            found.append(row)
            continue
        unit, code = _unit(row, known)
        if code is None and unit == row.department and _is_left_out(row):
            left_out.setdefault(comparison_key(row.unit), row.unit.strip())
            before = first.setdefault(comparison_key(unit), row)
            code = None if comparison_key(before.unit) == comparison_key(row.unit) else "people.unit_unclear"
        if code is not None:
            value = " / ".join(filter(None, (row.unit.strip(), (row.department or "").strip())))
            problems.append(CellProblem(row.line, "unit", code, value))
        found.append(replace(row, unit=unit, department=None))
    return found, problems, tuple(left_out.values())


def _above(rows: Iterable[RosterRow], stored: Collection[Key], company: str) -> set[str]:
    """Units of the file that stand above departments.

    The company; what is called like one; what has a stored department below it, or a department and a team.
    """
    found = {company}
    names = set()
    for row in rows:
        unit, department = comparison_key(row.unit), comparison_key(row.department or "")
        names.add(unit)
        if (unit,) in stored or not department or department == unit:
            continue
        if (department,) in stored or (row.team or "").strip() or COMPANY_LIKE.fullmatch(unit):
            found.add(unit)
    return found | names if len(names - {""}) == 1 and not any((name,) in stored for name in names) else found


def _unit(row: RosterRow, known: _Known) -> tuple[str, str | None]:
    """The unit of a row, and the code of what is wrong with it."""
    unit, department = row.unit.strip(), (row.department or "").strip()
    above, below = comparison_key(unit), comparison_key(department)
    if not below or above == below:
        return unit or department, None
    if not above or above in known.above:
        return row.department or "", None
    if comparison_key(row.team or "") not in {"", below}:
        return unit, "people.unit_levels"
    if (above,) not in known.units and known.units:
        return unit, "people.unit_unclear"
    if (above, below) not in known.units and (below,) in known.units:
        return unit, "people.unit_unclear"
    return f"{unit}/{department}", None


def _is_left_out(row: RosterRow) -> bool:
    unit = comparison_key(row.unit)
    return bool(unit) and unit != comparison_key(row.department or "")
