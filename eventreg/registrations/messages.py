"""Messages that organisers write to people of their campaign: counted, previewed, then posted in one unit of work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, false, func, null, or_, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.audiences import People
from eventreg.campaigns.models import Question
from eventreg.campaigns.question_kinds import WITH_OPTIONS, options_in
from eventreg.campaigns.wording import LetterWords
from eventreg.core import idempotency
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.core.idempotency import ResultKind
from eventreg.core.trail import audit
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.outbox.service import AddressedLetter, LetterTopic, Recipient
from eventreg.outbox.standing import STANDING
from eventreg.people.models import Person, Unit

from .answers import choices
from .message_rules import AudienceKind, MessageAudience, MessageReach, check_confirmed, check_pace, expiry
from .models import Answer, Message, Registration
from .participants import DEFAULT_LOCALE
from .rules import LIVE, clean_text

Rows = Select[*tuple[Any, ...]]

KIND = "message"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message in the history; `states` is how many of its letters are in which state."""

    id: int
    sent_at: datetime
    sent_by: str
    audience: MessageAudience
    words: LetterWords
    reach: MessageReach
    states: dict[str, int]


def reach(campaign_id: int, to: MessageAudience, *, others: People | None = None) -> MessageReach:
    """The number of people in an audience now, and how many of them have no mail address.

    `others` are the people of an audience of an award, whom this room does not know.
    """
    counted = select(func.count(), func.count(Person.email))
    people, reachable = db.session.execute(_whom(counted, campaign_id, to, others)).one()
    return MessageReach(people, people - reachable)


def send(
    campaign_id: int,
    to: MessageAudience,
    words: LetterWords,
    *,
    confirmed: int,
    actor: Actor,
    key: str,
    others: People | None = None,
) -> MessageReach:
    """Post a message to everybody in an audience. A repeated key posts nothing and returns the same answer.

    `confirmed` is the number of people that the page showed. Raises Refused("message.audience_changed"),
    ("message.nobody"), ("message.too_many_today") or ("request.other_body").
    """
    campaign, _window = campaigns.lock_window(campaign_id)
    body = {"to": to.stored(), "subject": words.subject, "lines": words.lines}
    request = idempotency.IdempotentRequest(
        f"{actor.audit_name} writes {campaign_id}", key, body, ResultKind.MESSAGE
    )
    if (known := idempotency.find_answer(request)) is not None:
        return _reach_of(known.row_id)
    check_pace([m.sent_at for m in _newest(campaign_id)], zone=ZoneInfo(campaign.timezone), now=actor.now)
    found = reach(campaign_id, to, others=others)
    check_confirmed(found, confirmed=confirmed)
    message = _row(campaign_id, to, words, found, actor=actor)
    ends_at = campaigns.campaign_by_id(campaign_id).ends_at
    about = LetterTopic(KIND, campaign_id, expiry(ends_at, now=actor.now))
    outbox.post_many(about, _letters(message.id, campaign_id, to, others), now=actor.now)
    facts = {"message": message.id, "people": found.people}
    audit.record("campaign.message_sent", f"campaign:{campaign_id}", actor=actor, **facts)
    idempotency.keep_answer(request, message.id, status=201, now=actor.now)
    return found


def list_sent(campaign_id: int) -> list[SentMessage]:
    """The messages of a campaign, the newest first, with the states of their letters; two statements."""
    rows = _newest(campaign_id)
    number = Letter.facts["message"].as_integer()
    counts = (
        select(number, STANDING, func.count())
        .where(Letter.campaign_id == campaign_id, Letter.kind == KIND)
        .group_by(number, STANDING)
    )
    states: dict[int, dict[str, int]] = {row.id: {} for row in rows}
    for id_, state, count in db.session.execute(counts):
        states.setdefault(id_, {})[state] = count
    return [_sent(row, states[row.id]) for row in rows]


def words_of(message_id: int) -> LetterWords:
    """The text of a message; it never changes. Raises NotFound."""
    row = db.session.get(Message, message_id)
    if row is None:
        raise NotFound("message")
    return LetterWords(row.subject, tuple(row.lines))


