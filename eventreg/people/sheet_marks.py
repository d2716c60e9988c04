"""What a worksheet's XML says beside the values of its cells: errors, formulas without a result, formats, hidden rows.

The reader of values takes an error cell and a formula without a result for empty cells; here they are found.
Runs in the sandbox of `sheet.py`.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

Place = tuple[int, int]  # row and column, from 0

TELLING = re.compile(r'E[+-]|^(?:"[^"]*")?0{2,}(?:;|$)')
PADDED = re.compile(r'(?:"([^"]*)")?(0{2,})')
SCIENTIFIC_FORMATS = {"11": "0.00E+00", "48": "##0.0E+0"}  # the built-in ones


@dataclass(slots=True)
class SheetMarks:
    """Faulty cells with their kind and what they show, numbers with leading zeros as text, and hidden rows."""

    faults: dict[Place, tuple[str, str]] = field(default_factory=dict)
    padded: dict[Place, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


def marks_of(book: ZipFile, sheet: str) -> SheetMarks:
    """The marks of the sheet with this name."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    walk = _Walk(parser, _formats(book))
    with book.open(_member(book, sheet)) as part:
        parser.ParseFile(part)
    return walk.marks


class _Walk:
    """Handles the events of the sheet's XML; the attribute r of rows and cells may be missing.

    Ends and texts are asked for only within cells that may be faulty: sheets have millions of others.
    """

    def __init__(self, parser: expat.XMLParserType, formats: list[str]) -> None:
        self.marks = SheetMarks()
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
            self._cell, self._into = attributes, None
            self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
            if attributes.get("t") == "e" or self._is_formatted(attributes.get("s")):
                self._look(True)
        elif tag in self._texts:
            if tag == "f":
                self._look(True)
                self._has_formula = True
            self._into = tag
        elif tag == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            if attributes.get("hidden") in {"1", "true"}:
                self.marks.hidden.add(self._row)

    def _is_formatted(self, style: str | None) -> bool:
        return style is not None and int(style) < len(self._formats) and bool(self._formats[int(style)])

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
        elif kind == "n" and value and self._is_formatted(self._cell.get("s")):
            self._judge_number(place, value)

    def _judge_number(self, place: Place, value: str) -> None:
        form = self._formats[int(self._cell["s"])]
        if "E+" in form or "E-" in form:
            self.marks.faults[place] = ("scientific", value)
        elif (zeros := PADDED.fullmatch(form.partition(";")[0])) and value.isdecimal():
            self.marks.padded[place] = (zeros[1] or "") + value.zfill(len(zeros[2]))


def _column(reference: str) -> int:
    """The column of a cell by its reference: A1 is in column 0."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


def _formats(book: ZipFile) -> list[str]:
    """The number format of each cell style, empty where it tells nothing: neither zeros in front nor an exponent."""
    if "xl/styles.xml" not in book.namelist():
        return []
    codes, styles, inside = dict(SCIENTIFIC_FORMATS), [], False
    for tag, attributes in _elements(book, "xl/styles.xml"):
        if tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag.startswith(("cellXfs", "cellStyle")):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            styles.append(attributes.get("numFmtId", "0"))
    return [form if TELLING.search(form := codes.get(style, "")) else "" for style in styles]


def _member(book: ZipFile, sheet: str) -> str:
    """The member that holds the sheet with this name."""
    relation = next(
        next(value for name, value in attributes.items() if name.rpartition(":")[2] == "id")
        for tag, attributes in _elements(book, "xl/workbook.xml")
        if tag == "sheet" and attributes.get("name") == sheet
    )
    target = next(
        attributes["Target"]
        for tag, attributes in _elements(book, "xl/_rels/workbook.xml.rels")
        if tag == "Relationship" and attributes.get("Id") == relation
    )
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _elements(book: ZipFile, member: str) -> list[tuple[str, dict[str, Any]]]:
    """All elements of a small part, with their attributes."""
    found: list[tuple[str, dict[str, Any]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    parser.Parse(book.read(member), True)
    return found
