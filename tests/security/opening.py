"""Who may open an address, as the rooms' `access.py` says: asked for each viewpoint, to be compared with matrix.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement

from eventreg.awards.panel import seated
from eventreg.awards.scores import service as scores
from eventreg.campaigns import access as campaign_access
from eventreg.campaigns import campaign_grants
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.access import Reader
from eventreg.core.clock import utc_now
from eventreg.core.errors import NotFound
from eventreg.nominations import access, reading
from eventreg.nominations.papers import check_codes, service
from eventreg.nominations.signing import who_may_sign
from eventreg.registrations import reading as registrations
from tests.security.matrix import Row
from tests.security.world import VIEWPOINTS, World

Args = Mapping[str, Any]
AccessRule = Callable[[Reader, Args], bool]
MANAGED = "/manage/campaigns/<slug>"
OWN = "/my/registrations/<int:registration_id>"


def contacts(reader: Reader, args: Args) -> bool:
    """A department's contact."""
    who, now = reader.person_id, reader.now
    if not reader.roles & access.CONTACTS:
        return False
    if "slug" in args:
        return _is_there(lambda: access.get_award_for_contact(args["slug"], args["unit_id"], who, now=now))
    return _opens(args, access.for_contact(who, now=now))


def proposers(reader: Reader, args: Args) -> bool:
    """Whoever is signed in, where an award takes their proposals."""
    if "slug" in args:
        return access.find_offer(campaigns.get_campaign(args["slug"]), reader.person_id) is not None
    return _opens(args, access.for_proposer(reader.person_id))


def nominees(reader: Reader, args: Args) -> bool:
    """Whoever is nominated; the list is empty for all others."""
    return _opens(args, access.for_nominee(reader.person_id))


def signers(reader: Reader, args: Args) -> bool:
    """A head or a delegate."""
    mandates = who_may_sign.mandates_of(reader.person_id, now=reader.now)
    return who_may_sign.is_signer(reader.person_id, now=reader.now) and _opens(
        args, access.for_signer(mandates)
    )


def heads(reader: Reader, _args: Args) -> bool:
    """A head in their own right."""
    return bool(who_may_sign.own_units(reader.person_id, now=reader.now))


def hr(reader: Reader, args: Args) -> bool:
    """HR reviewers and administrators."""
    if not reader.roles & access.HR:
        return False
    if "slug" in args:
        return _is_there(lambda: access.get_award_for_hr(args["slug"]))
    return _opens(args, access.for_hr())


def judges(reader: Reader, args: Args) -> bool:
    """Whoever votes in a panel, of what she reads there."""
    found = seated.rounds_of(reader.person_id)
    if "round_id" in args:
        return args["round_id"] in {one.id for one in found}
    read = {id_ for one in found for id_ in scores.readable(one.id, reader.person_id)}
    return bool(found) and ("nomination_id" not in args or args["nomination_id"] in read)


def paper_desk(reader: Reader, args: Args) -> bool:
    """Whoever receives papers."""
    if not reader.roles & access.PAPER_DESK:
        return False
    if "slug" in args:
        return _is_there(lambda: access.get_award_for_paper_desk(args["slug"], reader))
    return _opens(args, access.for_paper_desk(access.paper_desk_ids(reader)))


def award_organisers(reader: Reader, args: Args) -> bool:
    """Whoever manages an award."""
    managed = bool(reader.roles & campaign_access.ORGANISERS)
    return managed and _is_there(lambda: access.get_award_for_organiser(args["slug"], reader))


def award_readers(reader: Reader, args: Args) -> bool:
    """Whoever manages an award, of what was submitted to it."""
    if not award_organisers(reader, args):
        return False
    found = access.get_award_for_organiser(args["slug"], reader)
    return _opens(args, access.for_organiser(found.id))


def organisers(reader: Reader, args: Args) -> bool:
    """Whoever manages a campaign."""
    managed = bool(reader.roles & campaign_access.ORGANISERS)
    return managed and _is_there(lambda: campaign_access.get_for_organiser(args["slug"], reader))


def owners(reader: Reader, args: Args) -> bool:
    """Whoever signed up."""
    return registrations.is_own(args["registration_id"], reader.person_id)


RULES: dict[str, AccessRule] = {  # by blueprint
    "nominations": contacts,
    "drafting": contacts,
    "materials": contacts,
    "department_papers": contacts,
    "proposals": proposers,
    "my_nominations": nominees,
    "signing": signers,
    "delegates": heads,
    "screening": hr,
    "report": hr,
    "review_files": hr,
    "review_quotas": hr,
    "rounds": hr,
    "judge": judges,
    "paper_receipts": paper_desk,
    "award": award_organisers,
    "award_nominations": award_readers,
    "quotas": award_organisers,
}


def disagreements(world: World, rows: Iterable[Row]) -> dict[str, set[str]]:
    """Route -> the viewpoints of which the matrix and `access.py` say different things."""
    with world.app.app_context():
        readers = {viewpoint: _reader(world, viewpoint) for viewpoint in VIEWPOINTS}
        found = {}
        for row in rows:
            blueprint, args = _asked(world, row)
            rule = rule_of(blueprint, row.rule)
            if rule is None:
                continue
            opens = {viewpoint for viewpoint, reader in readers.items() if reader and rule(reader, args)}
            if differ := opens ^ row.allow:
                found[str(row)] = differ
    return found


def rule_of(blueprint: str, address: str) -> AccessRule | None:
    """The rule for a page, None for pages that belong neither to an award nor to a campaign nor to a registration."""
    if blueprint in RULES:
        return RULES[blueprint]
    if address.startswith(OWN):
        return owners
    return organisers if address.startswith(MANAGED) else None


def blueprint_of(world: World, row: Row) -> str:
    """The blueprint that answers a row's sample address."""
    return _asked(world, row)[0]


def _asked(world: World, row: Row) -> tuple[str, Args]:
    """The blueprint of a sample address and its arguments, with the nomination that a paper's token or receipt names."""
    path = world.filled(row.sample).partition("?")[0]
    endpoint, args = world.app.url_map.bind("localhost").match(path, method=row.method)
    named = dict(args)
    if endpoint.startswith("paper_receipts."):
        if "token" in args:
            named["nomination_id"] = check_codes.get_named(args["token"], keys=world.keys).nomination_id
        if "receipt_id" in args:
            named["nomination_id"] = service.paper_of(args["receipt_id"])[0]
    return endpoint.partition(".")[0], named


def _reader(world: World, viewpoint: str) -> Reader | None:
    """The person behind a viewpoint with their roles; None for whoever is not signed in."""
    now = utc_now()
    visitor, roles = campaign_grants.find_visitor(world.tokens.get(viewpoint, ""), now=now)
    return None if visitor.person_id is None else Reader(visitor.person_id, roles, now)


def _opens(args: Args, readable: ColumnElement[bool]) -> bool:
    """Whether this may be read; a list without an address of its own is opened by everybody whom the guard lets in."""
    return "nomination_id" not in args or _is_there(lambda: reading.get(args["nomination_id"], readable))


def _is_there(find: Callable[[], object]) -> bool:
    try:
        find()
    except NotFound:
        return False
    return True
