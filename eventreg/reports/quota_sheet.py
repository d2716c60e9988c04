"""An award's quota table as the annex (分配表): one A4 sheet to print, which can also be uploaded again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from flask_babel import gettext as _

from eventreg.nominations.quota_allotment import AllotmentRule, adjustment
from eventreg.nominations.quotas import QuotaLine
from eventreg.words.award import award_words, quota_words

from .workbooks import Cell, sheet_title, workbook, write_cell

if TYPE_CHECKING:
    from xlsxwriter import Workbook

WIDTHS = (6, 26, 12, 10, 12, 30)
HEAD_ROW = 2
A4 = 9


def write(file: BinaryIO, title: str, lines: Sequence[QuotaLine], rule: AllotmentRule | None) -> None:
    """Title, rule, one row a department, the total. What people typed is text in every cell; no formula."""
    heads = (_("序号"), _("单位"), _("在职女职工"), _("名额"), _("已提交"), _("说明"))
    stated = stated_rule(rule, lines) if rule else ""
    with workbook(file) as book:
        sheet = book.add_worksheet(sheet_title(_("分配表")))
        _for_print(sheet)
        big = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.merge_range(0, 0, 0, len(heads) - 1, "", big)
        write_cell(sheet, 0, 0, _("%(title)s 推荐名额分配表", title=title), big)
        sheet.merge_range(1, 0, 1, len(heads) - 1, "", plain)
        write_cell(sheet, 1, 0, stated, plain)
        sheet.set_row(1, 50)
        _write_rows(book, sheet, heads, lines)


def stated_rule(rule: AllotmentRule, lines: Sequence[QuotaLine]) -> str:
    """How a table was made, in words: the rule, and what was changed by hand after it."""
    by_rule = award_words.allotted(str(rule.method), total=rule.total, number=rule.number)
    found = adjustment([line.basis for line in lines], [line.places for line in lines], rule)
    if found is None:
        return by_rule
    return by_rule + quota_words.adjusted(
        found.by_rule, added=found.added, removed=found.removed, total=found.total
    )


def _for_print(sheet: Any) -> None:
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.center_horizontally()
    sheet.set_footer("&C&P / &N")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)


def _write_rows(book: Workbook, sheet: Any, heads: Sequence[str], lines: Sequence[QuotaLine]) -> None:
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#EEEEEE"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    middle = book.add_format({"border": 1, "align": "center", "valign": "vcenter"})
    last = book.add_format({"bold": True, "border": 1})
    last_middle = book.add_format({"bold": True, "border": 1, "align": "center"})
    for column, text in enumerate(heads):
        write_cell(sheet, HEAD_ROW, column, text, head)
    for n, line in enumerate(lines, start=1):
        values: tuple[Cell, ...] = (n, line.unit, line.women, line.places, line.filled, line.reason)
        for column, value in enumerate(values):
            write_cell(sheet, HEAD_ROW + n, column, value, middle if isinstance(value, int) else cell)
    figures = (
        sum(one.women for one in lines),
        sum(one.places for one in lines),
        sum(one.filled for one in lines),
    )
    total: tuple[Cell, ...] = ("", _("合计"), *figures, "")
    for column, value in enumerate(total):
        form = last_middle if isinstance(value, int) else last
        write_cell(sheet, HEAD_ROW + len(lines) + 1, column, value, form)
