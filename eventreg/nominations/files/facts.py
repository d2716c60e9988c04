"""What the readers of the child process tell, whatever the kind of file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from eventreg.core.marks import find_stack

TEXT_MOST = 2_000_000  # characters
PARAGRAPHS_MOST = 200_000
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # no database takes these


class RefusedFile(Exception):
    """The file is refused, and not kept; `why` is the reason as the child process names it."""

    why: ClassVar[str]


class EncryptedFile(RefusedFile):
    """The file wants a password."""

    why = "encrypted"


class FileBomb(RefusedFile):
    """The file is a bomb: it harms whoever opens it."""

    why = "bomb"


class StackedMarks(RefusedFile):
    """The text holds a letter under too many combining marks (`core.marks`)."""

    why = "marks"


class UnreadableFile(Exception):
    """The file is not read but kept: larger than we read it, or a part of it is not what it says."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """Text of a document, one paragraph a line, None where there is none to read; pages where there are any."""

    text: str | None
    pages: int | None = None


def tidy(paragraphs: list[str]) -> str:
    """Paragraphs as one text that can be stored. Raises StackedMarks."""
    text = UNSTORABLE.sub("", "\n".join(paragraphs)).strip("\n")
    if find_stack(text) is not None:
        raise StackedMarks
    return text
