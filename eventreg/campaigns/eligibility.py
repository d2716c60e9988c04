"""Who may sign up for a campaign, as SQL: everybody, or a gender, some units, the people of a list.

All restrictions of a campaign hold together. They are enforced when somebody signs up, by page and by programs; whoever
signed up before a restriction was made keeps what they have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, case, exists, select
from sqlalchemy.orm import aliased

from eventreg.core.db.session import AnyRow, run
from eventreg.people.models import Person, Unit

from .facts import CampaignFacts
from .models import Campaign, CampaignPerson, CampaignUnit
from .rules import Restriction


def restriction_of(campaign: Any, *, units: Sequence[Any]) -> ScalarSelect[str | None]:
    """The restriction between the Person of the enclosing statement and a campaign; NULL if there is none.

    `campaign` is the campaign's id as a column or parameter, `units` the person's unit and those above it.
    """
    it = aliased(Campaign)
    of_unit, on_list = CampaignUnit.campaign_id == it.id, CampaignPerson.campaign_id == it.id
    inside = exists().where(of_unit, CampaignUnit.unit_id.in_(units)).correlate_except(CampaignUnit)
    listed = exists().where(on_list, CampaignPerson.person_id == Person.id).correlate_except(CampaignPerson)
    why = case(
        (it.for_gender != Person.gender, str(Restriction.GENDER)),
        (exists().where(of_unit) & ~inside, str(Restriction.UNIT)),
        (exists().where(on_list) & ~listed, str(Restriction.LIST)),
    )
    return select(why).where(it.id == campaign).scalar_subquery()


_ABOVE, _TOP = aliased(Unit), aliased(Unit)
RESTRICTIONS = (  # built once: pages that everybody opens execute it
    select(Campaign.id, restriction_of(Campaign.id, units=[Unit.id, _ABOVE.id, _TOP.id]).label("restriction"))
    .select_from(Person)
    .join(Unit, Unit.id == Person.unit_id)
    .outerjoin(_ABOVE, _ABOVE.id == Unit.parent_id)
    .outerjoin(_TOP, _TOP.id == _ABOVE.parent_id)
    .join(Campaign, Campaign.id.in_(bindparam("campaigns", expanding=True)))
    .where(Person.id == bindparam("person"))
)


def restrictions_of(person_id: int, campaigns: Iterable[CampaignFacts]) -> dict[int, Restriction]:
    """What keeps a person out of these campaigns, by the campaign's id; one statement, and none if all are for everybody."""
    restricted: Collection[int] = [c.id for c in campaigns if c.eligible.restricted]
    if not restricted:
        return {}
    rows: Sequence[AnyRow] = run(RESTRICTIONS, {"person": person_id, "campaigns": restricted}).all()
    return {row.id: Restriction(row.restriction) for row in rows if row.restriction is not None}
