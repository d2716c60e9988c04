"""The refusals of an award in words: its settings, its quota table, its nominations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.words.times import deadline, moment, said_at

from . import award_words

Facts = Mapping[str, Any]


def _state(facts: Facts) -> str:
    return award_words.state(str(facts["state"]))[1] if facts.get("state") in award_words.STATES else ""


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "terms.purpose_missing": lambda _f: _("这一项是敏感信息，请写明做什么用；没有用途就不要收"),
    "terms.most_below_least": lambda _f: _("最多的字数比最少的还少，请改大"),
    "terms.no_activity": lambda _f: _("这项评选还没有“评选”项目，请先在“项目和日程”里加上。"),
    "quota.total_missing": lambda _f: _("请写一共分几个名额"),
    "quota.number_missing": lambda _f: _("请写一个大于 0 的整数"),
    "quota.more_than_women": lambda f: _(
        "一共只有 %(most)s 名在职女职工，名额不能比人多，请改小", most=f.get("most", "")
    ),
    "quota.floor_too_high": lambda f: _(
        "只是保底就要 %(least)s 个，请改大总数，或者改小保底", least=f.get("least", "")
    ),
    "quota.reason_missing": lambda _f: _("和规则算出来的不同，请写明原因"),
    "quota.below_filled": lambda f: _(
        "这个单位已经提交了 %(filled)s 份，名额不能比它少", filled=f.get("filled", "")
    ),
    "quota.extension_past": lambda _f: _("要晚于全体的截止时间，也要晚于现在，请改晚"),
    "quota.unit_missing": lambda _f: _("请选一个单位"),
    "quota.no_file": lambda _f: _("还没有选文件，请选一个 .xlsx 文件"),
    "quota.file_columns": lambda _f: _("没有找到“单位”和“名额”两列，请看下面导出的表是什么样"),
    "quota.file_units": lambda f: _(
        "文件里没有一个单位和系统里的同名，例如：%(example)s", example=f.get("example", "")
    ),
    "nomination.exists": lambda _f: _("她在这项评选里已经有一份推荐了，一个人只能有一份。"),
    "nomination.personal": lambda _f: _("里面有手机号、证件号或出生日期。公示时将原文刊出，请删掉"),
    "opinion.reason_missing": lambda _f: _("有异议，请写明是什么"),
    "terms.assessment_missing": lambda _f: _("要填身份证号，先写个人信息保护影响评估"),
    "nomination.more_than_due": lambda _f: _("实到比应到还多"),
    "nomination.order_fixed": lambda _f: _("推荐已经截止，推荐次序不能再改"),
    "nomination.no_place_left": lambda f: _(
        "%(places)s 个名额都用了。要换人，请先撤回一份已经提交的", places=f["places"]
    ),
    "proposal.no_contact": lambda f: _(
        "%(unit)s还没有部门联系人，现在交不出去。写的内容都留着，请找评选组织者指定联系人", unit=f["unit"]
    ),
    "proposal.exists": lambda _f: _(
        "没有交出去：本部门已经有一份推荐她的了。请和本部门的联系人商量，写的都还在这里。"
    ),
    "proposal.passed_on": lambda f: _(
        "%(name)s的推荐你已在 %(at)s 交给本部门的联系人，由联系人修改和提交。要补充的，请告诉联系人。",
        name=f.get("name", ""),
        at=said_at(f, "at", moment),
    ),
    "proposal.oneself_only": lambda _f: _("这项评选只能自荐，不能推荐同事。想推荐她，请告诉本部门的联系人。"),
    "proposal.too_many": lambda f: _(
        "你已经有 %(most)s 份写了没交的，请先交出或撤回一份。", most=f.get("most", "")
    ),
    "nomination.left": lambda _f: _("名册里她已离职，不能推荐。不对？请告诉组织者。"),
    "nomination.elsewhere": lambda _f: _("名册里她不是你们单位的人，请由她所在的单位推荐。"),
    "nomination.for_women": lambda _f: _("这项评选只推荐女职工。"),
    "nomination.not_open_yet": lambda f: _("推荐 %(at)s 开始，到时再来。", at=said_at(f, "opens_at", moment)),
    "nomination.closed": lambda f: _(
        "推荐已在 %(at)s 截止，没有提交。写的都在草稿里；要延期，请找组织者。",
        at=said_at(f, "closed_at", deadline),
    ),
    "nomination.not_draft": lambda _f: _("这份推荐已经审完或撤回，不能再改。"),
    "nomination.decided": lambda _f: _("这份推荐已经审完，不能撤回。要撤回，请找审核人。"),
    "decision.state": lambda f: _(
        "这份推荐现在是“%(state)s”，这样处理不了，请看一遍再决定。", state=_state(f)
    ),
    "decision.changed_meanwhile": lambda _f: _(
        "你打开以后部门又提交过，内容可能变了，还没有保存。请看一遍再决定。"
    ),
    "decision.own": lambda _f: _("这是推荐你自己的，请由别的审核人决定。"),
    "acceptance.blocked": lambda f: ngettext(
        "还有 %(num)s 项不符合，先退回补正，或者认定不符合条件",
        "还有 %(num)s 项不符合，先退回补正，或者认定不符合条件",
        int(f.get("count", 0)),
    ),
    "acceptance.open": lambda f: ngettext(
        "有 %(num)s 项还没有齐，请写明为什么可以先定为候选人",
        "有 %(num)s 项还没有齐，请写明为什么可以先定为候选人",
        int(f.get("count", 0)),
    ),
    "acceptance.confirm": lambda _f: _("五条都复核过才能定，请逐条勾选"),
    "acceptance.none_chosen": lambda _f: _("还没有勾选任何一份，请在名单里勾选"),
    "limit.too_many": lambda f: _("最多 %(most)s 条，先去掉一条再加。", most=f.get("most", "")),
    "decision.due_missing": lambda _f: _("推荐已经截止：退回要写明补正到什么时候，否则部门不能重新提交"),
    "decision.head_too_late": lambda _f: _(
        "推荐已经截止，退回以后部门不能重新提交。确实要改，请找审核人退回并给出补正期限"
    ),
    "decision.due_past": lambda _f: _("补正的期限已经过了，请选一个以后的时间"),
    "nomination.changed_meanwhile": lambda _f: _("刚才别的页面存过这份草稿，还没有提交。请看一遍再提交。"),
    "nomination.lacking": lambda f: ngettext(
        "还有 %(num)s 处没有填好，没有提交", "还有 %(num)s 处没有填好，没有提交", int(f.get("count", 0))
    ),
    "nomination.over_quota": lambda f: _(
        "你们单位的 %(n)s 个名额已经用完，没有提交，写的都在草稿里。要换人，先撤回一份已提交的。",
        n=f.get("places", ""),
    ),
    "nomination.too_short": lambda f: _(
        "还差 %(missing)s 字，现在是 %(n)s 字", missing=f.get("missing", ""), n=f.get("n", "")
    ),
    "nomination.too_long": lambda f: _(
        "多了 %(over)s 字，最多 %(most)s 字，请删短", over=f.get("over", ""), most=f.get("most", "")
    ),
    "nomination.id_form": lambda f: _("身份证号是 18 位，这里是 %(n)s 位，请核对", n=f.get("length", "")),
    "nomination.conditions": lambda f: ngettext(
        "还有 %(num)s 条没有确认，五条都符合才能推荐",
        "还有 %(num)s 条没有确认，五条都符合才能推荐",
        int(f.get("missing", 0)),
    ),
    "nomination.way": lambda _f: _("请选一种推荐产生方式"),
    "nomination.chosen_later": lambda _f: _("这一天还没有到，请核对"),
    "nomination.overtaken": lambda _f: _(
        "刚才别的页面存过这份推荐，所以还没有换。请看一下现在的，再按一次。"
    ),
    "nomination.conflict": lambda _f: _("你打开以后，别的页面存过这份草稿，所以还没有保存。请比较下面两份。"),
    "paper.unknown_code": lambda _f: _("没有一份推荐表是这个校验码。请对照纸上右上角重新核对，共 8 位"),
    "paper.withdrawn": lambda _f: _("部门已撤回这份推荐，没有登记。请把纸退给部门。"),
    "paper.received_meanwhile": lambda _f: _("刚才别人已经登记了这一份。请再打开看看。"),
}
