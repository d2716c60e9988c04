"""Signatures and consents in words: refusals, the nominee's privacy notice, how far things are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from eventreg.words.times import date_full, moment

Facts = Mapping[str, Any]
Word = Callable[[], str]

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "sign_in.no_mailbox": lambda _f: _(
        "名册里没有你的邮箱，收不到签字验证码，还没有签。请管理员补上邮箱，或者请人代签。"
    ),
    "signature.changed_meanwhile": lambda _f: _(
        "你打开以后部门又提交过，还没有签。改了哪里标在下面，请看一遍再签。"
    ),
    "signature.own": lambda _f: _("这份推荐推荐的是你自己，要由上级负责人或者代签人来签。"),
    "signature.state": lambda _f: _("这份推荐已经退回或审完，现在不用签。"),
    "delegation.self": lambda _f: _("这是你自己的工号，请写代签人的"),
    "delegation.period": lambda _f: _("要晚于开始的那一天，也不能早于今天，请改晚"),
    "delegation.too_long": lambda f: _("最多代签 %(n)s 天，请改短", n=f.get("days", "")),
    "delegation.no_unit": lambda _f: _("还没有选单位。请选一个"),
    "consent.changed_meanwhile": lambda _f: _("你打开以后内容又改过，还没有记下你的回复。请看一遍再选。"),
    "consent.nothing_given": lambda _f: _("这一项你还没有同意过，没有什么可撤回。"),
    "consent.no_purpose": lambda _f: _("还没有选是哪一项。请再选一次"),
    "correction.too_many": lambda _f: _("已经写过很多次了，没有发。请直接找单位联系人。"),
}

PURPOSES: dict[str, tuple[Word, Word]] = {
    "judges": (
        lambda: _("提交评审"),
        lambda: _("评委按下面这些打分。不同意提交评审的，不能参加评选。"),
    ),
    "notice": (
        lambda: _("公示"),
        lambda: _("入围以后，全体职工看得到下面这些。不公示，就不能入选。"),
    ),
    "sensitive": (
        lambda: _("提供敏感信息"),
        lambda: _("组织者和审核人看得到下面这些，评委看不到，也不公示。不同意不影响参评。"),
    ),
}

ANSWERS: dict[str, tuple[str, Word]] = {
    "asked": ("waiting", lambda: _("等你回复")),
    "given": ("seated", lambda: _("已同意")),
    "declined": ("refused", lambda: _("不同意")),
    "withdrawn": ("withdrawn", lambda: _("已撤回同意")),
}


OUTCOMES: dict[str, Word] = {
    "returned": lambda: _("退回部门补正了。给别人看的话改了，会再请你看一遍。"),
    "candidate": lambda: _("审核通过，你是候选人了。接下来是评审，安排看活动页。"),
    "ineligible": lambda: _("审核认定不符合条件，这份推荐不再参评，你不用再回复。原因请问单位联系人。"),
}


def outcome(state: str) -> str:
    """What became of a nomination, for its nominee; nothing while it is screened."""
    return OUTCOMES[state]() if state in OUTCOMES else ""


def purpose(code: str) -> tuple[str, str]:
    """What a consent is to, and what follows from it."""
    name, why = PURPOSES[code]
    return name(), why()


def answer(code: str) -> tuple[str, str]:
    """How a nominee's answer looks, and its word."""
    look, word = ANSWERS[code]
    return look, word()


def notice(owner: str, award: str, retain_until: date, archive_until: date) -> tuple[tuple[str, str], ...]:
    """The nominee's privacy notice (PIPL 17), version `signing.rules.NOTICE_VERSION`: heading and text."""
    return (
        (_("谁在处理"), _("%(owner)s。部门联系人填写，部门负责人签字，审核人复核。", owner=owner)),
        (_("用来做什么"), _("只用于“%(award)s”的推荐、审核、评审、公示和存档。", award=award)),
        (
            _("有哪些信息"),
            _(
                "姓名、单位、推荐表里填的各项、事迹材料和上传的文件。手机号、出生年月和身份证号不给评委看，也不公示。"
            ),
        ),
        (
            _("谁看得到"),
            _(
                "部门联系人和部门负责人看全部；组织者和审核人看推荐表和材料，身份证号、民族、籍贯和政治面貌要你单独同意才看得到。你同意以后，评委看推荐表和事迹材料，公示时全体职工看姓名、单位、岗位和简要事迹。获奖的，证书和荣誉名册上有姓名、奖项和年度。"
            ),
        ),
        (
            _("保存多久"),
            _(
                "草稿、上传的文件、身份证号、出生年月、民族、籍贯和政治面貌到 %(day)s 删除；推荐表、事迹材料、审核和评选结果作为评选档案保存到 %(until)s，到期也删除。",
                day=date_full(retain_until),
                until=date_full(archive_until),
            ),
        ),
        (
            _("你的权利"),
            _(
                "可以不同意，也可以随时撤回；可以查看和下载系统里你的信息；哪里不对，在下面告诉单位联系人更正。"
            ),
        ),
    )


def signed(name: str, at: datetime, behalf: str) -> str:
    """Who signed, and when."""
    if behalf:
        return _("%(name)s 代%(head)s于 %(at)s 签字", name=name, head=behalf, at=moment(at))
    return _("%(name)s 于 %(at)s 签字", name=name, at=moment(at))


def signature(*, signed: bool, own: bool, due: bool) -> tuple[str, str]:
    """How a nomination's signature looks in a head's list, and its word."""
    if signed:
        return "seated", _("已签字")
    if own:
        return "withdrawn", _("由别人签")
    return ("waiting", _("等签字")) if due else ("withdrawn", _("不用签"))
