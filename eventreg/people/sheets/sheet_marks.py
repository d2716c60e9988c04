"""What a worksheet's XML says beside the values of its cells: errors, formulas without a result, formats, what is hidden.

The reader of values takes an error cell and a formula without a result for empty cells; here they are found.
Runs in the sandbox of `sheet.py`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from zipfile import ZipFile

from .number_formats import TEXT, cell_formats, elements, is_scientific, shown_number

COLUMNS_MOST = 16_384
TEXTS = {"s", "str", "inlineStr"}

Place = tuple[int, int]  # row and column, from 0


@dataclass(slots=True)
class SheetMarks:
    """Faulty cells with their kind and what they show, numbers with leading zeros as text, hidden rows and columns.

    `certain` are those of the cells asked for that were entered as text: of format text, or with an apostrophe in front.
    """

    faults: dict[Place, tuple[str, str]] = field(default_factory=dict)
    padded: dict[Place, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    certain: set[Place] = field(default_factory=set)


def marks_of(book: ZipFile, sheet: str, doubtful: Container[Place] = ()) -> SheetMarks:
    """The marks of the sheet with this name; of `doubtful` cells it is found whether they were entered as text."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    walk = _Walk(parser, cell_formats(book), doubtful)
    with book.open(_member(book, sheet)) as part:
        parser.ParseFile(part)
    return walk.marks


class _Walk:
    """Handles the events of the sheet's XML; the attribute r of rows and cells may be missing.

    Ends and texts are asked for only within cells that may be faulty: sheets have millions of others.
    """

    def __init__(
        self, parser: expat.XMLParserType, formats: Sequence[str], doubtful: Container[Place]
    ) -> None:
        self.marks, self._doubtful = SheetMarks(), doubtful
        self._parser, self._formats = parser, formats
        self._row = self._column = -1
        self._into: str | None = None
        self._cell: dict[str, str] = {}
        self._texts = {"f": "", "v": ""}
        self._has_formula = self._looking = False
        parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._start_cell(attributes)
        elif tag in self._texts:
            if tag == "f":
                self._look(True)
                self._has_formula = True
            self._into = tag
        elif tag == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            if _is_hidden(attributes, "ht"):
                self.marks.hidden.add(self._row)
        elif tag == "col" and _is_hidden(attributes, "width"):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.marks.hidden_columns.update(range(first - 1, min(last, COLUMNS_MOST)))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._into = attributes, None
        self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
        form = self._format(attributes.get("s"))
        if attributes.get("t") == "e" or (form and form != TEXT):
            self._look(True)
        elif form and (self._row, self._column) in self._doubtful and attributes.get("t", "n") in TEXTS:
            self.marks.certain.add((self._row, self._column))

    def _format(self, style: str | None) -> str:
        """The number format of a cell, if it tells something about its value."""
        return self._formats[int(style)] if style is not None and int(style) < len(self._formats) else ""

    def _look(self, on: bool) -> None:
        """Ask for the texts and the ends within this cell, or no longer."""
        if on and not self._looking:
            self._texts, self._has_formula = {"f": "", "v": ""}, False
        self._looking = on
        self._parser.EndElementHandler = self._end if on else None
        self._parser.CharacterDataHandler = self._text if on else None

    def _text(self, text: str) -> None:
        if self._into is not None:
            self._texts[self._into] += text

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in self._texts:
            self._into = None
        elif tag == "c":
            self._judge()
            self._look(False)

    def _judge(self) -> None:
        place, kind, value = (self._row, self._column), self._cell.get("t", "n"), self._texts["v"].strip()
        if kind == "e":
            self.marks.faults[place] = ("error", value or "#N/A")
        elif self._has_formula and not value and kind != "str":  # a text may be empty, a number may not
            self.marks.faults[place] = ("formula", f"={self._texts['f'].strip()}")
        elif kind == "n" and value and (form := self._format(self._cell.get("s"))):
            self._judge_number(place, value, form)

    def _judge_number(self, place: Place, value: str, form: str) -> None:
        if is_scientific(form):
            self.marks.faults[place] = ("scientific", value)
        elif value.isdecimal():
            shown = shown_number(form, value)
            if shown is None:
                self.marks.faults[place] = ("formatted", value)
            elif shown != value:
                self.marks.padded[place] = shown


def _column(reference: str) -> int:
    """The column of a cell by its reference: A1 is in column 0."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, by a filter, a fold or by hand, or has no height or width."""
    return attributes.get("hidden") in {"1", "true"} or attributes.get(size) in {"0", "0.0"}


def _member(book: ZipFile, sheet: str) -> str:
    """The member that holds the sheet with this name."""
    relation = next(
        next(value for name, value in attributes.items() if name.rpartition(":")[2] == "id")
        for tag, attributes in elements(book, "xl/workbook.xml")
        if tag == "sheet" and attributes.get("name") == sheet
    )
    target = next(
        attributes["Target"]
        for tag, attributes in elements(book, "xl/_rels/workbook.xml.rels")
        if tag == "Relationship" and attributes.get("Id") == relation
    )
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
