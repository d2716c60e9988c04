"""Check codes of printed forms: each is computed from a recorded submission and a key of the installation."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.keyring.keys import Keys, stamp
from eventreg.nominations import access
from eventreg.nominations.models import Nomination
from eventreg.nominations.rules import NominationContent, is_sensitive

from .models import Submission
from .rules import PaperReference, code_of, digest_of, find_named, plain_code


def record(
    nomination_id: int, version: int, content: NominationContent, terms: dict[str, Any], *, now: datetime
) -> None:
    """Record that a version was submitted, in the unit of work that submits it; done once for each version.

    `terms` are what it was submitted under, as `submitted_terms.as_row` writes them.
    """
    if db.session.get(Submission, (nomination_id, version), populate_existing=True) is None:
        db.session.add(
            Submission(
                nomination_id=nomination_id,
                version=version,
                digest=digest_of(content),
                submitted_at=now,
                terms=terms,
                sensitive=is_sensitive(content),
            )
        )


def number_of(nomination_id: int, version: int) -> int:
    """Which submission of the nomination a version is, from 1; 0 for one that was never submitted.

    People are told this number: the version counts every automatic save.
    """
    mine = (Submission.nomination_id == nomination_id, Submission.version <= version)
    if db.session.get(Submission, (nomination_id, version)) is None:
        return 0
    return db.session.scalar(select(func.count()).select_from(Submission).where(*mine)) or 0


def named_of(nomination_id: int, version: int, *, keys: Keys) -> PaperReference:
    """The reference that a print of a version carries. Raises NotFound for a version that was never submitted."""
    row = db.session.get(Submission, (nomination_id, version))
    if row is None:
        raise NotFound("paper")
    return PaperReference(nomination_id, version, _codes(nomination_id, version, row.digest, keys=keys)[0])


def submitted_at(named: PaperReference) -> datetime:
    """When the printed version was submitted. Raises NotFound."""
    row = db.session.get(Submission, (named.nomination_id, named.version))
    if row is None:
        raise NotFound("paper")
    return row.submitted_at


def token_of(named: PaperReference) -> str:
    """The last part of the address on a printed form."""
    return f"{named.nomination_id}-{named.version}-{named.code}"


def get_named(token: str, *, keys: Keys) -> PaperReference:
    """The reference in an address on a printed form. Raises NotFound for every address that the product has not printed."""
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
    """The printed form with a typed check code, in these awards (None: all); an award has some hundred forms.

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
    """The check code of a print made now, and those of prints from before the key was rotated."""
    return [code_of(stamp(key, "paper", nomination_id, version, digest)) for key in keys.good("tickets")]


def _is_any(code: str, known: list[str]) -> bool:
    """Whether a code is one of these, compared in constant time."""
    return any(hmac.compare_digest(one.encode(), code.encode()) for one in known)
