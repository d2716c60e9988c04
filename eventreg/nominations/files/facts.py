"""What the readers of the child process tell, whatever the kind of file."""

from __future__ import annotations

import re
from dataclasses import dataclass

TEXT_MOST = 2_000_000  # characters
PARAGRAPHS_MOST = 200_000
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # no database takes these


class Encrypted(Exception):
    """The file wants a password."""


class Hostile(Exception):
    """The file is made to harm, or so unusual that nobody needs it: too large inside, with a DTD."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Text of a document, one paragraph a line, None where there is none to read; pages where there are any."""

    text: str | None
    pages: int | None = None


def tidy(paragraphs: list[str]) -> str:
    """Paragraphs as one text that can be stored."""
    return UNSTORABLE.sub("", "\n".join(paragraphs)).strip("\n")
