"""Sign-in codes: requested in one browser, mailed or printed, tried at most five times."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, update

from eventreg.core.actor import Actor, actor_of
from eventreg.core.clock import SET_BACK
from eventreg.core.db.session import db
from eventreg.core.keyring.keys import Keys, fingerprint_of, stamp
from eventreg.core.trail import audit
from eventreg.outbox import service as outbox
from eventreg.outbox.rules import Lane
from eventreg.people import service as people

from . import browser_marks, counting
from .models import PrintedCode, SignInCode
from .rules import (
    CODE_LIFE,
    CODE_TRIES,
    CODES_A_NETWORK,
    CODES_OPEN,
    NETWORK_PERIOD,
    PRINTED_ALPHABET,
    PRINTED_LENGTH,
    PRINTED_LIFE,
    SIGN_IN,
    network_of,
    plain_identifier,
    sign_in_code,
)


class CodeOutcome(StrEnum):
    """The outcome of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class CodeAttempt:
    """The result of a typed code. It is returned and not raised, because the counted attempt must be committed (law 3).
    `printed_by` is the contact who printed the code, None for a mailed one.
    """

    what: CodeOutcome
    person_id: int | None = None
    tries_left: int = 0
    printed_by: int | None = None


def ask(
    identifier: str,
    *,
    address: str,
    locale: str,
    keys: Keys,
    now: datetime,
    marks: Sequence[str] = (),
    before: str = "",
) -> str:
    """Make a code for the person that `identifier` names and post it; returns the browser's token.

    Known and unknown names take the same statements and get the same answer: the letter for an unknown one is withheld,
    because it has no address. `marks` are those of the browser (see `browser_marks`), `before` is its token of an earlier
    request, whose code stays valid. Raises Refused("sign_in.too_many_codes") with `again_at`.
    """
    person = people.find_person_by_identifier(plain_identifier(identifier))
    person_id = person.id if person else 0
    marked = browser_marks.find(marks, person_id, keys=keys)
    account = _count_of(person_id, identifier, marked, keys=keys)
    counting.take_in_turn(account, now=now)
    network = stamp(keys.codes, "network", network_of(address))
    if not marked:
        counting.take_of_period(network, most=CODES_A_NETWORK, period=NETWORK_PERIOD, now=now)
    to = outbox.Recipient(
        person.id if person else None, person.email if person else None, (person and person.locale) or locale
    )
    counted, token = (account, network), next_token(before)
    id_ = mail("sign_in_code", to, SIGN_IN, counted=counted, facts={}, keys=keys, now=now, token=token)
    audit.record("sign_in.asked", f"sign_in_code:{id_}", actor=actor_of("visitor", now=now))
    return token


def _count_of(person_id: int, identifier: str, marked: str, *, keys: Keys) -> bytes:
    """The key a request is counted under: staff number and mail address are one account; a marked browser has its own count."""
    named = str(person_id) if person_id else f"unknown {plain_identifier(identifier)}"
    return stamp(keys.codes, "account", named, marked)


def next_token(before: str) -> str:
    """The browser's token of its next request: a random part, and a number that distinguishes its requests."""
    secret, _dot, number = before.rpartition(".")
    if not secret or not number.isdecimal() or len(number) > 4:  # none yet
        return f"{secrets.token_urlsafe(24)}.1"
    return f"{secret}.{int(number) + 1}"


def _tokens(newest: str) -> list[str]:
    """The browser's tokens of its last requests, the newest first."""
    secret, _dot, number = newest.rpartition(".")
    if not number.isdecimal() or len(number) > 5:
        return [newest]
    last = int(number)
    return [f"{secret}.{n}" for n in range(last, max(0, last - CODES_OPEN), -1)]


def mail(
    kind: str,
    to: outbox.Recipient,
    purpose: str,
    *,
    counted: tuple[bytes, bytes],
    facts: Mapping[str, Any],
    keys: Keys,
    now: datetime,
    token: str,
) -> int:
    """Make a code for a purpose and the browser of this token, and post it in a letter of `kind`; returns the row's id.

    `counted` are the keys of the account and of the network that it was counted under.
    """
    code = f"{secrets.randbelow(1_000_000):06d}"
    row = SignInCode(
        browser_hash=fingerprint_of(token),
        person_id=to.person_id,
        code_hash=hash_of(keys, token, code),
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
        key=f"{kind}:{row.id}:{now.timestamp()}",  # old rows are deleted, and SQLite gives their ids again
        facts={**facts, "expires_at": row.expires_at.isoformat()},
        sealed=keys.sealed(code),
        expires_at=row.expires_at,
        lane=Lane.CODES,
        now=now,
    )
    return row.id


