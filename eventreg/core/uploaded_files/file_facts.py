"""Results and errors of the readers in the child process, for all kinds of files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from eventreg.core.combining_marks import find_stack
from eventreg.core.plain_text import without_invisible

TEXT_MOST = 2_000_000  # characters
PARAGRAPHS_MOST = 200_000
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # characters that no database stores


class RefusedFile(Exception):
    """The file is refused and not stored; `why` is the reason as the child process names it."""

    why: ClassVar[str]


class EncryptedFile(RefusedFile):
    """The file can only be opened with a password."""

    why = "encrypted"


class CutFile(RefusedFile):
    """The end of the file is missing."""

    why = "cut"


class CutPicture(RefusedFile):
    """The end of a picture is missing."""

    why = "cut_picture"


class OtherFileInside(RefusedFile):
    """The text of a Word document is another file inside it (altChunk), which only Word itself puts in its place."""

    why = "other_inside"


class FileBomb(RefusedFile):
    """The file is a bomb: opening it takes unbounded memory or time."""

    why = "bomb"


class StackedMarks(RefusedFile):
    """The text has a letter with too many combining marks (`core.marks`)."""

    why = "marks"


class UnreadableFile(Exception):
    """The file is stored but not read: it is too large to read, or a part of it is not what it claims to be."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document, one paragraph a line, or None where it has none; its number of pages, if any.

    `size` is the width and height of a picture as it is looked at.
    """

    text: str | None
    pages: int | None = None
    size: tuple[int, int] | None = None


def tidy(paragraphs: list[str]) -> str:
    """Paragraphs as one text that can be stored. Raises StackedMarks."""
    text = UNSTORABLE.sub("", "\n".join(paragraphs))
    if find_stack(text) is not None:
        raise StackedMarks
    return without_invisible(text).strip("\n")
