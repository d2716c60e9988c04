"""Refusals of roster files: cells without a value, open quotation marks, many leavers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _


def as_text() -> str:
    """What to do with a cell that a spreadsheet rewrites."""
    return _("请把这一列设为文本，再写一遍；csv 文件里在前面加一个英文单引号 '")


def list_faults(facts: Mapping[str, Any]) -> str:
    """The staff numbers of a pasted list that are not taken, each kind with its numbers."""
    kinds: dict[str, Callable[[str], str]] = {
        "unknown": lambda numbers: _("名册里没有：%(numbers)s", numbers=numbers),
        "left": lambda numbers: _("已离职：%(numbers)s", numbers=numbers),
        "twice": lambda numbers: _("写了不止一次：%(numbers)s", numbers=numbers),
    }
    said = [word(_("、").join(facts[kind])) for kind, word in kinds.items() if facts.get(kind)]
    return _("；").join(said)


SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "people.list_too_long": lambda f: _("一次最多 %(most)s 个工号，请分几次", most=f.get("most", "")),
    "people.list_empty": lambda _f: _("还没有工号，请粘贴至少一个"),
    "people.list_faults": lambda f: _("%(faults)s。请改好再保存，其余的都在下面。", faults=list_faults(f)),
    "people.quotes_open": lambda f: _(
        "第 %(line)s 行有一个引号没有成对，后面的行被并进了这一格。请补上引号，或者删掉它",
        line=f.get("line", ""),
    ),
    "people.cell_error": lambda _f: _("这一格是出错的值，不是内容。请改正公式，或者写上内容"),
    "people.cell_formula": lambda _f: _(
        "这一格的公式没有结果。请用表格软件打开，重新计算并保存，或者只粘贴数值"
    ),
    "people.cell_date": lambda _f: _(
        "表格软件会把这样的内容改成日期，看不出原来写的是什么。%(how)s", how=as_text()
    ),
    "people.cell_boolean": lambda _f: _("表格软件会把这样的内容改成 TRUE 或 FALSE。%(how)s", how=as_text()),
    "people.cell_rounded": lambda _f: _("数字超过 15 位，表格软件会把后面几位改成 0。%(how)s", how=as_text()),
    "people.cell_scientific": lambda _f: _(
        "这一格是科学计数法，原来的写法看不出来了。%(how)s", how=as_text()
    ),
    "people.cell_decimal": lambda _f: _("这一格是带小数点的数，原来的写法看不出来了。%(how)s", how=as_text()),
    "people.cell_formatted": lambda _f: _("这一格显示的和存的数不一样。%(how)s", how=as_text()),
    "people.unit_levels": lambda _f: _(
        "“单位”“部门”“班组”三列写了三级，名册里单位下面只有一级。请只留“单位”和“部门”，或者只留“部门”和“班组”"
    ),
    "people.unit_unclear": lambda _f: _(
        "“单位”和“部门”两列，分不清哪一个是名册里的单位。请只留一列，例如“部门”，两级写成“城关供电所/营业班”"
    ),
    "people.bad_cell": lambda f: _(
        "第 %(line)s 行“%(column)s”是“%(value)s”，什么也没有读入。%(why)s",
        line=f.get("line", ""),
        column=f.get("column", ""),
        value=f.get("value", ""),
        why=SENTENCES[str(f.get("fault", "people.cell_error"))]({}),
    ),
    "people.leaving_unsaid": lambda f: _(
        "这次会把 %(n)s 人记为离职，超过在职职工的十分之一，什么也没有导入。请核对以后写上这个人数",
        n=f.get("leaving", ""),
    ),
    "people.staff_no_zeros": lambda f: _(
        "名册里有工号 %(other)s，这里少了前面的 0。请把这一列设为文本，再写一遍", other=f.get("other", "")
    ),
}
