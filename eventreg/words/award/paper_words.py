"""The printed form and the summary of a department in words, in the language of their campaign."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from eventreg.words import times


def heading(title: str) -> str:
    """The form's own title."""
    return _("%(title)s推荐表", title=title)


def page_of() -> str:
    """The number of a page, as the template fills it in."""
    return _("第 %(n)s 页，共 %(all)s 页", n="{n}", all="{all}")


def signatures() -> tuple[tuple[str, str], ...]:
    """Who signs the form, and what for."""
    return (
        (_("本人"), _("以上内容属实，我同意被推荐。")),
        (_("部门负责人"), _("材料已逐项看过，同意推荐。")),
        (_("党群工作部"), _("已收到，与系统里的版本核对一致。")),
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
