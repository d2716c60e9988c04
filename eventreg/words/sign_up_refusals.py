"""Refusals of a registration and its answers in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from .times import date_full, deadline, moment, said_at

Facts = Mapping[str, Any]


def _overruled(code: str) -> str:
    """Which rule an entry by hand runs against."""
    if code == "registration.not_for_you":
        return _("这位同事不在参加范围里，")
    return _("报名还没有开始，") if code == "registration.not_open_yet" else _("报名已经截止，")


def _between(facts: Facts) -> str:
    least, most = facts.get("least", 0), facts.get("most")
    if most is None:
        return _("要在 %(least)s 以上，请改大", least=least)
    return _("要在 %(least)s 到 %(most)s 之间", least=least, most=most)


def _days_between(facts: Facts) -> str:
    least, most = facts.get("least"), facts.get("most")
    if isinstance(least, date) and isinstance(most, date):
        return _("要在 %(least)s 到 %(most)s 之间", least=date_full(least), most=date_full(most))
    if isinstance(least, date):
        return _("不能早于 %(day)s", day=date_full(least))
    return _("不能晚于 %(day)s", day=date_full(most)) if isinstance(most, date) else ""


NOT_FOR_YOU: dict[str, Callable[[], str]] = {
    "gender": lambda: _("这项活动按性别限定了参加的人，你不在其中，不能报名。"),
    "unit": lambda: _("这项活动只面向部分单位，你的单位不在其中，不能报名。"),
    "list": lambda: _("这项活动只面向名单上的人，名单上没有你，不能报名。"),
}


def _one_of_taken(facts: Facts) -> str:
    title = facts.get("title")
    if title is None:
        return _("你刚刚报了同组的另一项，这几项只能报一项。")
    return _("你已经报了“%(title)s”，这几项只能报一项。", title=title)


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "registration.closed": lambda f: _(
        "报名已在 %(at)s 截止，名额没有占上。想参加请联系组织者。", at=said_at(f, "closed_at", deadline)
    ),
    "registration.called_off": lambda _f: _("活动已经取消，不再收报名，名额没有占上。"),
    "registration.not_open_yet": lambda f: _(
        "报名还没有开始，%(at)s 开放，到时再来。", at=said_at(f, "opens_at", moment)
    ),
    "registration.not_taken_here": lambda _f: _("这项活动不接收报名，由部门推荐。"),
    "registration.left": lambda _f: _("名册里你已离职，不能报名。不对？请告诉组织者。"),
    "registration.not_for_you": lambda f: NOT_FOR_YOU[str(f.get("why", "list"))](),
    "registration.one_of_taken": _one_of_taken,
    "registration.exists": lambda _f: _("你已经报上了，打开“我的票”就能看到。"),
    "registration.full": lambda _f: _("名额刚刚报满，还没有报上。请再提交一次，就加入候补。"),
    "registration.option_full": lambda f: _(
        "“%(option)s”已经满了，没有改成，你原来选的还在。请选还有空位的", option=f.get("option", "")
    ),
    "registration.started": lambda f: _(
        "活动已在 %(at)s 开始，不能再改。有变动请找现场的组织者。", at=said_at(f, "started_at", moment)
    ),
    "registration.admitted": lambda f: _(
        "你已在 %(at)s 签到，不能自己退出。要走请告诉现场的组织者，由组织者办理。",
        at=said_at(f, "admitted_at", moment),
    ),
    "registration.form_changed": lambda _f: _(
        "报名表刚刚改过，你填的还没有保存，都在下面。请看一遍现在问的是什么，再提交。"
    ),
    "registration.answers_changed": lambda _f: _(
        "你在另一个窗口改过填写内容，这里填的还没有保存，都在下面。要用这里的，请再保存一次。"
    ),
    "registration.received_in_future": lambda _f: _("收到的时间还没有到，请改成已经过去的时间"),
    "acts.needs_exception": lambda f: _(
        "%(why)s要照样办理，原因请选“组织者特批”", why=_overruled(str(f.get("why")))
    ),
    "acts.adding_reason": lambda _f: _("另加名额，原因请选“组织者增加名额”或者“组织者特批”"),
    "acts.no_place_added": lambda _f: _("这次没有另加名额，这个原因会公开，请换一个"),
    "acts.changed_meanwhile": lambda _f: _("刚才名额有变，还没有办理。请核对现在的结果，再办理。"),
    "acts.search_short": lambda f: _("请至少写 %(least)s 个字", least=f.get("least", "")),
    "acts.note_too_long": lambda f: _("备注最多 %(most)s 个字，请删短", most=f.get("most", "")),
    "gaps.reminded_today": lambda _f: _("今天能写信的都提醒过了，明天可以再提醒一次。"),
    "minimums.none_short": lambda _f: _("现在各班组人数都够，不用提醒。"),
    "minimums.nudged_today": lambda _f: _("这些班组的联系人今天都提醒过了，明天可以再提醒一次。"),
    "list.look_again": lambda _f: _("工号有改动，请核对新的结果，再报名。"),
    "list.empty": lambda _f: _("还没有填工号，每行一个"),
    "list.too_long": lambda f: _(
        "一次最多 %(most)s 个工号，这里是 %(n)s 个，请分几次", most=f.get("most", ""), n=f.get("n", "")
    ),
    "list.wrong": lambda f: _(
        "有 %(n)s 个工号要改，其余的都还在：%(lines)s", n=f.get("n", ""), lines=f.get("lines", "")
    ),
    "list.unknown": lambda f: _("第 %(line)s 行 %(no)s：名册里没有", line=f.get("line"), no=f.get("no")),
    "list.other_unit": lambda f: _("第 %(line)s 行 %(no)s：不是本单位的", line=f.get("line"), no=f.get("no")),
    "list.left": lambda f: _("第 %(line)s 行 %(no)s：已离职", line=f.get("line"), no=f.get("no")),
    "list.twice": lambda f: _("第 %(line)s 行 %(no)s：重复", line=f.get("line"), no=f.get("no")),
    "list.signed_up": lambda f: _("第 %(line)s 行 %(no)s：已经报过名", line=f.get("line"), no=f.get("no")),
    "answer.missing": lambda _f: _("这一项还没有填，请补上"),
    "answer.too_long": lambda f: _(
        "最多 %(most)s 个字，这里是 %(n)s 个，请删短", most=f.get("most", ""), n=f.get("length", "")
    ),
    "answer.too_short": lambda f: _(
        "至少 %(least)s 个字，这里是 %(n)s 个，请补充", least=f.get("least", ""), n=f.get("length", "")
    ),
    "answer.number_form": lambda _f: _("请只写数字，例如 2"),
    "answer.number_range": _between,
    "answer.date_form": lambda _f: _("请写一个日期，例如 2027-03-04"),
    "answer.date_range": _days_between,
    "answer.yes_or_no": lambda _f: _("请选“是”或“否”"),
    "answer.no_such_option": lambda _f: _("没有这一项，请重新选"),
    "answer.one_option": lambda _f: _("只能选一项"),
    "answer.options_few": lambda f: _("至少选 %(least)s 项", least=f.get("least", "")),
    "answer.options_many": lambda f: _("最多选 %(most)s 项，请去掉多的", most=f.get("most", "")),
    "answer.phone_digits": lambda _f: _("手机号只含数字，请改成 11 位数字，例如 13800138000"),
    "answer.phone_short": lambda f: _(
        "手机号这里是 %(n)s 位，少了 %(short)s 位。请补全，例如 13800138000",
        n=f.get("digits", 0),
        short=11 - int(f.get("digits", 0)),
    ),
    "answer.phone_long": lambda f: _(
        "手机号这里是 %(n)s 位，多了 %(over)s 位。请删去多余的",
        n=f.get("digits", 0),
        over=int(f.get("digits", 0)) - 11,
    ),
    "answer.phone_mobile": lambda _f: _("手机号以 1 开头，请检查第一位"),
    "answer.consent": lambda _f: _("还没有同意个人信息说明，请勾选；不同意就不能报名"),
    "answer.unknown_question": lambda _f: _("报名表里没有这一题"),
}
