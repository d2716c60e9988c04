"""A change that writes to people shows first how many get which letter, and how it reads.

One mechanism for every change: the change is made in a unit of work, and the letters that it posted there are looked at. If
there are any and nobody has seen them, the unit is undone and their preview is shown. The preview carries the fields of the
form; sent from there, the change is made for good, unless meanwhile other people would get letters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, TypeVar

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.delivery import foreseen
from eventreg.delivery.foreseen import ForeseenLetters
from eventreg.outbox import posted
from eventreg.outbox.service import ClaimedLetter
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.words.delivery import foreseen_words, letter_words

from .letter_previews import TONGUES, LetterPreview

Done = TypeVar("Done")

STEP, SEEN = "step", "letters"
NOT_CARRIED = frozenset({"csrf_token", STEP, SEEN})


class Step(StrEnum):
    """What a posted form asks for."""

    PREVIEW = "preview"
    AGAIN = "again"
    SEND = "send"
    EDIT = "edit"


class _NotSeen(Exception):
    """Raised to undo a change whose letters nobody has seen: `letters`, and the mark of who gets them."""

    def __init__(self, letters: list[ForeseenLetters], mark: str) -> None:
        super().__init__()
        self.letters, self.mark = letters, mark


@dataclass(frozen=True, slots=True)
class LettersView:
    """Letters of one kind in words: a heading, who gets them, and the first of them if it can be shown."""

    heading: str
    who: str
    letter: LetterPreview | None


def step_asked() -> Step:
    """The step that the pressed button stands for; the preview if it is none of ours."""
    asked = request.form.get(STEP, "")
    return Step(asked) if asked in list(Step) else Step.PREVIEW


def change(
    campaign: CampaignFacts, work: Callable[[], Done], *, back: Callable[[], ResponseReturnValue]
) -> Done:
    """Make a change in one unit of work, and return what `work` does; its letters are seen before.

    `back` makes the page that the change was filled in on. The request ends here with the preview, or with that page if
    its reader wants to correct something. Raises what `work` raises.
    """
    if step_asked() is Step.EDIT:
        _answer(back())
    try:
        with unit_of_work():
            newest = posted.newest_id()
            done = work()
            _check_seen(posted.list_posted(after=newest, now=current.now()))
    except _NotSeen as unseen:
        _answer(_page(campaign, unseen.letters, unseen.mark))
    return done


def look(work: Callable[[], object]) -> list[ForeseenLetters]:
    """The letters that a change would post; it is undone in any case. Empty if it would be refused."""
    try:
        with unit_of_work():
            newest = posted.newest_id()
            work()
            _undo(posted.list_posted(after=newest, now=current.now()))
    except _NotSeen as unseen:
        return unseen.letters
    except Refused:
        pass
    return []


def _check_seen(letters: Sequence[ClaimedLetter]) -> None:
    """Raise _NotSeen unless there is no letter, or the preview of the same letters to the same people was sent."""
    if letters and not (step_asked() is Step.SEND and request.form.get(SEEN) == _mark(letters)):
        _undo(letters)


def _mark(letters: Sequence[ClaimedLetter]) -> str:
    """A short mark of who gets which kind of letter, for the preview's form."""
    told = sorted(f"{letter.kind}:{letter.person_id}" for letter in letters)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _undo(letters: Sequence[ClaimedLetter]) -> NoReturn:
    """Undo the open unit of work, and hand these letters, worded, to whoever opened it."""
    base_url = current.settings().base_url
    worded = foreseen.foresee(letters, keys=current.keys(), base_url=base_url, now=current.now())
    raise _NotSeen(worded, _mark(letters))


def _answer(page: ResponseReturnValue) -> NoReturn:
    """End the request with this page; nothing was changed."""
    abort(make_response(page))


def shown(letters: Sequence[ForeseenLetters]) -> list[LettersView]:
    """Letters in words."""
    return [
        LettersView(
            heading=letter_words.kind(one.kind),
            who=foreseen_words.groups(one.people)
            if one.to_groups
            else foreseen_words.who(one.state, one.people, without_mailbox=one.without_mailbox),
            letter=_preview(one),
        )
        for one in letters
    ]


def _preview(one: ForeseenLetters) -> LetterPreview | None:
    if one.content is None:
        return None
    lang = one.lang if one.lang in TONGUES else "zh-CN"
    return LetterPreview(lang, TONGUES[lang], one.content, qr=one.kind in letter_words.WITH_TICKET)


def _page(campaign: CampaignFacts, letters: Sequence[ForeseenLetters], mark: str) -> str:
    return render_template(
        "organiser/letters_first.html",
        c=campaign,
        letters=shown(letters),
        people=sum(one.people for one in letters if not one.to_groups),
        letters_mark=mark,
        changed=step_asked() is Step.SEND,
        carried=[(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED],
        side_nav=organiser_nav(campaign.slug, draft=not campaign.published),
    )
