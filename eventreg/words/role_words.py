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
