"""The claim that a live registration holds among the campaigns of its group; it ends with the registration."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import aliased

from eventreg.campaigns.models import Campaign
from eventreg.campaigns.plan.planning import note
from eventreg.core.actor import Actor
from eventreg.core.db.session import AnyRow, db, insert_row, run
from eventreg.core.errors import Refused
from eventreg.registrations.models import IS_LIVE, OneOfClaim, Registration

HELD = (  # built once: every sign-up for a campaign of a group executes it
    select(Registration.id, Campaign.slug, Campaign.title)
    .join(OneOfClaim, OneOfClaim.registration_id == Registration.id)
    .join(Campaign, Campaign.id == Registration.campaign_id)
    .where(
        OneOfClaim.season_id == bindparam("season"),
        OneOfClaim.one_of == bindparam("one_of"),
        OneOfClaim.person_id == bindparam("person"),
    )
)


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """A person's registration in a campaign of the group."""

    registration_id: int
    slug: str
    title: str


def find_held(season_id: int, one_of: str, person_id: int) -> HeldClaim | None:
    """The claim that a person holds in a group, if any."""
    row: AnyRow | None = run(HELD, {"season": season_id, "one_of": one_of, "person": person_id}).one_or_none()
    return None if row is None else HeldClaim(row.id, row.slug, row.title)


def check_free(season_id: int, one_of: str, person_id: int) -> None:
    """Raise Refused("registration.one_of_taken", registration, slug, title) if the person holds a claim in the group."""
    held = find_held(season_id, one_of, person_id)
    if held is not None:
        raise Refused(
            "registration.one_of_taken", registration=held.registration_id, slug=held.slug, title=held.title
        )


def claim(season_id: int, one_of: str, person_id: int, registration_id: int) -> None:
    """Hold the claim from now on. Of two sign-ups at once the primary key lets one through; the other is refused."""
    insert_row(
        OneOfClaim,
        season_id=season_id,
        one_of=one_of,
        person_id=person_id,
        registration_id=registration_id,
    )


def let_go(registration_id: int) -> None:
    """End the claim of a registration, if it holds one."""
    db.session.execute(delete(OneOfClaim).where(OneOfClaim.registration_id == registration_id))


def regroup(campaign: Campaign, one_of: str | None, *, actor: Actor) -> bool:
    """Put a campaign into a group or take it out; False if that is so already. Call it with the campaign locked.

    Raises Refused("plan.one_of_conflict", people) while people hold live registrations in it and in another campaign of
    the group.
    """
    if campaign.one_of == one_of:
        return False
    mine = select(Registration.id).where(Registration.campaign_id == campaign.id, IS_LIVE)
    db.session.execute(delete(OneOfClaim).where(OneOfClaim.registration_id.in_(mine)))
    if one_of is not None:
        _check_no_conflict(campaign, one_of)
        db.session.execute(
            insert(OneOfClaim).from_select(
                ["season_id", "one_of", "person_id", "registration_id"],
                select(
                    bindparam("season", campaign.season_id),
                    bindparam("group", one_of),
                    Registration.person_id,
                    Registration.id,
                ).where(Registration.campaign_id == campaign.id, IS_LIVE),
            )
        )
    campaign.one_of = one_of
    note(campaign, "grouped", actor=actor, one_of=one_of)
    return True


def _check_no_conflict(campaign: Campaign, one_of: str) -> None:
    other = aliased(OneOfClaim)
    both = (
        select(func.count())
        .select_from(Registration)
        .join(other, other.person_id == Registration.person_id)
        .where(
            Registration.campaign_id == campaign.id,
            IS_LIVE,
            other.season_id == campaign.season_id,
            other.one_of == one_of,
        )
    )
    people = db.session.scalar(both)
    if people:
        raise Refused("plan.one_of_conflict", field="one_of", people=people)


def list_groups(season_id: int) -> dict[str, list[str]]:
    """The groups of a season with the titles of their campaigns."""
    rows = (
        select(Campaign.one_of, Campaign.title)
        .where(Campaign.season_id == season_id, Campaign.one_of.is_not(None))
        .order_by(Campaign.id)
    )
    found: dict[str, list[str]] = {}
    for one_of, title in db.session.execute(rows):
        found.setdefault(one_of or "", []).append(title)
    return found
