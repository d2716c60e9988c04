"""Sort names by strokes (姓氏笔画), as printed lists of people do. Pure.

Fewest strokes first; with equal numbers by the kinds of strokes in the order of writing, 横竖撇点折. The family name
decides first, then the given name. `strokes.txt` has the characters in that order (tools/strokes.py made it); it is
read when first needed: 98,060 characters take 14 MB.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from .names import COMPOUND

KEPT = 32_768  # cached keys
LAST = 1 << 20  # after every Han character: letters, signs, what Unicode will add

DOUBLE = frozenset(COMPOUND) | {
    "欧阳", "司马", "上官", "东方", "慕容", "司徒", "司空", "公孙", "轩辕", "宇文", "端木", "南宫",
    "赫连", "闻人", "申屠", "太史", "仲孙", "钟离", "公羊", "谷梁", "百里", "东郭", "西门", "独孤",
}  # fmt: skip

Key = tuple[tuple[int, ...], tuple[int, ...]]


@lru_cache(maxsize=KEPT)
def stroke_key(name: str) -> Key:
    """The sort key of a person's name: the positions of the family name's characters, then of the given name's.

    A name in parts (阿依古丽·买买提) has no Chinese family name: it is read as it stands.
    """
    places = tuple(map(_place, name))
    size = len(name) if "·" in name else 2 if name[:2] in DOUBLE else 1
    return places[:size], places[size:]


def _place(char: str) -> int:
    return _places().get(char, LAST + ord(char))


@cache
def _places() -> dict[str, int]:
    lines = Path(__file__).with_suffix(".txt").read_text("utf-8").split("\n")
    return {char: n for n, char in enumerate(char for line in lines for char in line.partition(" ")[2])}
