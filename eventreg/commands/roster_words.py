"""The roster commands' words, in Chinese and English side by side."""

from __future__ import annotations

from eventreg.people.comparison import RosterChange

SHOWN_MOST = 60

CHANGES = {
    RosterChange.ADDED: "新增 / added",
    RosterChange.RETURNED: "返岗 / returned",
    RosterChange.LEFT: "离职 / left",
    RosterChange.CLEARED: "清空 / cleared",
    RosterChange.MOVED: "调动 / moved",
    RosterChange.CHANGED: "更改 / changed",
    RosterChange.SAME: "不变 / same",
}

COLUMNS = {
    "staff_no": "工号",
    "name": "姓名",
    "gender": "性别",
    "unit": "单位",
    "department": "部门",
    "team": "班组",
    "unit_kind": "单位类别",
    "email": "邮箱",
    "phone": "手机",
    "state": "状态",
}


def shown(text: str) -> str:
    """A value from a file, safe on a terminal: nothing unprintable, and not endless."""
    safe = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    return safe if len(safe) <= SHOWN_MOST else f"{safe[:SHOWN_MOST]}…"
