"""Render a letter in its reader's language: from its kind and facts to a subject and lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from flask_babel import gettext as _

from eventreg.campaigns import date_changes
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.rules import ScheduleState
from eventreg.campaigns.wording import LetterWords
from eventreg.core.db.session import is_writing
from eventreg.core.keyring.keys import Keys
from eventreg.core.process_cache import cache_of, put_bounded
from eventreg.delivery.contents.content import LetterContent as LetterContent
from eventreg.delivery.contents.content import StaleLetter as StaleLetter
from eventreg.delivery.contents.date_letters import ChangedActivity
from eventreg.delivery.contents.registration_letters import LetterContext
from eventreg.outbox.service import ClaimedLetter
from eventreg.people import service as people
from eventreg.registrations import messages, reading, reissuing, tickets
from eventreg.registrations.rules import RegistrationState

from .chat import chat_texts
from .contents import (
    administrator_letters,
    by_hand_letters,
    calendar,
    date_letters,
    department_letters,
    judging_letters,
    organiser_letters,
    registration_letters,
    reminder_letters,
    signing_letters,
)


def word(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """The content of the letter in the current language.

    Raises StaleLetter if its news is out of date (the seat was given up again).
    """
    return KINDS[letter.kind](letter, keys=keys, base_url=base_url, now=now)


def _sign_in_code(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    expires_at = datetime.fromisoformat(letter.facts["expires_at"])
    if letter.sealed is None or now >= expires_at:
        raise StaleLetter
    code = keys.opened(letter.sealed)
    return LetterContent(
        subject=_("登录验证码 %(code)s", code=code),
        heading=_("你的登录验证码"),
        lines=(
            _("请回到刚才的登录页面填写，只能在同一个浏览器里用，10 分钟内有效。"),
            _("不是你要的？不用理会，没有这串数字谁也登录不了。"),
        ),
        code=code,
    )


def _seated(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    told = _context_of(letter, RegistrationState.SEATED, base_url=base_url, now=now)
    held = tickets.find_held(told.registration.id, keys=keys)
    qr = f"{base_url}/t/{held.token}" if held else ""
    files = calendar.publish(
        told.campaign,
        calendar.held(told.campaign),
        told.registration.id,
        house=calendar.house(),
        now=now,
    )
    return registration_letters.seated(told, code=held.code if held else None, qr=qr, calendars=files)


def _reissued(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """The new ticket; stale if it was replaced again.

    What is called off is taken out of the calendar: somebody who left and returned got no letter about it meanwhile.
    """
    if reissuing.find_serial(letter.facts["registration"]) != letter.facts["serial"]:
        raise StaleLetter
    told = _seated(letter, keys=keys, base_url=base_url, now=now)
    id_ = letter.facts["registration"]
    found = _context_of(letter, RegistrationState.SEATED, base_url=base_url, now=now).campaign
    off = [activity for activity in found.activities if activity.schedule is ScheduleState.CANCELLED]
    files = calendar.cancel(
        found, off, id_, attendee=letter.address, house=calendar.house(), now=now, given_up=False
    )
    return replace(told, calendars=(*told.calendars, *files))


def _waiting(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    told = _context_of(letter, RegistrationState.WAITING, base_url=base_url, now=now)
    return registration_letters.waiting(told, position=letter.facts["position"])


def _entered(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """Somebody else entered the reader, who got a place or a place on the waiting list."""
    write = _waiting if letter.kind == "entered_waiting" else _seated
    told = write(letter, keys=keys, base_url=base_url, now=now)
    id_ = letter.facts["registration"]
    campaign = campaigns.campaign_by_id(reissuing.find_campaign_of(id_))
    return by_hand_letters.entered(told, letter.facts, by_hand_letters.unanswered_of(id_, campaign))


def _withdrawn(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    told = _context_of(letter, RegistrationState.WITHDRAWN, base_url=base_url, now=now)
    campaign, id_ = told.campaign, told.registration.id
    # People who only waited have no calendar entries. An activity that is called off is taken out too: the letter about that
    # may not have been sent before the registration ended.
    mine = campaign.activities if tickets.was_issued(id_) else ()
    files = calendar.cancel(
        campaign, mine, id_, attendee=letter.address, house=calendar.house(), now=now, given_up=True
    )
    return registration_letters.withdrawn(told, calendars=files, reason=letter.facts.get("reason", ""))


def _activity_changed(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """Another time, place or schedule; what changed again since is left out, because a newer letter tells it.

    Letters of older versions are about one activity, and have its facts at the top.
    """
    told = _context_of(
        letter, RegistrationState.SEATED, RegistrationState.WAITING, base_url=base_url, now=now
    )
    known = {activity.id: activity for activity in told.campaign.activities}
    parts = [
        ChangedActivity(activity, part["was"])
        for part in letter.facts.get("parts", [letter.facts])
        if (activity := known.get(part["activity"])) is not None
        and date_changes.is_newest(told.campaign.id, activity, letter.facts, sequence=part["sequence"])
    ]
    if not parts:
        raise StaleLetter
    is_seated = told.registration.state is RegistrationState.SEATED
    mine = [part.now for part in parts] if is_seated else []
    held = [activity for activity in mine if activity.schedule is not ScheduleState.CANCELLED]
    off = [activity for activity in mine if activity.schedule is ScheduleState.CANCELLED]
    id_, us = told.registration.id, calendar.house()
    files = calendar.publish(told.campaign, held, id_, house=us, now=now)
    files += calendar.cancel(
        told.campaign, off, id_, attendee=letter.address, house=us, now=now, given_up=False
    )
    note = date_changes.find_note(letter.facts["change"]) if "change" in letter.facts else ""
    return date_letters.activity_changed(told, parts, note=note, calendars=files)


def _message(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    if "registration" not in letter.facts:
        return registration_letters.message_of_an_award(
            _written(letter.facts["message"]),
            campaigns.campaign_by_id(letter.facts["campaign"]),
            reader=partial(people.person_facts, letter.person_id or 0),
            base_url=base_url,
        )
    told = _context_of(
        letter, RegistrationState.SEATED, RegistrationState.WAITING, base_url=base_url, now=now
    )
    return registration_letters.message(replace(told, words=_written(letter.facts["message"])))


def _written(message_id: int) -> LetterWords:
    """The text of a message, cached: it goes to many people and never changes. One that may be undone is not cached."""
    box = {} if is_writing() else cache_of("messages")
    if message_id not in box:
        put_bounded(box, message_id, messages.words_of(message_id), most=64)
    words: LetterWords = box[message_id]
    return words


def _context_of(
    letter: ClaimedLetter, *expected: RegistrationState, base_url: str, now: datetime
) -> LetterContext:
    """The context of the letter. Raises StaleLetter unless the registration is in one of these states."""
    if letter.person_id is None:
        raise StaleLetter
    registration = reading.get_own(letter.facts["registration"], letter.person_id)
    if registration.state not in expected:
        raise StaleLetter
    campaign = campaigns.campaign_by_id(registration.campaign_id)
    reader = partial(people.person_facts, letter.person_id)
    answers = partial(reading.answers_of, registration.id)
    return LetterContext(letter.kind, campaign, registration, base_url, reader, answers, now)


Writer = Callable[..., LetterContent]

KINDS: dict[str, Writer] = {
    "sign_in_code": _sign_in_code,
    "registration_seated": _seated,
    "registration_promoted": _seated,
    "place_offered": _seated,
    "registration_waiting": _waiting,
    "ticket_reissued": _reissued,
    "registration_withdrawn": _withdrawn,
    "entered_seated": _entered,
    "entered_waiting": _entered,
    "activity_changed": _activity_changed,
    "message": _message,
    **reminder_letters.WRITERS,
    **signing_letters.WRITERS,
    **department_letters.WRITERS,
    **administrator_letters.WRITERS,
    **organiser_letters.WRITERS,
    **judging_letters.WRITERS,
    **chat_texts.WRITERS,
}
