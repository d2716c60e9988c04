"""Claim letters, render them, hand them over, record the result. No transaction is open while talking to a server.

Lanes for sign-in codes, mails and group robots keep them from waiting for each other.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.core.keyring.keys import Keys
from eventreg.delivery.mail.mailer import Delivery, HandoverResult
from eventreg.delivery.mail.traffic import Traffic
from eventreg.outbox import claims
from eventreg.outbox.rules import OVERTAKEN, Lane, SendOutcome, domain_of, is_expired
from eventreg.outbox.service import ClaimedLetter
from eventreg.words.locale import speaking

from . import letters
from .chat import chat_sender
from .contents.frame import frame_of
from .holding import ClaimedBatch, held, settled
from .letters import StaleLetter
from .mail import mailer

log = logging.getLogger("eventreg.post")

BATCH = {Lane.CODES: 1, Lane.ORDINARY: 50}  # letters claimed at once


def never() -> bool:
    """The default for `stopping` and `wake_next`: False, and no effect."""
    return False


@dataclass(frozen=True, slots=True)
class DeliverySlot:
    """One worker of a lane: the `Traffic` that it shares with the others, its number, and how to wake another worker."""

    traffic: Traffic
    number: int = 0
    wake_next: Callable[[], object] = never


def worker_name() -> str:
    """The name of this process in claims and leases."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(3)}"


def deliver_next(
    worker: str,
    lane: Lane,
    *,
    keep: bool = False,
    stopping: Callable[[], bool] = never,
    slot: DeliverySlot | None = None,
) -> int:
    """Deliver the next letters of a lane, as many as one claim takes; returns how many were processed.

    Returns 0 if none is due or the server cannot be reached; the connection is then closed, unless the caller
    keeps it. A process that is killed after the server's 250 and before the result is recorded causes one repeat of
    a letter, under the same Message-ID (law 11).
    """
    if lane is Lane.ROBOTS:
        return chat_sender.deliver_next(worker, stopping=stopping)
    delivery: Delivery = current_app.extensions["eventreg.delivery"]
    slot = slot or DeliverySlot(Traffic())
    batch = _claimed(worker, lane, slot, rate=delivery.rate)
    dealt = 0
    if batch:
        try:
            dealt = _deliver(batch, worker, lane, stopping, slot)
        finally:
            slot.traffic.leave(slot.number)
    db.session.rollback()
    if not dealt and not keep:
        delivery.hang_up()
    return dealt


def _claimed(worker: str, lane: Lane, slot: DeliverySlot, *, rate: int | None) -> list[ClaimedLetter]:
    """Claim a batch of letters to domains that no other worker of this lane is sending to."""
    with slot.traffic.turn:
        shut = slot.traffic.shut()
        if not claims.is_due(lane, now=utc_now(), shut=shut):
            return []
        with unit_of_work():
            batch = claims.claim(worker, lane, now=utc_now(), most=BATCH[lane], rate=rate, shut=shut)
        slot.traffic.take(slot.number, {domain_of(letter.address) for letter in batch})
        return batch


def _deliver(
    batch: list[ClaimedLetter], worker: str, lane: Lane, stopping: Callable[[], bool], slot: DeliverySlot
) -> int:
    """Send a batch one by one; letters that cannot be tried are released. Returns how many were processed, 0 without a server."""
    delivery: Delivery = current_app.extensions["eventreg.delivery"]
    rate = delivery.rate if lane is Lane.ORDINARY else None
    going = not stopping() and claims.may_go(batch[0], worker, lane)
    if not going:
        with unit_of_work():
            claims.release(batch, worker, begun=batch[0], rate=rate)
        return 0

    def give_back(stalled: ClaimedLetter, rest: list[ClaimedLetter]) -> None:
        with unit_of_work():
            claims.release(rest, worker, rate=rate)
        slot.traffic.stall(slot.number, domain_of(stalled.address))
        log.info("post.line_stalled", extra={"letter": stalled.id, "given_back": len(rest)})
        slot.wake_next()

    with held(batch, worker, on_stall=give_back) as grip:
        for n, letter in enumerate(batch):
            handed = _carry(letter, grip, slot)
            after = batch[n + 1 :]
            going = handed.reached and not grip.is_stalled
            going = going and _goes_on(letter, handed, slot) and not stopping()
            following = (after[0], lane) if going and after else None
            begun = settled(
                [letter],
                handed.outcome,
                trouble=handed.trouble,
                worker=worker,
                following=following,
                put_off=handed.put_off,
            )
            if grip.is_stalled:
                return n + 1
            if after and not begun:
                with unit_of_work():
                    claims.release(after, worker, rate=rate)
                return n + 1 if handed.put_off else 0
            if n == 0 and len(batch) == BATCH[lane] > 1:
                slot.wake_next()  # the server is there, and there may be more
    return len(batch) if handed.reached else 0


def _carry(letter: ClaimedLetter, grip: ClaimedBatch, slot: DeliverySlot) -> HandoverResult:
    """Hand one letter over; with a shorter time-out if another worker is stalled by its domain."""
    hurry = slot.traffic.is_hurried(domain_of(letter.address))
    grip.begin(letter)
    try:
        return _hand_over(letter, hurry=True) if hurry else _hand_over(letter)
    finally:
        grip.end()


def _goes_on(letter: ClaimedLetter, handed: HandoverResult, slot: DeliverySlot) -> bool:
    """Record whether the server answered in time; returns whether the worker may go on with its batch."""
    domain = domain_of(letter.address)
    if handed.put_off:
        return slot.traffic.note_slow(domain)
    if handed.outcome in {SendOutcome.ACCEPTED, SendOutcome.REFUSED}:
        slot.traffic.note_prompt(domain)
    return True


def _hand_over(letter: ClaimedLetter, *, hurry: bool = False) -> HandoverResult:
    keys: Keys = current_app.extensions["eventreg.keys"]
    settings: Settings = current_app.extensions["eventreg.settings"]
    delivery: Delivery = current_app.extensions["eventreg.delivery"]
    if is_expired(letter.expires_at, now=utc_now()):
        return HandoverResult(SendOutcome.EXPIRED)
    try:
        with speaking(letter.locale):
            content = letters.word(letter, keys=keys, base_url=settings.base_url, now=utc_now())
            message = mailer.compose(
                content,
                letter.address,
                message_id=letter.message_id,
                posted_at=letter.posted_at,
                frame=frame_of(content, letter.person_id),
            )
    except (StaleLetter, Refused, NotFound):
        return HandoverResult(SendOutcome.STALE, OVERTAKEN)
    except ValueError as error:
        return HandoverResult(SendOutcome.REFUSED, str(error))
    except Exception as error:
        # A programming error: the letter is tried later, so that it does not hold up others.
        log.exception("post.not_worded", extra={"letter": letter.id, "kind": letter.kind})
        return HandoverResult(SendOutcome.LATER, type(error).__name__)
    finally:
        db.session.rollback()  # nothing stays open while talking to a server
    more = {"hurry": True} if hurry else {}
    return delivery.hand_over(message, letter.message_id, now=utc_now(), **more)
