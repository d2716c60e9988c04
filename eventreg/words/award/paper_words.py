"""The printed form and the summary of a department in words, in the language of their campaign."""

from __future__ import annotations

import re
from datetime import datetime

from flask_babel import gettext as _

from eventreg.words import times

ENDING = re.compile(r"(?:评选|评比)?(?:表彰)?(?:活动)?$")


def heading(title: str) -> str:
    """The form's own title: "Ten Outstanding Women", without the "award" or "event" that a campaign's title ends with."""
    return _("%(title)s推荐表", title=ENDING.sub("", title))


def page_of() -> str:
    """The number of a page, as the template fills it in."""
    return _("第 %(n)s 页，共 %(all)s 页", n="{n}", all="{all}")


def signatures() -> tuple[tuple[str, str], ...]:
    """Who signs the form, and what for."""
    return (
        (_("本人意见"), _("以上内容属实，如有不实，由本人负责。我同意被推荐。")),
        (_("所在部门意见（签字、盖章）"), _("经集体研究，材料属实，同意推荐。")),
        (_("工会、女工委意见（盖章）"), ""),
        (_("公司意见（盖章）"), ""),
    )


def electronic(name: str, at: datetime) -> str:
    """The head's signature that was given here, as it is printed."""
    return _("电子签名：%(name)s，%(at)s", name=name, at=times.moment_full(at))


def filled_in() -> str:
    """Where the day of filling in is written."""
    return _("＿＿＿年＿月＿日")


def summary_lines(unit: str) -> tuple[str, ...]:
    """What is written above a department's summary by hand, with the unit's name."""
    return (
        _("填报单位（盖章）：%(unit)s", unit=unit or "＿＿＿＿＿＿＿＿"),
        _("负责人：%(blank)s", blank="＿＿＿＿＿＿"),
        _("填报人：%(blank)s", blank="＿＿＿＿＿＿"),
        _("电话：%(blank)s", blank="＿＿＿＿＿＿＿＿"),
    )


def sign_line() -> str:
    """Where to sign, and the day."""
    return _("签名：＿＿＿＿＿＿＿＿　　　　＿＿＿＿年＿＿月＿＿日")


def summary(title: str) -> str:
    """The title of a summary."""
    return _("%(title)s推荐汇总表", title=title)


def made(at: datetime) -> str:
    """When it was made: what it says may be otherwise an hour later."""
    return _("%(at)s 制表", at=times.moment_full(at))


def summary_heads() -> tuple[str, ...]:
    """The columns of a summary."""
    return (
        _("排序"),
        _("姓名"),
        _("性别"),
        _("单位"),
        _("岗位"),
        _("简要事迹"),
        _("字数"),
        _("状态"),
        _("负责人签字"),
        _("纸质推荐表"),
    )


def signed(stands: bool) -> str:
    """Whether the head has signed."""
    return _("已签") if stands else _("未签")


def received(version: int | None, handed_in: int | None) -> str:
    """Whether the paper is there, and of which version when it is another than what is submitted."""
    if version is None:
        return _("未收到")
    return _("已收到") if version == handed_in else _("收到的是以前提交的")


def nobody() -> str:
    """Where a summary has no row."""
    return _("还没有推荐任何人。")
