"""What the readers of the child process tell, whatever the kind of file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from eventreg.core.combining_marks import find_stack

TEXT_MOST = 2_000_000  # characters
PARAGRAPHS_MOST = 200_000
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # no database takes these


class RefusedFile(Exception):
    """The file is refused and not kept; `why` is the reason as the child process names it."""

    why: ClassVar[str]


class EncryptedFile(RefusedFile):
    """The file can be opened by a password only."""

    why = "encrypted"


class FileBomb(RefusedFile):
    """The file is a bomb: opening it takes unbounded memory or time."""

    why = "bomb"


class StackedMarks(RefusedFile):
    """The text has a letter with too many combining marks (`core.marks`)."""

    why = "marks"


class UnreadableFile(Exception):
    """The file is kept and not read: it is larger than we read, or a part of it is not what it claims to be."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document, one paragraph a line, or None where it has none; its number of pages, if any."""

    text: str | None
    pages: int | None = None


def tidy(paragraphs: list[str]) -> str:
    """Paragraphs as one text that can be stored. Raises StackedMarks."""
    text = UNSTORABLE.sub("", "\n".join(paragraphs)).strip("\n")
    if find_stack(text) is not None:
        raise StackedMarks
    return text
