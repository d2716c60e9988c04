"""The first administrator of an empty product: company, person and role in one unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventreg.core import audit
from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.people.rules import NAME_LENGTH, STAFF_NO, UNIT_LENGTH, is_address

from . import grants, links
from .rules import Role


@dataclass(frozen=True, slots=True)
class Founder:
    """What the form asks of the first administrator."""

    staff_no: str
    name: str
    email: str
    company: str


def check(founder: Founder) -> dict[str, str]:
    """What is wrong, as field → refusal code; empty when nothing is. Pure."""
    problems = {field: "answer.missing" for field in founder.__slots__ if not getattr(founder, field)}
    if founder.staff_no and not STAFF_NO.fullmatch(founder.staff_no):
        problems["staff_no"] = "people.staff_no_form"
    if founder.email and not is_address(founder.email):
        problems["email"] = "people.email_form"
    too_long = {"name": NAME_LENGTH, "company": UNIT_LENGTH}
    problems |= {f: "answer.too_long_for" for f, most in too_long.items() if len(getattr(founder, f)) > most}
    return problems


def make(founder: Founder, *, now: datetime) -> int:
    """Make the first administrator; returns the person's id.

    Raises Refused("sign_in.administrator_exists"), ("people.staff_no_taken") or
    ("people.email_taken"): then the link that led here is not used up.
    """
    if links.administrator_exists(now=now):
        raise Refused("sign_in.administrator_exists")
    company_id = people.make_company(founder.company)
    person_id = people.add_person(founder.staff_no, founder.name, unit_id=company_id, email=founder.email)
    grants.grant(person_id, Role.ADMINISTRATOR, unit_id=None, by="console", now=now)
    audit.record("people.added", f"person:{person_id}", by="console", now=now)
    return person_id
