"""What was submitted is recorded; the check code of a print follows from it and from our key."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from eventreg.core.db.session import add_row, db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.keyring.keys import Keys, stamp
from eventreg.nominations import access
from eventreg.nominations.models import Nomination
from eventreg.nominations.rules import NominationContent

from .models import Submission
from .rules import PaperReference, code_of, digest_of, find_named, plain_code


def record(nomination_id: int, version: int, content: NominationContent, *, now: datetime) -> None:
    """Keep that a version was submitted; in the unit that submits it. Submitted anew it is the same."""
    if db.session.get(Submission, (nomination_id, version), populate_existing=True) is None:
        add_row(
            Submission,
            nomination_id=nomination_id,
            version=version,
            digest=digest_of(content),
            submitted_at=now,
        )


def named_of(nomination_id: int, version: int, *, keys: Keys) -> PaperReference:
    """What a print of a version carries; raises NotFound for a version that was never submitted."""
    row = db.session.get(Submission, (nomination_id, version))
    if row is None:
        raise NotFound("paper")
    return PaperReference(nomination_id, version, _codes(nomination_id, version, row.digest, keys=keys)[0])


def submitted_at(named: PaperReference) -> datetime:
    """When the version on a paper was submitted; raises NotFound."""
    row = db.session.get(Submission, (named.nomination_id, named.version))
    if row is None:
        raise NotFound("paper")
    return row.submitted_at


def token_of(named: PaperReference) -> str:
    """The last part of the address on a paper."""
    return f"{named.nomination_id}-{named.version}-{named.code}"


def get_named(token: str, *, keys: Keys) -> PaperReference:
    """What an address on a paper names; raises NotFound for every other, however near."""
    asked = find_named(token)
    if asked is None:
        raise NotFound("paper")
    row = db.session.get(Submission, (asked.nomination_id, asked.version))
    if row is None or not _is_any(
        asked.code, _codes(asked.nomination_id, asked.version, row.digest, keys=keys)
    ):
        raise NotFound("paper")
    return asked


def find_typed(typed: str, campaign_ids: Collection[int] | None, *, keys: Keys) -> PaperReference:
    """The paper of a typed check code among these awards (None: all); an award has some hundred of them.

    Raises Refused("paper.unknown_code").
    """
    code = plain_code(typed)
    rows = select(Submission.nomination_id, Submission.version, Submission.digest).join(Nomination)
    rows = rows.where(access.for_paper_desk(campaign_ids))
    latest_first = rows.order_by(Submission.submitted_at.desc(), Submission.nomination_id.desc())
    for nomination_id, version, digest in db.session.execute(latest_first):
        if _is_any(code, _codes(nomination_id, version, digest, keys=keys)):
            return PaperReference(nomination_id, version, code)
    raise Refused("paper.unknown_code", field="code")


def _codes(nomination_id: int, version: int, digest: str, *, keys: Keys) -> list[str]:
    """The code that a print carries now, and those of prints from before the key was rotated."""
    return [code_of(stamp(key, "paper", nomination_id, version, digest)) for key in keys.good("tickets")]


def _is_any(code: str, known: list[str]) -> bool:
    """Whether a code is one of these; how long that takes tells nothing of them."""
    return any(hmac.compare_digest(one.encode(), code.encode()) for one in known)
