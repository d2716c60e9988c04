"""Why a round of judging refuses something: criteria, scores, count sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "criteria.none": lambda _f: _("至少要有一条评分标准"),
    "criteria.too_many": lambda f: _("评分标准最多 %(most)s 条", most=f["most"]),
    "criteria.range": lambda _f: _("每条评分标准的权重和最高分都要大于 0"),
    "criteria.weights": lambda f: _("各条权重合计要是 100%%，现在是 %(total)s%%", total=f["total"]),
    "score.range": lambda f: _("分数要在 0 到 %(most)s 之间", most=f["most"]),
    "score.missing": lambda f: _("还有 %(n)s 处没有打分，排名还不能出", n=f["n"]),
    "score.no_judge": lambda _f: _("有一份推荐全体评委都回避了，没有人能评"),
    "ballot.no_quorum": lambda f: _(
        "应到 %(due)s 人，要到 %(wanted)s 人才能投票，现在到了 %(present)s 人",
        due=f["due"],
        wanted=f["wanted"],
        present=f["present"],
    ),
    "ballot.more_than_due": lambda f: _(
        "实到 %(present)s 人，比应到的 %(due)s 人还多", present=f["present"], due=f["due"]
    ),
    "count.negative": lambda _f: _("票数不能是负数"),
    "count.issued": lambda f: _("发出的票比实到的 %(present)s 人还多", present=f["present"]),
    "count.invalid": lambda f: _("废票比收回的 %(returned)s 张还多", returned=f["returned"]),
    "count.candidates": lambda _f: _("每位候选人都要填票数，没有得票填 0"),
    "count.too_many": lambda f: _("最多 %(most)s 票，填了 %(n)s 票", most=f["most"], n=f["n"]),
    "count.too_many_ticks": lambda f: _(
        "赞成票一共 %(ticks)s 票，有效票 %(valid)s 张、每张最多选 %(seats)s 人，最多是 %(most)s 票",
        ticks=f["ticks"],
        valid=f["valid"],
        seats=f["seats"],
        most=f["most"],
    ),
    "count.blank": lambda _f: _("同意、不同意、弃权三项都要填，没有填 0"),
    "count.sum": lambda f: _(
        "三项加起来是 %(total)s 票，要等于有效票 %(valid)s 张", total=f["total"], valid=f["valid"]
    ),
}
