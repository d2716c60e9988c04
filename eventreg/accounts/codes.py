"""Signing in by a code: asked for in one browser, mailed or printed, tried at most five times."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from eventreg.core import audit
from eventreg.core.db import db
from eventreg.core.errors import Refused
from eventreg.core.keys import Keys, fingerprint_of, stamp
from eventreg.outbox import service as outbox
from eventreg.outbox.rules import Lane
from eventreg.people import service as people

from .models import PrintedCode, SignInCode
from .rules import (
    CODE_LIFE,
    CODE_TRIES,
    CODES_AN_HOUR,
    CODES_AN_HOUR_A_NETWORK,
    CODES_AN_HOUR_EVERYWHERE,
    PRINTED_ALPHABET,
    PRINTED_LENGTH,
    PRINTED_LIFE,
    SIGN_IN,
    network_of,
    plain_code,
    plain_identifier,
)


class Try(StrEnum):
    """What came of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Returned, not raised: the try it counted must survive the refusal (law 3). `printed_by` is the contact who
    printed the code, None for a mailed one.
    """

    what: Try
    person_id: int | None = None
    tries_left: int = 0
    printed_by: int | None = None


def ask(identifier: str, *, address: str, locale: str, keys: Keys, now: datetime) -> str:
    """Make a code for whoever `identifier` names and post it; returns the browser's token.

    Known and unknown take the same statements and get the same answer: an unknown's letter is
    withheld for want of an address. Raises Refused("sign_in.too_many_codes") with `again_at`.
    """
    account = stamp(keys.codes, "account", plain_identifier(identifier))
    network = stamp(keys.codes, "network", network_of(address))
    _check_rate(account, network, now=now)
    person = people.find_person_by_identifier(plain_identifier(identifier))
    to = outbox.Recipient(
        person.id if person else None, person.email if person else None, (person and person.locale) or locale
    )
    browser, id_ = mail("sign_in_code", to, SIGN_IN, counted=(account, network), facts={}, keys=keys, now=now)
    audit.record("sign_in.asked", f"sign_in_code:{id_}", by="visitor", now=now)
    return browser


def mail(
    kind: str,
    to: outbox.Recipient,
    purpose: str,
    *,
    counted: tuple[bytes, bytes],
    facts: Mapping[str, Any],
    keys: Keys,
    now: datetime,
) -> tuple[str, int]:
    """Make a code for one purpose and post it in a letter of `kind`; the browser's token and the row's id.

    `counted` are the account and the network that it is counted for; the caller has checked their rate.
    """
    browser, code = secrets.token_urlsafe(24), f"{secrets.randbelow(1_000_000):06d}"
    row = SignInCode(
        browser_hash=fingerprint_of(browser),
        person_id=to.person_id,
        code_hash=hash_of(keys, browser, code),
        account=counted[0],
        network=counted[1],
        asked_at=now,
        expires_at=now + CODE_LIFE,
        tries_left=CODE_TRIES,
        purpose=purpose,
    )
    db.session.add(row)
    db.session.flush()
    outbox.post(
        kind,
        to,
        key=f"{kind}:{row.id}",
        facts={**facts, "expires_at": row.expires_at.isoformat()},
        sealed=keys.sealed(code),
        expires_at=row.expires_at,
        lane=Lane.CODES,
        now=now,
    )
    return browser, row.id


def enter(typed: str, *, browser: str, keys: Keys, now: datetime) -> Verdict:
    """Try a code in the browser that asked for it. Counts first, then compares.

    A code that was mailed for another purpose opens nothing.
    """
    row = count_try(browser, SIGN_IN, now=now)
    if row is None:
        return Verdict(Try.DEAD)
    code = plain_code(typed)
    mailed = is_hash_of(row.code_hash, keys, browser, code)
    nobody = 0  # asked about like everybody: the unknown takes the same statements
    person_id = row.person_id or nobody
    printed_by = None if mailed else _use_printed(person_id, code, keys=keys, now=now)
    right = mailed or printed_by is not None
    if not right or not people.is_employed(person_id):
        audit.record("sign_in.wrong_code", f"sign_in_code:{row.id}", by="visitor", now=now)
        return Verdict(Try.WRONG if row.tries_left else Try.DEAD, tries_left=row.tries_left)
    use_up(row.id, now=now)
    return Verdict(Try.RIGHT, person_id=person_id, printed_by=printed_by)


def count_try(browser: str, purpose: str, *, now: datetime) -> Row[int, int | None, bytes, int] | None:
    """Take one try of the code that this browser asked for to this purpose, while it is open.

    One conditional UPDATE, so parallel guesses cannot share a try.
    """
    mine = (SignInCode.browser_hash == fingerprint_of(browser), SignInCode.purpose == purpose)
    open_ = (SignInCode.used_at.is_(None), SignInCode.expires_at > now, SignInCode.tries_left > 0)
    counted = update(SignInCode).where(*mine, *open_).values(tries_left=SignInCode.tries_left - 1)
    columns = (SignInCode.id, SignInCode.person_id, SignInCode.code_hash, SignInCode.tries_left)
    return db.session.execute(counted.returning(*columns)).one_or_none()


def use_up(code_id: int, *, now: datetime) -> None:
    """A code that was right is good for nothing more."""
    db.session.execute(update(SignInCode).where(SignInCode.id == code_id).values(used_at=now))


def hash_of(keys: Keys, browser: str, code: str) -> bytes:
    """A mailed code as it is kept: with the browser that asked for it."""
    return stamp(keys.codes, "mailed", browser, code)


def is_hash_of(kept: bytes, keys: Keys, browser: str, code: str) -> bool:
    """Whether a mailed code is the one that is kept, under any key that verifies."""
    hashes = (stamp(key, "mailed", browser, code) for key in keys.good("codes"))
    return any(secrets.compare_digest(kept, one) for one in hashes)


def print_codes(person_ids: list[int], *, by: int, keys: Keys, now: datetime) -> dict[int, str]:
    """A one-time code for each person, as it is printed (`ABCDE-FGHJK`); earlier ones die."""
    printed: dict[int, str] = {}
    for person_id in sorted(set(person_ids)):
        code = "".join(secrets.choice(PRINTED_ALPHABET) for _ in range(PRINTED_LENGTH))
        earlier = (PrintedCode.person_id == person_id, PrintedCode.used_at.is_(None))
        db.session.execute(update(PrintedCode).where(*earlier).values(used_at=now))
        db.session.add(
            PrintedCode(
                person_id=person_id,
                code_hash=_printed_hash(keys.codes, person_id, code),
                printed_by=by,
                printed_at=now,
                expires_at=now + PRINTED_LIFE,
            )
        )
        audit.record("sign_in.code_printed", f"person:{person_id}", by=f"person:{by}", now=now)
        printed[person_id] = f"{code[:5]}-{code[5:]}"
    return printed


def purge(*, before: datetime) -> int:
    """Delete requests for codes from before a date; returns how many."""
    old = delete(SignInCode).where(SignInCode.asked_at < before).returning(SignInCode.id)
    return len(db.session.scalars(old).all())


def _use_printed(person_id: int, code: str, *, keys: Keys, now: datetime) -> int | None:
    """Who printed this code for this person; None where it is none, or no more."""
    hashes = [_printed_hash(key, person_id, code) for key in keys.good("codes")]
    fits = (PrintedCode.code_hash.in_(hashes), PrintedCode.expires_at > now)
    used = db.session.execute(
        update(PrintedCode)
        .where(PrintedCode.person_id == person_id, PrintedCode.used_at.is_(None), *fits)
        .values(used_at=now)
        .returning(PrintedCode.printed_by)
    )
    return used.scalar_one_or_none()


def _check_rate(account: bytes, network: bytes, *, now: datetime) -> None:
    """Counted in the database, so all processes see it; by account and by trusted address."""
    recent = SignInCode.asked_at > now - timedelta(hours=1)
    here = func.count().filter(SignInCode.account == account, SignInCode.network == network)
    everywhere = func.count().filter(SignInCode.account == account)
    flood = func.count().filter(SignInCode.network == network)
    related = (SignInCode.account == account) | (SignInCode.network == network)
    counts = db.session.execute(select(here, everywhere, flood).where(recent, related)).one()
    most = (CODES_AN_HOUR, CODES_AN_HOUR_EVERYWHERE, CODES_AN_HOUR_A_NETWORK)
    if any(count >= bound for count, bound in zip(counts, most, strict=True)):
        raise Refused("sign_in.too_many_codes", again_at=now + timedelta(hours=1))


def _printed_hash(key: bytes, person_id: int, code: str) -> bytes:
    return stamp(key, "printed", person_id, code)
