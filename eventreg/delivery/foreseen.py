"""The letters that an act would write, worded as they will be sent. Runs inside the unit of work of the act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from flask_babel import gettext as _

from eventreg.core.keyring.keys import Keys
from eventreg.outbox.service import ClaimedLetter
from eventreg.registrations import reading
from eventreg.words.locale import speaking

from .contents.content import LetterContent, StaleLetter
from .letters import word


@dataclass(frozen=True, slots=True)
class ForeseenLetters:
    """Letters of one kind to people in one state; `content` is the first of them, None if it cannot be shown.

    `people` counts people, or group chats if `to_groups`; `without_mailbox` of them get no mail. `state` is that of their
    registration, empty if the letters are about none.
    """

    kind: str
    state: str
    people: int
    without_mailbox: int
    to_groups: bool
    lang: str
    content: LetterContent | None


def foresee(
    letters: Sequence[ClaimedLetter], *, keys: Keys, base_url: str, now: datetime
) -> list[ForeseenLetters]:
    """The letters by kind and by the state of the registration that they are about, in the order of their first."""
    states = _states(letters)
    groups: dict[tuple[str, str], list[ClaimedLetter]] = {}
    for letter in letters:
        state = states.get(letter.facts.get("registration", 0), "")
        groups.setdefault((letter.kind, state), []).append(letter)
    shown = partial(_content, keys=keys, base_url=base_url, now=now)
    return [_foreseen(kind, state, those, shown(those[0])) for (kind, state), those in groups.items()]


def _foreseen(
    kind: str, state: str, letters: Sequence[ClaimedLetter], content: LetterContent | None
) -> ForeseenLetters:
    to_groups = letters[0].person_id is None
    return ForeseenLetters(
        kind=kind,
        state=state,
        people=len(letters),
        without_mailbox=0 if to_groups else sum(not letter.address for letter in letters),
        to_groups=to_groups,
        lang=letters[0].locale,
        content=content,
    )


def _states(letters: Sequence[ClaimedLetter]) -> Mapping[int, str]:
    ids = {int(letter.facts["registration"]) for letter in letters if letter.facts.get("registration")}
    return reading.states_of(ids) if ids else {}


def _content(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent | None:
    """The letter in its reader's language, without the code of their ticket, which is theirs alone."""
    with speaking(letter.locale):
        try:
            content = word(letter, keys=keys, base_url=base_url, now=now)
        except StaleLetter:
            return None
        facts = tuple((label, value) for label, value in content.facts if label != _("票号"))
    return replace(content, facts=facts, qr="", calendars=())
