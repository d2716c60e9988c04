"""The heads of a quota table's columns, as people write them, and the rows below the table that are no departments. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from eventreg.core.errors import Refused
from eventreg.core.plain_text import comparison_key
from eventreg.people.roster_heads import HEADERS as ROSTER_HEADERS
from eventreg.people.roster_heads import folded_head

UNIT, PLACES, REASON = "unit", "places", "reason"
SHOWN = {UNIT: "单位", PLACES: "名额", REASON: "说明"}
HEADERS: Mapping[str, tuple[str, ...]] = {
    UNIT: (*ROSTER_HEADERS["unit"], "推荐单位", "推荐部门"),
    PLACES: (
        "名额", "推荐名额", "分配名额", "名额分配", "名额数", "名额数量", "推荐名额数", "分配名额数", "推荐人数", "places",
        "quota",
    ),
    REASON: ("说明", "备注", "原因", "改动的原因", "调整原因", "note", "notes", "remark", "reason"),
}  # fmt: skip
MEASURES = ("", "（人）", "（个）", "（名）", "（位）")  # 推荐名额（人）

_LABELS = (
    r"合计|总计|小计|共计|总数|(?:公司|全公司)合计|total|subtotal"
    r"|(?:制表|填表|填报|编制|审核|复核|审批|批准|经办|联系|负责)(?:人|单位|部门)?|(?:部门|单位)负责人"
    r"|联系电话|(?:制表|填表|填报|审核)?(?:日期|时间)|盖章|注|备注|说明|note|notes"
)
_SIGNED = r"(?:签字|签名|\((?:签字|签名|签章|盖章|公章)\))?"
FOOT = re.compile(rf"(?:{_LABELS}){_SIGNED}(?::.*)?", re.DOTALL)
SPACED_LABEL = re.compile(
    r"(?:(?:制表|填表|填报|审核|复核|经办|联系)人|日期)\s+\S.*", re.DOTALL
)  # 制表人 王芳


def wanted_heads() -> list[list[str]]:
    """The folded heads of the two columns that are required: the department and its places."""
    return [sorted(place for place, column in NAMES.items() if column == wanted) for wanted in (UNIT, PLACES)]


def columns_of(cells: Sequence[str]) -> dict[str, int]:
    """The positions of the known columns in a row of heads.

    Raises Refused("people.columns_repeated") if two heads mean the same column.
    """
    where: dict[str, int] = {}
    for place, text in enumerate(cells):
        column = NAMES.get(folded_head(text))
        if column is None:
            continue
        if column in where:
            raise Refused("people.columns_repeated", columns=SHOWN[column])
        where[column] = place
    return where


def is_foot(cells: Sequence[str]) -> bool:
    """Whether a row stands below the table: its first text is 合计, 制表人, 审核人, 日期 or a note."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    return FOOT.fullmatch(comparison_key(first)) is not None or SPACED_LABEL.fullmatch(first) is not None


def _names() -> dict[str, str]:
    """The column of each folded head; a number of places may have its measure behind it."""
    names = {folded_head(word): column for column, words in HEADERS.items() for word in words}
    return names | {folded_head(word + measure): PLACES for word in HEADERS[PLACES] for measure in MEASURES}


NAMES: Mapping[str, str] = _names()
