"""Refusals about teams, draws, flights and forfeits in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from eventreg.words.times import clock, said_at, to_second

from .team_words import team_list

Facts = Mapping[str, Any]


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "grouping.locked": lambda _f: _("比赛已经开始，或者已经记了成绩，不能重新编组。个别人可以手工调整。"),
    "grouping.changed_meanwhile": lambda _f: _("刚才有人改过分组或成绩，你填的还没有保存，都在下面。请看过再保存一次。"),
    "grouping.nobody": lambda _f: _("人数不够编一组。"),
    "grouping.number": lambda f: _("组号从 1 到 %(most)s", most=f.get("most", "")),
    "grouping.too_large": lambda f: _(
        "第 %(team)s 组有 %(n)s 人，每组只要 %(size)s 人", team=f.get("team"), n=f.get("n"), size=f.get("size")
    ),
    "grouping.too_small": lambda f: _(
        "第 %(team)s 组只有 %(n)s 人，还差 %(missing)s 人",
        team=f.get("team"), n=f.get("n"), missing=f.get("missing"),
    ),
    "grouping.no_question": lambda _f: _("请选一道问“想和谁一组”的题"),
    "lots.too_few": lambda f: _("只有 %(n)s 个，抽不出 %(wanted)s 个。", n=f.get("n"), wanted=f.get("wanted")),
    "lots.prepare_again": lambda _f: _("参加抽签的人变了，这次没有抽。请重新准备，再抽一次。"),
    "timer.running": lambda f: _("%(at)s 已经开始计时，没有再办。", at=said_at(f, "at", to_second)),
    "height.rank_not_flown": lambda _f: _("没有放飞的组没有名次，请核对"),
    "height.rank_before_flown": lambda _f: _("写了名次，还没有选放飞了没有"),
    "height.rank_range": lambda f: _("名次从 1 到 %(most)s，1 是最高", most=f.get("most", "")),
    "height.equal_height": lambda f: _(
        "%(teams)s都是第 %(rank)s 名，一样高吗？是的话请在下面勾上",
        teams=team_list(f.get("teams", ())), rank=f.get("rank"),
    ),
    "start_line.nobody_ticked": lambda _f: _("请勾上站在这里的候补的人"),
    "start_line.seen": lambda f: _("这一位 %(at)s 已经签到，没有请出", at=said_at(f, "at", clock)),
    "start_line.gone": lambda _f: _("这一位已经不占名额，没有再办"),
    "start_line.no_place": lambda _f: _("没有他们能用的空名额，什么也没有办"),
    "start_line.over": lambda _f: _("活动已经结束，不能再补人。"),
    "forfeit.title_long": lambda f: _("节目名最多 %(most)s 个字", most=f.get("most", "")),
    "forfeit.reason_long": lambda f: _("原因最多 %(most)s 个字", most=f.get("most", "")),
    "forfeit.reason_missing": lambda _f: _("免了节目，请写原因"),
    "forfeit.changed_meanwhile": lambda _f: _("刚才成绩或节目单变了，你填的还没有保存，都在下面。请看过再保存一次。"),
}  # fmt: skip