def _whom(rows: Rows, campaign_id: int, to: MessageAudience, others: People | None) -> Rows:
    """The live registrations of an audience with their persons, or its `others`; without people who have left the company."""
    if others is not None:
        theirs = others.subquery()
        return rows.select_from(Person).where(
            Person.id.in_(select(theirs.c.person_id)), Person.left_at.is_(None)
        )
    rows = rows.select_from(Registration)
    rows = rows.join(Person, Person.id == Registration.person_id).join(Unit, Unit.id == Person.unit_id)
    where: list[ColumnElement[bool]] = [Registration.campaign_id == campaign_id, Person.left_at.is_(None)]
    states = (
        [str(to.to)]
        if to.to in {AudienceKind.SEATED, AudienceKind.WAITING}
        else [str(state) for state in LIVE]
    )
    where.append(Registration.state.in_(states))
    if to.to is AudienceKind.UNIT:
        where.append(or_(Unit.id == to.unit_id, Unit.parent_id == to.unit_id))
    if to.to is AudienceKind.ANSWER:
        where.append(Registration.id.in_(_answered(campaign_id, to.question or "", to.answer or "")))
    return rows.where(*where)


def _answered(campaign_id: int, key: str, typed: str) -> Select[int]:
    """The registrations whose answer to a question contains a text; of a choice, those with an option that contains it."""
    own, words = (Question.campaign_id == campaign_id, Question.key == key), clean_text(typed)
    said = select(Answer.registration_id).join(Question, Question.id == Answer.question_id).where(*own)
    rows = db.session.execute(select(Question.kind, Question.options).where(*own)).all()
    if all(kind not in WITH_OPTIONS for kind, _options in rows):
        return said.where(Answer.value.icontains(words, autoescape=True))
    known = [option for _kind, options in rows for option in options_in(options)]
    codes = {option.code for option in known if words.casefold() in option.label.casefold()}
    return said.where(or_(false(), *(choices.chose(code) for code in sorted(codes))))


def _letters(
    message_id: int, campaign_id: int, to: MessageAudience, others: People | None
) -> Iterator[AddressedLetter]:
    number = Registration.id if others is None else null()
    columns = select(number, Person.id, Person.email, Person.locale)
    ordered = Registration.arrival if others is None else Person.id
    rows = db.session.execute(_whom(columns, campaign_id, to, others).order_by(ordered))
    for registration_id, person_id, email, locale in rows:
        about = {"campaign": campaign_id} if registration_id is None else {"registration": registration_id}
        recipient = Recipient(person_id, email, locale or DEFAULT_LOCALE)
        yield AddressedLetter(recipient, f"{KIND}:{message_id}:{person_id}", about | {"message": message_id})


def _row(
    campaign_id: int, to: MessageAudience, words: LetterWords, found: MessageReach, *, actor: Actor
) -> Message:
    row = Message(
        campaign_id=campaign_id,
        sent_at=actor.now,
        sent_by=actor.audit_name,
        audience=str(to.to),
        unit_id=to.unit_id,
        question=to.question,
        answer=to.answer,
        subject=words.subject,
        lines=list(words.lines),
        people=found.people,
        without_mailbox=found.without_mailbox,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _newest(campaign_id: int) -> list[Message]:
    rows = select(Message).where(Message.campaign_id == campaign_id)
    return list(db.session.scalars(rows.order_by(Message.id.desc()).limit(SHOWN)))


def _reach_of(message_id: int) -> MessageReach:
    row = db.session.get_one(Message, message_id)
    return MessageReach(row.people, row.without_mailbox)


def _sent(row: Message, states: dict[str, int]) -> SentMessage:
    to = MessageAudience(AudienceKind(row.audience), row.unit_id, row.question, row.answer)
    words, found = LetterWords(row.subject, tuple(row.lines)), MessageReach(row.people, row.without_mailbox)
    return SentMessage(row.id, row.sent_at, row.sent_by, to, words, found, states)
