"""The lane of group robots: all news of one robot is sent as one message when its rate limit allows."""

from __future__ import annotations

import http.client
import logging
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import ngettext

from eventreg.chat import pacing
from eventreg.chat.pacing import RobotCredentials
from eventreg.chat.rules import WINDOW, RobotTarget, is_listed, target
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused, Unusable
from eventreg.core.keyring.keys import Keys
from eventreg.delivery import letters
from eventreg.delivery.contents.content import LetterContent, StaleLetter
from eventreg.delivery.holding import held, settled
from eventreg.outbox import claims, pausing
from eventreg.outbox.rules import OVERTAKEN, Lane, SendOutcome, is_expired
from eventreg.outbox.service import ClaimedLetter
from eventreg.words.delivery.unlinked import unlinked
from eventreg.words.locale import speaking

from . import connection, rules
from .connection import InternalAddress
from .rules import NewsItem, RobotRequest, RobotResponse

log = logging.getLogger("eventreg.post")

DIGEST = 20  # pieces of news in one message

Settled = tuple[ClaimedLetter, SendOutcome, str]


@dataclass(frozen=True, slots=True)
class RobotCall:
    """A message to a robot that is ready to be sent."""

    to: RobotTarget
    listed: bool
    request: RobotRequest


def deliver_next(worker: str, *, stopping: Callable[[], bool]) -> int:
    """Send the message of the next robot; returns how many letters it processed, 0 if no robot has news to send now.

    Claiming letters and the robot's turn is one short transaction; none is open while talking to the service.
    """
    now = utc_now()
    robot_id = None if pausing.is_paused() else pacing.find_ready(now=now)
    db.session.rollback()
    if robot_id is None or stopping():
        return 0
    with unit_of_work():
        speaker = pacing.take_turn(robot_id, now=now)
        # News that is posted a little later goes into the same message.
        soon = now + WINDOW
        batch = claims.claim(worker, Lane.ROBOTS, now=soon, most=DIGEST, robot_id=robot_id) if speaker else []
    if speaker is None or not batch:
        return 0
    with held(batch, worker):
        _say(speaker, batch, worker)
    db.session.rollback()
    return len(batch)


def _say(speaker: RobotCredentials, batch: Sequence[ClaimedLetter], worker: str) -> None:
    """Render the news that is up to date, send it as one message, and record its answer for all of it."""
    going, ends = _worded(speaker, batch)
    for letter, outcome, trouble in ends:
        settled([letter], outcome, trouble=trouble, worker=worker)
    going = [pair for pair in going if claims.may_go(pair[0], worker, Lane.ROBOTS)]
    if not going:
        return
    try:
        said = _send(speaker, [content for _letter, content in going], locale=going[0][0].locale)
    except TimeoutError:
        said = rules.silent(max(letter.attempts for letter, _content in going))
    settled([letter for letter, _content in going], said.outcome, trouble=said.trouble, worker=worker)
    if said.wait:
        with unit_of_work():
            _hold(speaker, said)


def _hold(speaker: RobotCredentials, said: RobotResponse) -> None:
    until = utc_now() + said.wait
    if said.host:
        pacing.hold_host(speaker.host, until=until)
    else:
        pacing.hold(speaker.id, until=until)


def _worded(
    speaker: RobotCredentials, batch: Sequence[ClaimedLetter]
) -> tuple[list[tuple[ClaimedLetter, LetterContent]], list[Settled]]:
    """The letters with their content, and the letters that are stale."""
    going: list[tuple[ClaimedLetter, LetterContent]] = []
    ends: list[Settled] = []
    for letter in batch:
        content = _content(speaker, letter)
        if isinstance(content, LetterContent):
            going.append((letter, content))
        else:
            ends.append((letter, *content))
    db.session.rollback()  # nothing stays open while talking to a service
    return going, ends


def _content(speaker: RobotCredentials, letter: ClaimedLetter) -> LetterContent | tuple[SendOutcome, str]:
    keys: Keys = current_app.extensions["eventreg.keys"]
    if not speaker.is_on:
        return SendOutcome.STALE, "robot:off"
    if is_expired(letter.expires_at, now=utc_now()):
        return SendOutcome.EXPIRED, ""
    try:
        with speaking(letter.locale):
            return letters.word(letter, keys=keys, base_url=_settings().base_url, now=utc_now())
    except (StaleLetter, Refused, NotFound):
        return SendOutcome.STALE, OVERTAKEN
    except Exception as error:
        # A programming error: the letter is tried later, so that it does not hold up others.
        log.exception("post.not_worded", extra={"letter": letter.id, "kind": letter.kind})
        return SendOutcome.LATER, type(error).__name__


def _send(speaker: RobotCredentials, contents: Sequence[LetterContent], *, locale: str) -> RobotResponse:
    """Send the request. Raises TimeoutError if the service is silent; other network errors are results."""
    try:
        with speaking(locale):
            call = _composed(speaker, contents)
        answer = connection.call(
            call.to,
            call.request.path,
            call.request.body,
            listed=call.listed,
            ca_file=_settings().robot_ca_file,
            wait=connection.WAIT,
        )
    except TimeoutError:
        raise
    except Refused as refused:
        return RobotResponse(SendOutcome.REFUSED, f"robot:{refused.code.partition('.')[2]}")
    except Unusable:
        return RobotResponse(SendOutcome.REFUSED, "robot:keys")
    except InternalAddress:
        return RobotResponse(SendOutcome.LATER, "robot:inside")
    except ssl.SSLError:
        return RobotResponse(SendOutcome.LATER, "robot:tls")
    except (OSError, http.client.HTTPException):
        return RobotResponse(SendOutcome.LATER, "robot:network")
    return rules.verdict(speaker.service, answer.status, answer.body)


def _composed(speaker: RobotCredentials, contents: Sequence[LetterContent]) -> RobotCall:
    """The request; the address is decrypted and checked again, because its host may have been removed from the list."""
    keys: Keys = current_app.extensions["eventreg.keys"]
    listed = _settings().robot_hosts
    address = keys.opened(speaker.address or b"")
    secret = keys.opened(speaker.secret) if speaker.secret else ""
    to = target(address, speaker.service, listed=listed)
    items = [_item(content) for content in contents]
    count = len(items)
    title = items[0].title if count == 1 else ngettext("%(num)s 条新消息", "%(num)s 条新消息", count)
    made = rules.request(speaker.service, address, secret, title, items, now=utc_now())
    return RobotCall(to, is_listed(to, listed), made)


def _item(content: LetterContent) -> NewsItem:
    lines = [*content.lines, *(f"{label}  {value}" for label, value in content.facts)]
    return NewsItem(
        unlinked(rules.safe(content.heading)),
        tuple(unlinked(rules.safe(line)) for line in lines),
        content.action,
    )


def _settings() -> Settings:
    found: Settings = current_app.extensions["eventreg.settings"]
    return found
