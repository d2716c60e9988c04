"""A letter under too many combining marks, in words: where it stands, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from eventreg.core.combining_marks import MARKS_MOST

Facts = Mapping[str, Any]


def _typed(facts: Facts) -> str:
    """What stands in front of the letter is quoted, so that it can be found."""
    if before := facts.get("before"):
        return _(
            "“%(before)s”后面，一个字上叠的符号超过了 %(most)s 个，没有收下。请删去多余的",
            before=before,
            most=MARKS_MOST,
        )
    return _("一个字上叠的符号超过了 %(most)s 个，没有收下。请删去多余的", most=MARKS_MOST)


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "typed.marks": _typed,
    "people.marks": lambda f: _(
        "第 %(line)s 行有一个字上叠的符号超过了 %(most)s 个，没有导入。请删去多余的",
        line=f.get("line", ""),
        most=MARKS_MOST,
    ),
    "file.marks": lambda _f: _(
        "文件的文字里，一个字上叠的符号超过了 %(most)s 个，没有收下。请删去多余的，再上传", most=MARKS_MOST
    ),
}
