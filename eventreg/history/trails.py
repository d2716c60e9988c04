"""The audit trail of a campaign, a registration or a person, with names for its ids.

The caller has checked that the visitor may see the campaign, registration or person. Reads only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Select, select

from eventreg.accounts.models import ApiToken, BrowserSession, SignInCode
from eventreg.campaigns.models import Campaign, CampaignGrant
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.core.trail import audit
from eventreg.core.trail.audit import EntryFacts
from eventreg.outbox.models import Letter
from eventreg.people import service as people
from eventreg.people.directory import list_units
from eventreg.registrations import access
from eventreg.registrations.models import Registration
from eventreg.venue.models import Device, Pairing

PAGE = 50
NAMES_UNITS = {"unit", "units", "narrower", "rule"}  # facts that hold ids of units


@dataclass(frozen=True, slots=True)
class TrailNames:
    """The names of the ids in a trail: people, tokens and devices by "kind:id", the rest by id."""

    actors: dict[str, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    campaigns: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrailPage:
    """The newest entries first; `more_before` is where the next page begins, None at the end."""

    entries: list[EntryFacts]
    names: TrailNames
    more_before: int | None


def of_campaign(campaign_id: int, *, before: int | None = None) -> TrailPage:
    """What was done to a campaign, its phones, letters and roles; registrations have trails of their own."""
    own = [f"campaign:{campaign_id}"]
    for kind, model in (("device", Device), ("pairing", Pairing)):
        ids = db.session.scalars(select(model.id).where(model.campaign_id == campaign_id))
        own += [f"{kind}:{id_}" for id_ in ids]
    granted = select(CampaignGrant.person_id).where(CampaignGrant.campaign_id == campaign_id).distinct()
    people_in = [f"person:{id_}" for id_ in db.session.scalars(granted)]
    own += audit.list_subjects("letter", campaign_id=campaign_id)
    return _trail(audit.list_about(own, partly=people_in, campaign_id=campaign_id, before=before))


def of_registration(registration_id: int, *, campaign_id: int, before: int | None = None) -> TrailPage:
    """What was done to a registration of this campaign; raises NotFound for another campaign's and an unknown one."""
    here = access.in_campaign(registration_id, campaign_id)
    if db.session.scalar(select(Registration.id).where(here)) is None:
        raise NotFound("registration")
    return _trail(audit.list_about([f"registration:{registration_id}"], before=before))


def of_letter(letter_id: int) -> TrailPage:
    """What was done to a letter by hand."""
    return _trail(audit.list_about([f"letter:{letter_id}"]))


def of_person(person_id: int, *, before: int | None = None) -> TrailPage:
    """What was done to a person: roster, roles, sign-ins, registrations."""
    return _trail(audit.list_about(subjects_of(person_id), before=before))


def subjects_of(person_id: int) -> list[str]:
    """The audit trail's subjects that are about a person."""
    found = [f"person:{person_id}"]
    for kind, model in (
        ("session", BrowserSession),
        ("sign_in_code", SignInCode),
        ("registration", Registration),
        ("letter", Letter),
    ):
        ids = db.session.scalars(select(model.id).where(model.person_id == person_id))
        found += [f"{kind}:{id_}" for id_ in ids]
    return found


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names of people, tokens and devices ("person:7")."""
    wanted = set(actors)
    return (
        _people(wanted)
        | _named(wanted, "token", lambda ids: select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(ids)))
        | _named(wanted, "device", lambda ids: select(Device.id, Device.name).where(Device.id.in_(ids)))
    )


def _trail(entries: list[EntryFacts]) -> TrailPage:
    more = entries[-1].id if len(entries) == PAGE else None
    return TrailPage(entries, _names(entries), more)


def _names(entries: Iterable[EntryFacts]) -> TrailNames:
    """All names, in at most five statements."""
    told = list(entries)
    actors = {entry.by for entry in told} | {entry.subject for entry in told}
    campaigns = {int(entry.facts["campaign"]) for entry in told if entry.facts.get("campaign")}
    titles = select(Campaign.id, Campaign.title).where(Campaign.id.in_(campaigns))
    return TrailNames(
        actors=names_of(actors),
        units=dict(list_units()) if any(NAMES_UNITS & entry.facts.keys() for entry in told) else {},
        campaigns={id_: title for id_, title in db.session.execute(titles)},  # noqa: C416  (rows, typed)
    )


def _ids(actors: Iterable[str], kind: str) -> list[int]:
    split = (actor.partition(":") for actor in actors)
    return sorted(int(id_) for name, _, id_ in split if name == kind and id_.isdigit())


def _people(actors: Iterable[str]) -> dict[str, str]:
    found = people.people_by_id(_ids(actors, "person"))
    return {f"person:{id_}": person.name for id_, person in found.items()}


def _named(
    actors: Iterable[str], kind: str, query: Callable[[list[int]], Select[int, str]]
) -> dict[str, str]:
    ids = _ids(actors, kind)
    return {f"{kind}:{id_}": name for id_, name in db.session.execute(query(ids))} if ids else {}
