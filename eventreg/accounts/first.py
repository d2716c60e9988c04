"""The first administrator of an empty product: company, person and role in one unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventreg.core.actor import actor_of
from eventreg.core.errors import Refused
from eventreg.core.trail import audit
from eventreg.people import service as people
from eventreg.people.rules import RosterRow, check_row

from . import grants, links
from .rules import Role


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """What the form asks about the first administrator."""

    staff_no: str
    name: str
    email: str
    company: str


def check(founder: FirstAdministrator) -> dict[str, str]:
    """What is wrong, as column of the roster → refusal code; the roster's own rules. Pure."""
    row = RosterRow(1, founder.staff_no, founder.name, "女", founder.company, email=founder.email or " ")
    found = check_row(row, company="")
    problems = {p.column: p.code for p in found} if isinstance(found, list) else {}
    return problems | ({} if founder.email else {"email": "answer.missing"})


def make(founder: FirstAdministrator, *, now: datetime) -> int:
    """Make the first administrator; returns the person's id.

    Raises Refused("sign_in.administrator_exists"), ("people.staff_no_taken") or
    ("people.email_taken"): then the link that led here is not used up.
    """
    if links.administrator_exists(now=now):
        raise Refused("sign_in.administrator_exists")
    company_id = people.make_company(founder.company)
    person_id = people.add_person(founder.staff_no, founder.name, unit_id=company_id, email=founder.email)
    grants.grant(person_id, Role.ADMINISTRATOR, unit_id=None, actor=actor_of("console", now=now))
    audit.record("people.added", f"person:{person_id}", actor=actor_of("console", now=now))
    return person_id
