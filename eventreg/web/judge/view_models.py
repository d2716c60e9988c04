"""View models of the judge's pages."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask import url_for
from flask_babel import gettext as _

from eventreg.awards.rounds.service import RoundFacts
from eventreg.awards.scores.service import OwnScores
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.signing.rules import DisclosedContent
from eventreg.web.app.records import Record
from eventreg.words.award import award_words, judging_words


@dataclass(frozen=True, slots=True)
class JudgeRound:
    """A round on a judge's list: what she reads there and how far she is."""

    id: int
    title: str
    lang: str
    lines: tuple[Record, ...]
    pledged: bool
    locked: bool
    is_open: bool
    done: int
    next_url: str


def line(found: NominationFacts, own: OwnScores | None, round_: RoundFacts) -> Record:
    """A nomination: the own points once all criteria have a value."""
    told: tuple[str, ...] = (found.nominee.unit,)
    complete = own is not None and is_complete(own, round_)
    if own is not None and complete:
        points = sum((one.weight * own.values[one.id] / one.most for one in round_.criteria), Fraction(0))
        told = (*told, _("我打了 %(points)s 分", points=judging_words.points(points)))
    state = judging_words.standing("seated" if complete else "waiting")
    return Record(
        found.nominee.name, told, state, url_for("judge.nomination", nomination_id=found.id), lang="zh-CN"
    )


def is_complete(own: OwnScores | None, round_: RoundFacts) -> bool:
    """Whether every criterion has a value."""
    return own is not None and all(one.id in own.values for one in round_.criteria)


def shown(content: DisclosedContent) -> tuple[tuple[str, str], ...]:
    """What a judge reads beside the deeds text."""
    named = ((_("姓名"), content.name), (_("单位"), content.unit))
    answers = tuple((award_words.field(key), said) for key, said in content.answers.items())
    return (*named, *answers, (_("公示用的简短事迹"), content.short))
