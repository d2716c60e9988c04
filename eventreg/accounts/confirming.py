"""Codes by mail that confirm one act of a signed-in person, such as a signature.

A code is valid for one purpose ("signature:7:3:…"), in the browser that requested it, and not for signing in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from eventreg.core.actor import actor_of
from eventreg.core.errors import Refused
from eventreg.core.keyring.keys import Keys, stamp
from eventreg.core.trail import audit
from eventreg.outbox import service as outbox
from eventreg.people.service import PersonFacts

from . import counting, sign_in_codes
from .rules import CODES_TO_CONFIRM_AN_HOUR, sign_in_code
from .sign_in_codes import CodeAttempt, CodeOutcome


def ask(
    person: PersonFacts,
    purpose: str,
    *,
    kind: str,
    facts: Mapping[str, Any],
    locale: str,
    keys: Keys,
    now: datetime,
    before: str = "",
) -> str:
    """Post a letter of `kind` with a code to a person; returns the browser's token.

    `before` is the browser's token of an earlier request for the same purpose, whose code stays valid.

    Raises Refused("sign_in.no_mailbox"), and ("sign_in.too_many_codes") with `again_at`.
    """
    if not person.email:
        raise Refused("sign_in.no_mailbox")
    account = stamp(keys.codes, "confirming", person.id)
    most, hour = CODES_TO_CONFIRM_AN_HOUR, timedelta(hours=1)
    counting.take_of_period(account, most=most, period=hour, now=now)
    to = outbox.Recipient(person.id, person.email, person.locale or locale)
    counted = (account, account)  # a signed-in person is counted by account alone
    browser = sign_in_codes.next_token(before)
    id_ = sign_in_codes.mail(
        kind, to, purpose, counted=counted, facts=facts, keys=keys, now=now, token=browser
    )
    audit.record("confirming.asked", f"sign_in_code:{id_}", actor=actor_of(f"person:{person.id}", now=now))
    return browser


def enter(
    typed: str, purpose: str, *, person_id: int, browser: str, keys: Keys, now: datetime
) -> CodeAttempt:
    """Try a code. The attempt is counted first; a wrong code is returned as a verdict, so that the attempt stays counted."""
    rows = [row for row in sign_in_codes.count_tries(browser, purpose, now=now) if row.person_id == person_id]
    if not rows:
        return CodeAttempt(CodeOutcome.DEAD)
    right = sign_in_codes.find_right(rows, sign_in_code(typed), browser=browser, keys=keys)
    if right is None:
        newest, left = rows[0], max(row.tries_left for row in rows)
        audit.record(
            "confirming.wrong_code",
            f"sign_in_code:{newest.id}",
            actor=actor_of(f"person:{person_id}", now=now),
        )
        return CodeAttempt(CodeOutcome.WRONG if left else CodeOutcome.DEAD, tries_left=left)
    sign_in_codes.use_up(right.id, now=now)
    return CodeAttempt(CodeOutcome.RIGHT, person_id=person_id)
