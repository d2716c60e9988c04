"""Refusals of an organiser's plan in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from .times import date_full, deadline, moment, said_at

Facts = Mapping[str, Any]


def _when_day(facts: Facts, name: str) -> str:
    on = facts.get(name)
    return date_full(on) if isinstance(on, date) else ""


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "plan.changed_meanwhile": lambda _f: _(
        "刚才有人改过，你填的还没有保存，都在下面。请先在另一个窗口看现在的内容，再决定要不要保存你的。"
    ),
    "plan.look_again": lambda _f: _("刚才有人改过，这一步没有做。下面是现在的样子，请看过再做一次。"),
    "plan.no_season": lambda _f: _("还没有活动季。请管理员先建活动季，再建活动。"),
    "calendar_day.changed_meanwhile": lambda _f: _("这一年的日历刚被别人改过。请看看新的内容，再改。"),
    "plan.archive_first": lambda _f: _("档案要比个人信息保存得久，或者同一天。"),
    "stage.ends_first": lambda _f: _("最后一天早于第一天。"),
    "calendar_day.unread": lambda f: _(
        "看不懂 %(n)s 处，没有保存。第一处是：%(line)s。要写成“%(year)s-02-06 休 春节”这样，一行一天。",
        n=f["n"],
        line=f["line"],
        year=f["year"],
    ),
    "calendar_day.too_many": lambda f: _("一年最多 %(most)s 行，现在有 %(n)s 行。", most=f["most"], n=f["n"]),
    "plan.season_exists": lambda _f: _("活动季已经有了，请在原来的上面修改。"),
    "plan.slug_taken": lambda _f: _("这个网址已经有活动用了，请换一个"),
    "plan.slug_fixed": lambda _f: _("网址已经发布，不能再改"),
    "plan.zone_fixed": lambda _f: _("活动已经发布，时区不能再改；要换时间请改活动的时间"),
    "plan.started": lambda f: _(
        "活动已在 %(at)s 开始，这些内容不能再改。", at=said_at(f, "started_at", moment)
    ),
    "plan.published": lambda _f: _(
        "活动已经发布，项目不能再增减和换序。不办的项目，把日程改为“取消”，会通知每个人。"
    ),
    "plan.not_ready": lambda _f: _("还不能发布，缺的列在下面，补齐再发布。"),
    "plan.not_draft": lambda _f: _("活动已经发布，不能删除。不再收报名，请用“提前截止”。"),
    "plan.not_open": lambda _f: _("现在没有在收报名，不用截止。"),
    "plan.not_closed": lambda _f: _("截止时间已过。要再收报名，请在“活动说明”里改截止时间。"),
    "plan.deadline_passed": lambda f: _(
        "原定的截止时间 %(at)s 已过，不能恢复。请先在“活动说明”里改截止时间。",
        at=said_at(f, "deadline", deadline),
    ),
    "plan.correction_or_new": lambda _f: _("已经有人答过，请说明这次改动是改正还是新的一题"),
    "plan.options_few": lambda _f: _("至少要有两个选项，每行写一个"),
    "plan.options_many": lambda f: _(
        "最多 %(most)s 个选项，这里是 %(n)s 个，请去掉一些", most=f.get("most", ""), n=f.get("count", "")
    ),
    "plan.option_long": lambda f: _(
        "“%(label)s”太长，一个选项最多 %(most)s 个字，这里是 %(n)s 个，请写短些",
        label=f.get("label", ""),
        most=f.get("most", ""),
        n=f.get("length", ""),
    ),
    "plan.option_twice": lambda f: _("“%(label)s”写了两次，请留一个", label=f.get("label", "")),
    "plan.option_places": lambda f: _(
        "“%(line)s”：竖线后面要写名额，1 到 %(most)s 的整数", line=f.get("line", ""), most=f.get("most", "")
    ),
    "plan.option_held": lambda f: ngettext(
        "有 %(num)s 人选了“%(label)s”，不能去掉；请先让他们改选",
        "有 %(num)s 人选了“%(label)s”，不能去掉；请先让他们改选",
        int(f.get("count", 0)),
        label=f.get("label", ""),
    ),
    "plan.bounds_crossed": lambda _f: _("最多要不少于最少，请改其中一个"),
    "plan.bound_above_options": lambda f: _("只有 %(n)s 个选项，请改小", n=f.get("count", "")),
    "plan.kind_is_new": lambda _f: _("填的东西换了种类，以前的回答对不上，只能算新的一题"),
    "plan.closes_before_opening": lambda _f: _("截止要晚于开始报名，请改其中一个"),
    "plan.closes_after_start": lambda f: _(
        "截止要早于活动开始（%(at)s），请改早", at=said_at(f, "starts_at", moment)
    ),
    "plan.closes_in_past": lambda _f: _("这个时间已经过了。要马上停止报名，请用“提前截止”"),
    "plan.retention_longer": lambda f: _(
        "已经有人报名，当时说明保存到 %(day)s，只能改早", day=_when_day(f, "until")
    ),
    "plan.activity_started": lambda f: _(
        "这个项目已在 %(at)s 开始，时间和地点不能再改。", at=said_at(f, "started_at", moment)
    ),
    "plan.not_only_spelling": lambda _f: _(
        "这次不只是改错别字：时间、日程变了，或者地点以前没有定。请去掉这个勾，先看看谁会收到邮件"
    ),
    "plan.starts_in_past": lambda _f: _("这一天已经过了，请改成以后的日期"),
    "plan.starts_before_deadline": lambda f: _(
        "报名 %(at)s 才截止，活动要在那以后。请改晚，或者先把截止时间改早",
        at=said_at(f, "closes_at", deadline),
    ),
    "plan.moved_past_retention": lambda f: _(
        "说明里写明个人信息只保存到 %(day)s，不能改到那以后", day=_when_day(f, "until")
    ),
    "plan.nothing_moved": lambda _f: _("时间、地点和日程都没有变，没有什么要通知的"),
    "plan.confirm_missing": lambda _f: _(
        "日期变了，请写到什么时候以前确认；不用确认，就选“不用确认，只通知”"
    ),
    "plan.confirm_in_past": lambda _f: _("这个时间已经过了，请改晚"),
    "plan.confirm_after_start": lambda f: _(
        "要早于活动开始（%(at)s），请改早", at=said_at(f, "starts_at", moment)
    ),
    "plan.confirm_too_soon": lambda _f: _(
        "离现在不到 7 个小时，谁都来不及通知到，到时没有回音也不会收回名额。请改晚；就要这个时间，请在下面勾选"
    ),
    "plan.pools_end_after_start": lambda f: _(
        "名额规则要在活动开始（%(at)s）以前为止，请写一个时间", at=said_at(f, "starts_at", moment)
    ),
    "plan.ends_first": lambda _f: _("结束要晚于开始，请改其中一个；过了半夜才结束的，不超过 12 小时"),
    "plan.day_missing": lambda _f: _("写了钟点，还要写日期"),
    "plan.award_has_no_places": lambda _f: _(
        "评选的时间和名额，建好草稿以后在“评选设置”和“推荐名额分配表”里填"
    ),
    "plan.from_missing": lambda _f: _("写了结束就要写开始；都不写，页面上是“时间另行通知”"),
    "plan.until_missing": lambda _f: _("写了开始就要写结束；都不写，页面上是“时间另行通知”"),
    "plan.reserved_without_total": lambda _f: _("要留名额，先在上面写总名额"),
    "plan.reserved_too_many": lambda f: _("最多留 %(most)s 个，总名额就这么多", most=f.get("most", "")),
    "plan.unit_twice": lambda _f: _("这个单位写了两次，请留一行"),
    "plan.unit_unknown": lambda _f: _("名册里没有这个单位，请重新选"),
    "plan.nobody_chosen": lambda _f: _("选一个性别，或者至少一个单位；都不限，请选“全体职工”"),
    "plan.one_of_conflict": lambda f: _(
        "有 %(n)s 个人在同组的另一项里也报了名，所以不能放进这一组。请先请他们退出一项", n=f.get("people", "")
    ),
    "plan.places_missing": lambda _f: _("这种办法要先写总名额"),
    "plan.kept_missing": lambda _f: _("写留几个名额给女职工，至少 1 个"),
    "plan.kept_all": lambda _f: _("全部名额都留给女职工，就是“女职工优先”，请选那一种"),
    "plan.units_missing": lambda _f: _("至少选一个单位，写上名额"),
    "plan.unit_nested": lambda f: _(
        "%(unit)s 属于上面已经写了的单位，同一个人不能算两次。请留一个", unit=f.get("unit", "")
    ),
    "plan.allotted_too_many": lambda f: _(
        "分给各单位的加起来比总名额 %(total)s 多 %(over)s 个。请改多总名额，或者改少几个单位",
        total=f.get("total", ""),
        over=f.get("over", ""),
    ),
    "plan.turn_missing": lambda _f: _("写到什么时候为止，到时没有用完的名额给所有候补的人"),
    "plan.until_past": lambda _f: _("这个时间已经过了，请改晚"),
    "plan.until_before_opening": lambda f: _(
        "要晚于开始报名（%(at)s），请改晚", at=said_at(f, "opens_at", moment)
    ),
    "plan.until_too_late": lambda f: _(
        "最晚 %(at)s，也就是活动开始前一天：再晚，递补的人来不及知道", at=said_at(f, "latest", moment)
    ),
    "plan.policy_fixed": lambda _f: _("已经有人报名，名额怎么给不能再换，只能改数目"),
    "plan.until_fixed": lambda _f: _("已经有人报名，这个时间不能再改"),
    "plan.no_template": lambda _f: _("请选一种开头：空白的，或者照着一项活动"),
}