def enter(typed: str, *, browser: str, keys: Keys, now: datetime) -> CodeAttempt:
    """Try a code in the browser that requested it; its last few codes are valid. The attempt is counted before comparing.

    A code for another purpose is wrong.
    """
    rows = count_tries(browser, SIGN_IN, now=now)
    if not rows:
        return CodeAttempt(CodeOutcome.DEAD)
    code = sign_in_code(typed)
    mailed, row = find_right(rows, code, browser=browser, keys=keys), rows[0]
    nobody = 0  # executed for unknown names too, so that they take the same statements
    person_id = (mailed or row).person_id or nobody
    printed_by = None if mailed else _use_printed(person_id, code, keys=keys, now=now)
    right = mailed is not None or printed_by is not None
    left = max(each.tries_left for each in rows)
    if not right or not people.is_employed(person_id):
        audit.record("sign_in.wrong_code", f"sign_in_code:{row.id}", actor=actor_of("visitor", now=now))
        return CodeAttempt(CodeOutcome.WRONG if left else CodeOutcome.DEAD, tries_left=left)
    use_up((mailed or row).id, now=now)
    counting.refund((mailed or row).account, now=now)
    return CodeAttempt(CodeOutcome.RIGHT, person_id=person_id, printed_by=printed_by)


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A code after one attempt was counted against it."""

    id: int
    person_id: int | None
    code_hash: bytes
    tries_left: int
    account: bytes
    browser_hash: bytes


def count_tries(browser: str, purpose: str, *, now: datetime) -> list[CheckedCode]:
    """Count one attempt for each open code that this browser requested for this purpose; the newest first.

    It is one conditional UPDATE, so that parallel guesses are all counted. A guess costs an attempt of each open code.
    """
    hashes = [fingerprint_of(token) for token in _tokens(browser)]
    mine = (SignInCode.browser_hash.in_(hashes), SignInCode.purpose == purpose)
    alive = (SignInCode.expires_at > now, SignInCode.expires_at <= now + CODE_LIFE + SET_BACK)
    open_ = (SignInCode.used_at.is_(None), SignInCode.tries_left > 0, *alive)
    counted = update(SignInCode).where(*mine, *open_).values(tries_left=SignInCode.tries_left - 1)
    columns = (
        SignInCode.id,
        SignInCode.person_id,
        SignInCode.code_hash,
        SignInCode.tries_left,
        SignInCode.account,
        SignInCode.browser_hash,
    )
    rows = db.session.execute(counted.returning(*columns)).all()
    return sorted((CheckedCode(*row) for row in rows), key=lambda tried: -tried.id)


def find_right(rows: Iterable[CheckedCode], code: str, *, browser: str, keys: Keys) -> CheckedCode | None:
    """The code that was typed. All are compared in any case."""
    token_of = {fingerprint_of(token): token for token in _tokens(browser)}
    right = None
    for row in rows:
        if is_hash_of(row.code_hash, keys, token_of[row.browser_hash], code):
            right = row
    return right


def use_up(code_id: int, *, now: datetime) -> None:
    """Mark a right code as used."""
    db.session.execute(update(SignInCode).where(SignInCode.id == code_id).values(used_at=now))


def hash_of(keys: Keys, browser: str, code: str) -> bytes:
    """The stored hash of a mailed code, made with the token of the browser that requested it."""
    return stamp(keys.codes, "mailed", browser, code)


def is_hash_of(kept: bytes, keys: Keys, browser: str, code: str) -> bool:
    """Whether a code matches a stored hash under any key that verifies."""
    hashes = (stamp(key, "mailed", browser, code) for key in keys.good("codes"))
    return any(secrets.compare_digest(kept, one) for one in hashes)


def print_codes(person_ids: list[int], *, actor: Actor) -> dict[int, str]:
    """Make a one-time code for each person, in print format (`ABCDE-FGHJK`); earlier ones become invalid."""
    printed: dict[int, str] = {}
    for person_id in sorted(set(person_ids)):
        code = "".join(secrets.choice(PRINTED_ALPHABET) for _ in range(PRINTED_LENGTH))
        earlier = (PrintedCode.person_id == person_id, PrintedCode.used_at.is_(None))
        db.session.execute(update(PrintedCode).where(*earlier).values(used_at=actor.now))
        db.session.add(
            PrintedCode(
                person_id=person_id,
                code_hash=_printed_hash(actor.keys.codes, person_id, code),
                printed_by=actor.person_id,
                printed_at=actor.now,
                expires_at=actor.now + PRINTED_LIFE,
            )
        )
        audit.record("sign_in.code_printed", f"person:{person_id}", actor=actor)
        printed[person_id] = f"{code[:5]}-{code[5:]}"
    return printed


def purge(*, before: datetime) -> int:
    """Delete requests for codes from before a date; returns how many."""
    old = delete(SignInCode).where(SignInCode.asked_at < before).returning(SignInCode.id)
    return len(db.session.scalars(old).all())


def _use_printed(person_id: int, code: str, *, keys: Keys, now: datetime) -> int | None:
    """Redeem a printed code; returns who printed it for this person, None if it is wrong or used."""
    hashes = [_printed_hash(key, person_id, code) for key in keys.good("codes")]
    fits = (PrintedCode.code_hash.in_(hashes), PrintedCode.expires_at > now)
    used = db.session.execute(
        update(PrintedCode)
        .where(PrintedCode.person_id == person_id, PrintedCode.used_at.is_(None), *fits)
        .values(used_at=now)
        .returning(PrintedCode.printed_by)
    )
    return used.scalar_one_or_none()


def _printed_hash(key: bytes, person_id: int, code: str) -> bytes:
    return stamp(key, "printed", person_id, code)
