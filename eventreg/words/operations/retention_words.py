"""What is removed at the end of retention or on request, and why something stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import gettext as _

from eventreg.words.times import date_full

Word = Callable[[], str]

PARTS: dict[str, Word] = {
    "answers": lambda: _("报名时填的内容：手机号、备注和其他回答"),
    "tickets": lambda: _("票和二维码"),
    "letters": lambda: _("发出的信件"),
    "names_at_the_door": lambda: _("现场输入的工号"),
    "notes": lambda: _("备注、更正说明和各部门意见的文字"),
    "files": lambda: _("推荐附带的文件"),
    "drafts": lambda: _("没有提交的推荐和草稿"),
    "sensitive": lambda: _("推荐表里的身份证号、出生年月、民族、籍贯、政治面貌"),
    "record": lambda: _("报名、到场、推荐和审核的记录"),
    "contact": lambda: _("离职后留下的邮箱和手机号"),
}
KEPT: dict[str, Word] = {
    "roster": lambda: _("职工名册里的姓名、单位、工号和邮箱：在职期间用来认出本人"),
    "running": lambda: _("还没有结束的活动：先请本人退出，或者等活动结束"),
    "participation": lambda: _("参加过哪些活动：作为记录保存到各活动的归档日期"),
    "nominations": lambda: _("提交过的推荐和审核结果：评选档案，保存到归档日期"),
    "decisions": lambda: _("本人签过的字、作过的审核：评选档案的一部分"),
}


def sentence(retain_until: date, archive_until: date) -> str:
    """Until when personal data of an event are kept, and until when its record is."""
    return _(
        "手机号、备注和其他回答保存到 %(day)s，过后删除；谁参加了、结果和审核记录保存到 %(until)s。",
        day=date_full(retain_until),
        until=date_full(archive_until),
    )


def part(code: str) -> str:
    """A part of what is removed."""
    return PARTS[code]()


def kept(reason: str) -> str:
    """Something that stays, and why."""
    return KEPT[reason]()


def counted(parts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Parts in words with their number of rows, in a settled order."""
    return [(part(code), parts[code]) for code in PARTS if code in parts]
