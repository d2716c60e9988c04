"""What changed between two versions, part by part: for heads, and for nominees who are asked anew."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from eventreg.nominations.rules import NominationContent, Terms
from eventreg.nominations.signing.differences import TextPiece, around_changes, differences
from eventreg.nominations.signing.rules import DisclosedContent
from eventreg.web.award.drafting.view_models import told
from eventreg.words.award import award_words


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A part of a nomination that has changed."""

    label: str
    pieces: tuple[TextPiece, ...]


def changes(before: NominationContent, after: NominationContent, asks: Terms) -> tuple[ChangedPart, ...]:
    """What has changed in `after`, part by part; unchanged parts are left out."""
    old, new = dict(told(before, asks)), dict(told(after, asks))
    deeds = _("事迹材料")
    old[deeds], new[deeds] = before.deeds, after.deeds
    labels = [*new, *(label for label in old if label not in new)]
    return tuple(
        ChangedPart(label, tuple(around_changes(differences(old.get(label, ""), new.get(label, "")))))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    )


def disclosed_changes(before: DisclosedContent, after: DisclosedContent) -> tuple[ChangedPart, ...]:
    """What others see now and did not see before, part by part."""
    old, new = dict(_disclosed(before)), dict(_disclosed(after))
    return tuple(
        ChangedPart(label, tuple(around_changes(differences(old.get(label, ""), new.get(label, "")))))
        for label in dict.fromkeys((*new, *old))
        if old.get(label, "") != new.get(label, "")
    )


def _disclosed(shown: DisclosedContent) -> tuple[tuple[str, str], ...]:
    said = tuple((award_words.field(key), answer) for key, answer in shown.answers.items())
    return (*said, (_("简要事迹"), shown.short), (_("事迹材料"), shown.deeds))
