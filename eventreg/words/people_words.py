"""What a roster import changes, and the columns of a roster, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask_babel import gettext as _

CHANGES: dict[str, Callable[[], str]] = {
    "added": lambda: _("新增"),
    "returned": lambda: _("返岗"),
    "left": lambda: _("离职"),
    "cleared": lambda: _("清空"),
    "moved": lambda: _("调动"),
    "changed": lambda: _("更改"),
    "same": lambda: _("不变"),
}

COLUMNS: dict[str, Callable[[], str]] = {
    "staff_no": lambda: _("工号"),
    "name": lambda: _("姓名"),
    "gender": lambda: _("性别"),
    "unit": lambda: _("单位"),
    "department": lambda: _("部门"),
    "team": lambda: _("班组"),
    "unit_kind": lambda: _("单位类别"),
    "email": lambda: _("邮箱"),
    "phone": lambda: _("手机"),
    "state": lambda: _("状态"),
}

UNIT_KINDS: dict[str, Callable[[], str]] = {
    "company": lambda: _("公司"),
    "department": lambda: _("部门"),
    "second_level": lambda: _("二级机构"),
    "team": lambda: _("班组"),
}


def change(code: str) -> str:
    """What becomes of a person."""
    return CHANGES[code]()


def unit_kind(code: str) -> str:
    """What kind of unit."""
    return UNIT_KINDS[code]()


def fields(names: Iterable[str]) -> list[str]:
    """Columns of a roster by name; one that nobody worded stays what it is."""
    return [COLUMNS[name]() if name in COLUMNS else name for name in names]
