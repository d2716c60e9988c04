"""A code by mail that confirms one act of somebody who is signed in, such as a signature.

It is good for one purpose ("signature:7:3:…"), in the browser that asked for it, and signs nobody in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from eventreg.core import audit
from eventreg.core.db import db
from eventreg.core.errors import Refused
from eventreg.core.keys import Keys, stamp
from eventreg.outbox import service as outbox
from eventreg.people.service import PersonFacts

from . import codes
from .codes import Try, Verdict
from .models import SignInCode
from .rules import CODES_TO_CONFIRM_AN_HOUR, plain_code


def ask(
    person: PersonFacts,
    purpose: str,
    *,
    kind: str,
    facts: Mapping[str, Any],
    locale: str,
    keys: Keys,
    now: datetime,
) -> str:
    """Post a letter of `kind` with a code to a person; returns the browser's token.

    Raises Refused("sign_in.no_mailbox"), and ("sign_in.too_many_codes") with `again_at`.
    """
    if not person.email:
        raise Refused("sign_in.no_mailbox")
    account = stamp(keys.codes, "confirming", person.id)
    _check_rate(account, now=now)
    to = outbox.Recipient(person.id, person.email, person.locale or locale)
    counted = (account, account)  # she is signed in: counted by herself alone
    browser, id_ = codes.mail(kind, to, purpose, counted=counted, facts=facts, keys=keys, now=now)
    audit.record("confirming.asked", f"sign_in_code:{id_}", by=f"person:{person.id}", now=now)
    return browser


def enter(typed: str, purpose: str, *, person_id: int, browser: str, keys: Keys, now: datetime) -> Verdict:
    """Try a code. Counts first, then compares; a wrong one is a verdict, so that its try stays counted."""
    row = codes.count_try(browser, purpose, now=now)
    if row is None or row.person_id != person_id:
        return Verdict(Try.DEAD)
    if not codes.is_hash_of(row.code_hash, keys, browser, plain_code(typed)):
        audit.record("confirming.wrong_code", f"sign_in_code:{row.id}", by=f"person:{person_id}", now=now)
        return Verdict(Try.WRONG if row.tries_left else Try.DEAD, tries_left=row.tries_left)
    codes.use_up(row.id, now=now)
    return Verdict(Try.RIGHT, person_id=person_id)


def _check_rate(account: bytes, *, now: datetime) -> None:
    recent = (SignInCode.account == account, SignInCode.asked_at > now - timedelta(hours=1))
    if (db.session.scalar(select(func.count()).where(*recent)) or 0) >= CODES_TO_CONFIRM_AN_HOUR:
        raise Refused("sign_in.too_many_codes", again_at=now + timedelta(hours=1))
