"""The heads of a roster's columns, as people write them, and the row in which they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from eventreg.core.plain_text import identifier

REQUIRED = ("staff_no", "name", "gender", "unit")
HEADERS = {
    "staff_no": (
        "工号", "staff_no", "员工编号", "职工编号", "人员编号", "员工工号", "职工工号", "人员工号", "员工号", "职工号", "员工编码",
        "职工编码", "人员编码", "employee_no", "employee_id", "staff_number",
    ),
    "name": ("姓名", "name", "员工姓名", "职工姓名"),
    "gender": ("性别", "gender", "sex"),
    "unit": (
        "单位", "部门", "unit", "department", "单位名称", "部门名称", "所属单位", "所属部门", "所在单位", "所在部门", "工作单位",
        "单位（部门）", "部门（单位）",
    ),
    "team": ("班组", "team", "班组名称", "所属班组", "所在班组"),
    "unit_kind": ("单位类别", "unit_kind"),
    "email": (
        "邮箱", "email", "电子邮箱", "电子邮件", "邮箱地址", "邮件地址", "电子邮件地址", "工作邮箱", "企业邮箱", "e-mail", "mail",
        "email_address", "e-mail_address",
    ),
    "phone": ("手机", "手机号", "phone", "手机号码", "联系电话", "联系方式", "移动电话", "电话", "电话号码", "mobile"),
    "state": ("状态", "state", "在职状态", "员工状态", "人员状态"),
}  # fmt: skip
# Of the heads of a unit those that name a department where another column names the unit above it.
DEPARTMENTS = ("部门", "department", "部门名称", "所属部门", "所在部门")
HEADS_WITHIN = 20  # rows above the people: a title, who filled it in, how to fill it in
# Rows below a list, or between its parts: sums, and who filled it in.
FOOT = re.compile(
    r"(?:本页)?(?:合计|小计|总计|共计|累计)|(?:制表|填表|审核|复核|审批|编制|填报|经办|负责|联系)(?:人|单位|时间|日期)?(?::|$)|(?:备注|说明|注)\d*(?::|$)"
    r"|共计?\d+人|total\b"
)
REMARK = re.compile(r"\((?:必填|必须|必填项|选填|可选|非必填|可不填|required|optional)\)")


def folded_head(text: str) -> str:
    """A head without what forms put around it: stars, （必填）, colons, white space, case, full width."""
    narrow = identifier(text).lower().replace("_", " ")
    return REMARK.sub("", "".join(narrow.split())).strip("*:")


NAMES: Mapping[str, str] = {folded_head(word): column for column, words in HEADERS.items() for word in words}


def is_foot(cells: Sequence[str], gender: int) -> bool:
    """Whether a row is no person's: it begins with a word such as 合计 or 制表人, and names no gender."""
    if gender < len(cells) and cells[gender].strip():
        return False
    begins = next((identifier(cell) for cell in cells if cell.strip()), "")
    return FOOT.match("".join(begins.lower().split())) is not None


def column_places(header: Sequence[str]) -> tuple[dict[str, int], list[str], list[str]]:
    """The places of known columns; the columns that stand there twice; the heads of unknown ones.

    单位 and 部门 side by side are two columns: `unit` and `department`.
    """
    known = [NAMES.get(folded_head(text)) for text in header]
    below = {folded_head(word) for word in DEPARTMENTS}
    departments = [place for place, text in enumerate(header) if folded_head(text) in below]
    if 0 < len(departments) < known.count("unit"):
        known = ["department" if place in departments else name for place, name in enumerate(known)]
    where: dict[str, int] = {}
    for place, name in enumerate(known):
        if name is not None:
            where.setdefault(name, place)
    repeated = sorted({name for name in known if name is not None and known.count(name) > 1})
    return (
        where,
        repeated,
        [text.strip() for text, name in zip(header, known, strict=True) if not name and text.strip()],
    )


def wanted_heads() -> list[list[str]]:
    """For each required column all heads that it may have, folded."""
    return [[folded_head(word) for word in HEADERS[column]] for column in REQUIRED]


def has_heads(cells: Iterable[str], wanted: Sequence[Collection[str]]) -> bool:
    """Whether a row has one of the heads of each wanted column."""
    here = {folded_head(cell) for cell in cells}
    return all(here.intersection(heads) for heads in wanted)


def head_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows holds the heads: the one with the most known columns, else the first."""
    known = [len({NAMES.get(folded_head(cell)) for cell in cells} - {None}) for cells in rows]
    return known.index(max(known))
