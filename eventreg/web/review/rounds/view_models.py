"""View models of a round for HR."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.awards.panel.recusals import KnownConflict, RecusalFacts
from eventreg.awards.panel.rules import advice
from eventreg.awards.panel.seated import MemberFacts
from eventreg.awards.rounds.service import RoundFacts
from eventreg.awards.scores.rules import Border, chosen
from eventreg.awards.scores.service import RoundRanking
from eventreg.nominations.reading import NominationFacts
from eventreg.web.app.records import Record
from eventreg.words.award import judging_words

Nominees = Mapping[int, NominationFacts]


def member(one: MemberFacts, *, missing: int, recusals: Sequence[RecusalFacts], nominees: Nominees) -> Record:
    """A member with her part, her progress, and what she is recused from."""
    lines = [f"{judging_words.part(str(one.part))}{_('，')}{one.person.unit}"]
    lines += [
        _(
            "回避：%(name)s（%(why)s）",
            name=nominees[r.nomination_id].nominee.name,
            why=judging_words.ground(str(r.ground)) + (f"{_('：')}{r.reason}" if r.reason else ""),
        )
        for r in recusals
        if r.nomination_id in nominees
    ]
    if one.until is not None:
        lines.append(_("退出的理由：%(why)s", why=one.why_left))
    elif one.votes and missing:
        lines.append(ngettext("还有 %(num)s 份没有打完", "还有 %(num)s 份没有打完", missing))
    return Record(
        one.person.name, tuple(lines), judging_words.standing(_standing(one, missing)), lang="zh-CN"
    )


def conflict(one: KnownConflict) -> str:
    """A nomination that somebody would be recused from."""
    why = _("、").join(judging_words.ground(str(ground)) for ground in one.grounds)
    return f"{one.found.nominee.name}{_('：')}{why}"


def remarks(voting: Collection[MemberFacts], recused: Mapping[int, int]) -> list[str]:
    """What to think of before the round opens."""
    words = {
        "even": _("打分的评委是双数。单数更好，不容易并列。"),
        "few": _("打分的评委不到五位。"),
    }
    found = [words[code] for code in advice(len(voting))]
    few = sum(1 for n in recused.values() if len(voting) - n < 3)
    if few:
        found.append(
            ngettext("有 %(num)s 位候选人不到三位评委能评。", "有 %(num)s 位候选人不到三位评委能评。", few)
        )
    return found


def ranked(found: RoundFacts, made: RoundRanking, nominees: Nominees) -> list[Record]:
    """The ranking: rank and name, points, what stands beside them; a seat is certain, tied, or none."""
    sure, tied = chosen(made.ranked, found.seats)
    states = {
        **dict.fromkeys(sure, ("seated", _("入围"))),
        **dict.fromkeys(tied, ("waiting", _("并列，待定"))),
    }
    lines = []
    for one in made.ranked:
        nominee, judged = nominees[one.nomination].nominee, made.judged[one.nomination]
        spread = judging_words.points(judged.spread)
        beside = _("%(n)s 位评委，最高最低相差 %(spread)s", n=len(judged.by_judge), spread=spread)
        points = _("%(points)s 分", points=judging_words.points(one.points))
        told = ((nominee.unit, "zh-CN"), points, beside)
        lines.append(Record(f"{one.rank}. {nominee.name}", told, states.get(one.nomination), lang="zh-CN"))
    return lines


def border(one: Border, names: Mapping[int, str], nominees: Nominees) -> str:
    """What hangs on one judge."""
    comes = _("、").join(nominees[n].nominee.name for n in sorted(one.comes_in)) or _("没有人")
    drops = _("、").join(nominees[n].nominee.name for n in sorted(one.drops_out)) or _("没有人")
    return _(
        "不算%(judge)s的分：%(comes)s入围，%(drops)s落选", judge=names[one.judge], comes=comes, drops=drops
    )


def _standing(one: MemberFacts, missing: int) -> str:
    if one.until is not None:
        return "left"
    if not one.votes:
        return "no_vote"
    if one.pledged_at is None:
        return "unpledged"
    return "seated" if one.locked_at is not None and not missing else "waiting"
