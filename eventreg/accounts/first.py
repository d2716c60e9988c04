"""The first administrator of an empty product: company, person and role in one unit of work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from eventreg.core import audit
from eventreg.core.errors import Refused
from eventreg.people import service as people

from . import grants, links
from .rules import Role

STAFF_NO = re.compile(r"[A-Za-z0-9._-]{1,32}")
ADDRESS = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]+\.[^@\s<>]+|[^@\s<>]{1,64}@localhost")


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
    if founder.email and not (len(founder.email) <= 254 and ADDRESS.fullmatch(founder.email)):
        problems["email"] = "people.email_form"
    too_long = {"name": 64, "company": 80}
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
