"""Mend the text that was read in a file, and say what was done: radicals become characters, lines become paragraphs.

A browser's fonts draw 高 and the radical ⾼ with one glyph, so a PDF that it prints says ⾼ (U+2FBC): nobody finds it, and
it is no 汉字. And a PDF knows no paragraphs: each printed line comes as one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from eventreg.core.plain_text import clean

from .printed_text import PAGE, body_of, is_item, without_bullet, without_gaps
from .rules import FileKind

RADICAL = re.compile(r"[\u2e80-\u2ef3\u2f00-\u2fd5]")

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
SENTENCE_END = re.compile(r"[。！？!?…；;：:.][”’」』）)》\"']*$")
PARAGRAPH_START = re.compile(
    r"\u3000|\s{2}|[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[、．.)）]|[•●○■◆▪]"
)
WORD_END = re.compile(r"[\x21-\x7e\u00a1-\u024f]$")
WORD_START = re.compile(r"[\x21-\x7e\u00a1-\u024f]")
QUOTES = "“”‘’"
HYPHEN = "\u2010"  # what programs print where they divide a word; a soft hyphen at the end of a line is stored as this one
LATIN_SHARE = 0.6  # of the width of a full line of Chinese characters
FULL_LEAST = 40  # half-widths: what has no line of 20 characters is a table or a list
FULL_SHARE = 0.85  # of the width of a full line; words and marks that do not fit leave a line shorter
SHARE_OF_FULL = (
    0.9  # so many lines are at most as wide as a full line; the rest are rows of tables and the like
)
FEW = 10  # lines of which the widest is taken for a full line


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """Text as it can be used; how many lines were joined to the one before, how many radicals were replaced, and how many
    heads and feet of pages were removed.
    """

    text: str
    joined: int = 0
    replaced: int = 0
    removed: int = 0


def mend(text: str, kind: FileKind) -> ExtractedText:
    """The text that was read in a file of this kind, mended; mending it again changes nothing but joined lines' counts."""
    replaced = sum(clean(radical) != radical for radical in RADICAL.findall(text))
    plain = clean(text)
    if kind is not FileKind.PDF:
        return ExtractedText(plain, 0, replaced)
    lines, removed = body_of(plain.split(f"\n{PAGE}"))
    paragraphs = join_lines(lines)
    mended = "\n".join(without_gaps(without_bullet(paragraph)) for paragraph in paragraphs)
    return ExtractedText(mended.strip("\n"), len(lines) - len(paragraphs), replaced, removed)


def join_lines(lines: list[str]) -> list[str]:
    """Paragraphs of printed lines: a full line that ends no sentence goes on in the next one."""
    full = _full_width(lines)
    if full < FULL_LEAST:
        return lines
    paragraphs: list[list[str]] = []
    before = ""
    for line in lines:
        if before and line.strip() and _goes_on(before, line, full=full):
            last = paragraphs[-1][-1]
            paragraphs[-1][-1] = last.removesuffix(HYPHEN)
            paragraphs[-1].append(_gap(last, line) + line.strip())
        else:
            paragraphs.append([line.rstrip()])
        before = line.rstrip()
    return ["".join(parts) for parts in paragraphs]


def _goes_on(before: str, line: str, *, full: int) -> bool:
    """Whether a line goes on with the paragraph of the line before it, which has `full` half-widths if it is full.

    Latin letters are narrower than half a Chinese character, and their words are longer: such a line is full sooner.
    """
    speech = before.endswith(("：", ":")) and line.lstrip().startswith("“")  # 她说：“…” is one paragraph
    if (SENTENCE_END.search(before) and not speech) or PARAGRAPH_START.match(line) or is_item(line):
        return False
    latin = not HAN.search(before) and not HAN.search(line) and " " in before.strip()
    return _width(before) >= (LATIN_SHARE if latin else FULL_SHARE) * full


def _gap(before: str, line: str) -> str:
    """A space between two words of Latin letters, nothing between Chinese characters and after a hyphen.

    The quotation marks of both scripts belong to the letters beside them: the judges’ report, “木棉花”.
    """
    if before.endswith(("-", HYPHEN)):
        return ""
    words = WORD_END.search(before.rstrip(QUOTES)) and WORD_START.match(line.strip().lstrip(QUOTES))
    return " " if words else ""


def _full_width(lines: list[str]) -> int:
    """The width of a full line, by the lines with Chinese characters if there are any: the address of a page is long."""
    chinese = [line for line in lines if HAN.search(line)] or lines
    widths = sorted(_width(line) for line in chinese)
    return widths[-1] if len(widths) < FEW else widths[int(SHARE_OF_FULL * (len(widths) - 1))]


def _width(line: str) -> int:
    """The width of a line in half-widths; a Chinese character has two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line.strip())
