"""Who may open a registration, its ticket and its answers.

| reader | registrations |
|---|---|
| employee | their own |
| organiser, administrator | those in the campaigns that they manage (`campaigns/access.py`) |
| program with a token | all; its scopes say what it may do with them (`web/api/bearer.py`) |
| everybody | none; the public order shows masked names (`reading.order_of`) |

A registration that a reader may not open and one that does not exist answer alike: NotFound.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, bindparam

from .models import Registration

# The condition for employees, with the values from `own`. A constant: it is part of statements that are built once.
OWN = and_(Registration.id == bindparam("registration"), Registration.person_id == bindparam("person"))


def own(registration_id: int, person_id: int) -> dict[str, int]:
    """The values for `OWN`: an employee opens their own registration."""
    return {"registration": registration_id, "person": person_id}


def in_campaign(registration_id: int, campaign_id: int) -> ColumnElement[bool]:
    """An organiser opens a registration in this campaign, which they were found to manage."""
    return and_(Registration.id == registration_id, Registration.campaign_id == campaign_id)
