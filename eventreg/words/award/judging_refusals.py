"""Why a round of judging refuses something: criteria, scores, count sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "criteria.none": lambda _f: _("至少要有一条评分标准"),
    "criteria.too_many": lambda f: _("评分标准最多 %(most)s 条", most=f["most"]),
    "criteria.range": lambda _f: _("每条评分标准的权重和最高分都要大于 0"),
    "criteria.weights": lambda f: _("各条权重合计要是 100%%，现在是 %(total)s%%", total=f["total"]),
    "criteria.title": lambda _f: _("有一条评分标准没有写名称"),
    "scoring.scored": lambda _f: _("已经有评委打分了，评选办法不能再改。"),
    "scoring.reason_missing": lambda _f: _("推荐已经截止，请写更改的理由"),
    "scoring.too_early": lambda _f: _("推荐还没有截止，现在不能开始评审。"),
    "scoring.no_candidate": lambda _f: _("还没有同意提交评审的候选人。"),
    "scoring.no_panel": lambda _f: _("还没有打分的评委。"),
    "scoring.not_open": lambda _f: _("评审还没有开始。"),
    "scoring.unlocked": lambda f: ngettext(
        "还有 %(num)s 位评委没有确认打分。", "还有 %(num)s 位评委没有确认打分。", int(f.get("n", 0))
    ),
    "panel.unknown": lambda _f: _("名册里没有这个工号的在职职工"),
    "panel.candidate": lambda _f: _("她是这项评选的候选人，不能当评委"),
    "panel.sees_all": lambda _f: _(
        "审核人、管理员和这项评选的组织者看得到全部推荐，不能当评委。请先收回这个角色"
    ),
    "panel.chair": lambda _f: _("已经有评委会主任了"),
    "panel.left": lambda _f: _("她已退出过这个评委会，不能再加入"),
    "panel.reason": lambda _f: _("请写理由"),
    "panel.closed": lambda _f: _("打分已经结束，评委会不能再变"),
    "score.number": lambda _f: _("请写数字，最多两位小数，例如 8.5"),
    "score.closed": lambda _f: _("打分已经结束，没有保存。"),
    "score.locked": lambda _f: _("你已确认打分，不能再改。"),
    "score.unpledged": lambda _f: _("签了承诺书才能打分。"),
    "score.gap": lambda f: ngettext(
        "还有 %(num)s 份没有打完。", "还有 %(num)s 份没有打完。", int(f.get("n", 0))
    ),
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
