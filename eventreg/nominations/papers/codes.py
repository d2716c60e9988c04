"""What was submitted is recorded; the check code of a print follows from it and from our key."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from eventreg.core.db import add_row, db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.keys import Keys, stamp

from ..models import Nomination
from ..rules import Content
from .models import Submission
from .rules import Named, code_of, digest_of, find_named, plain_code


def record(nomination_id: int, version: int, content: Content, *, now: datetime) -> None:
    """Keep that a version was submitted; in the unit that submits it. Submitted anew it is the same."""
    if db.session.get(Submission, (nomination_id, version), populate_existing=True) is None:
        add_row(
            Submission,
            nomination_id=nomination_id,
            version=version,
            digest=digest_of(content),
            submitted_at=now,
        )


def named_of(nomination_id: int, version: int, *, keys: Keys) -> Named:
    """What a print of a version carries; raises NotFound for a version that was never submitted."""
    row = db.session.get(Submission, (nomination_id, version))
    if row is None:
        raise NotFound("paper")
    return Named(nomination_id, version, _code(nomination_id, version, row.digest, keys=keys))


def submitted_at(named: Named) -> datetime:
    """When the version on a paper was submitted; raises NotFound."""
    row = db.session.get(Submission, (named.nomination_id, named.version))
    if row is None:
        raise NotFound("paper")
    return row.submitted_at


def token_of(named: Named) -> str:
    """The last part of the address on a paper."""
    return f"{named.nomination_id}-{named.version}-{named.code}"


def get_named(token: str, *, keys: Keys) -> Named:
    """What an address on a paper names; raises NotFound for every other, however near."""
    asked = find_named(token)
    if asked is None:
        raise NotFound("paper")
    known = named_of(asked.nomination_id, asked.version, keys=keys)
    if not hmac.compare_digest(known.code, asked.code):
        raise NotFound("paper")
    return known


def find_typed(typed: str, campaign_ids: Collection[int] | None, *, keys: Keys) -> Named:
    """The paper of a typed check code among these awards (None: all); an award has some hundred of them.

    Raises Refused("paper.unknown_code").
    """
    code = plain_code(typed)
    rows = select(Submission.nomination_id, Submission.version, Submission.digest).join(Nomination)
    if campaign_ids is not None:
        rows = rows.where(Nomination.campaign_id.in_(campaign_ids))
    latest_first = rows.order_by(Submission.submitted_at.desc(), Submission.nomination_id.desc())
    for nomination_id, version, digest in db.session.execute(latest_first):
        if hmac.compare_digest(_code(nomination_id, version, digest, keys=keys).encode(), code.encode()):
            return Named(nomination_id, version, code)
    raise Refused("paper.unknown_code", field="code")


def _code(nomination_id: int, version: int, digest: str, *, keys: Keys) -> str:
    return code_of(stamp(keys.tickets, "paper", nomination_id, version, digest))
