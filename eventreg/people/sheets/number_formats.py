"""Number formats of a workbook's cells: which are text, and what a format shows of a whole number.

Runs in the sandbox of `sheet.py`.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

TEXT = "@"
BUILT_IN = {"11": "0.00E+00", "48": "##0.0E+0", "49": TEXT}
UNSEEN = re.compile(r"\[[^]]*\]|_.|\*.")  # a colour or a language, a space as wide as a letter, a filler
DECIMALS = re.compile(r"(?<=[0#?])\.[0#?]+")
QUOTED = re.compile(r'"([^"]*)"|\\(.)')
NUMBER = re.compile(r"([^0#?,]*)([0#?]*0)\s*")  # a text in front, then digits
TELLING = re.compile(r'0{2,}|["\\]|0[-./ ]0')


def cell_formats(book: ZipFile) -> list[str]:
    """The number format of each cell style, empty where it does not change how a whole number reads."""
    if "xl/styles.xml" not in book.namelist():
        return []
    codes, styles, inside = dict(BUILT_IN), [], False
    for tag, attributes in elements(book, "xl/styles.xml"):
        if tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag.startswith(("cellXfs", "cellStyle")):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            quoted = attributes.get("quotePrefix") in {"1", "true"}
            styles.append(TEXT if quoted else codes.get(attributes.get("numFmtId", "0"), ""))
    return [form if _tells(form) else "" for form in styles]


def is_scientific(form: str) -> bool:
    """Whether a format shows numbers as 1.0E+05."""
    return "E+" in form or "E-" in form


def shown_number(form: str, digits: str) -> str | None:
    """What a format shows of a whole number: "HC"00000 shows 123 as HC00123. None if that is not certain.

    Decimals and separators of thousands do not count: 123.00 and 1,234 are 123 and 1234.
    """
    part = DECIMALS.sub("", UNSEEN.sub("", form.partition(";")[0]))
    if "," in part or "0" not in part:
        return None if any("".join(text).strip() for text in QUOTED.findall(part)) else digits
    number = NUMBER.fullmatch(QUOTED.sub(lambda text: text[1] or text[2] or "", part))
    return None if number is None else number[1].strip() + digits.zfill(number[2].count("0"))


def _tells(form: str) -> bool:
    """Whether a format may show a whole number otherwise than by its digits."""
    return form == TEXT or is_scientific(form) or TELLING.search(form.partition(";")[0]) is not None


def elements(book: ZipFile, member: str) -> list[tuple[str, dict[str, Any]]]:
    """All elements of a small part, with their attributes."""
    found: list[tuple[str, dict[str, Any]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    parser.Parse(book.read(member), True)
    return found
