"""Roles in words."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

ROLES: dict[str, Callable[[], str]] = {
    "unit_contact": lambda: _("单位联系人"),
    "department_head": lambda: _("部门负责人"),
    "organiser": lambda: _("组织者"),
    "hr_reviewer": lambda: _("资格审查"),
    "judge": lambda: _("评委"),
    "administrator": lambda: _("管理员"),
}


def employee() -> str:
    """Everybody of the roster."""
    return _("职工")


ABOUT: dict[str, Callable[[], str]] = {
    "unit_contact": lambda: _("你可以替本单位的同事报名、写推荐，给没有邮箱的人发登录码。"),
    "department_head": lambda: _("你可以看本部门的推荐，签字或者退回。"),
    "organiser": lambda: _("你可以新建和设置活动、看报名名单、给报名的人写信、在现场签到。"),
    "hr_reviewer": lambda: _("你可以审核各部门的推荐，登记收到的纸质推荐表。"),
    "judge": lambda: _("你是这项评选的评委。怎么评，由组织者通知你。"),
    "administrator": lambda: _("你可以管理全部活动，导入职工名册，给别人角色，设置发信。"),
}
