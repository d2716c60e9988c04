"""The texts of a campaign's letters, as its organiser worded them or by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from eventreg.campaigns.plan.planning import note
from eventreg.core.actor import Actor
from eventreg.core.db.session import db, is_writing
from eventreg.core.process_cache import cache_of, put_bounded
from eventreg.core.trail.old_and_new import stored

from . import placeholders
from .models import Wording
from .rules import check_version
from .service import lock_window

MOST = 256  # versions


@dataclass(frozen=True, slots=True)
class LetterWords:
    """A letter's subject and paragraphs, with placeholders."""

    subject: str
    lines: tuple[str, ...]


Written = Mapping[tuple[str, str], LetterWords]  # kind of letter and language → what an organiser wrote


def written(campaign_id: int, version: int) -> Written:
    """What the organiser wrote for a campaign; cached for each version of the campaign."""
    box = {} if is_writing() else cache_of("wordings")
    if (campaign_id, version) not in box:
        put_bounded(box, (campaign_id, version), _read(campaign_id), most=MOST)
    found: Written = box[campaign_id, version]
    return found


def change(
    campaign_id: int, kind: str, wanted: Mapping[str, LetterWords | None], *, seen: int, actor: Actor
) -> bool:
    """Set the text of a kind of letter, by language; None restores the default text. False when nothing differs.

    The text may also be changed after the first activity has begun, because letters are sent then too.
    Raises Refused("plan.changed_meanwhile").
    """
    campaign, _window = lock_window(campaign_id)
    before = _read(campaign_id)
    changed = sorted(lang for lang, words in wanted.items() if before.get((kind, lang)) != words)
    if not changed:
        return False
    check_version(campaign.version, seen=seen)
    for lang in changed:
        this = (Wording.campaign_id == campaign_id, Wording.kind == kind, Wording.lang == lang)
        db.session.execute(delete(Wording).where(*this))
        if (words := wanted[lang]) is not None:
            row = {"subject": words.subject, "lines": list(words.lines)}
            db.session.add(Wording(campaign_id=campaign_id, kind=kind, lang=lang, **row))
    reset = all(words is None for words in wanted.values())
    told_values = {
        "was": {f"text_{lang}": _text(before.get((kind, lang))) for lang in changed},
        "became": {f"text_{lang}": _text(wanted[lang]) for lang in changed},
    }
    action = "wording_reset" if reset else "wording_changed"
    note(campaign, action, actor=actor, kind=kind, langs=changed, **told_values)
    return True


def _text(words: LetterWords | None) -> str | None:
    """A text for the history; None for the default text."""
    return None if words is None else str(stored("\n".join((words.subject, *words.lines))))


def rename_answer(campaign_id: int, key: str, was: str, label: str) -> None:
    """Let the campaign's letters name the answer to a question by its corrected label."""
    old, new = placeholders.answer(key, was), placeholders.answer(key, label)
    if old == new:
        return
    for row in db.session.scalars(select(Wording).where(Wording.campaign_id == campaign_id)):
        row.subject = placeholders.renamed(row.subject, old, new)
        row.lines = [placeholders.renamed(line, old, new) for line in row.lines]


def _read(campaign_id: int) -> Written:
    rows = db.session.execute(
        select(Wording.kind, Wording.lang, Wording.subject, Wording.lines).where(
            Wording.campaign_id == campaign_id
        )
    )
    return {(kind, lang): LetterWords(subject, tuple(lines)) for kind, lang, subject, lines in rows}
