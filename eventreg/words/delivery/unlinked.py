"""Text of other people in mails, made safe: mail programs turn what looks like a link into one."""

from __future__ import annotations

import re

JOINER = "\u2060"  # word joiner: no width, no line break, and no part of any address
MARKS = re.compile(r"(?<=\S)([./@．｡])(?=\S)")  # a domain's dot in any width, a path, a mailbox


def unlinked(text: str) -> str:
    """A text that looks the same, without anything that becomes a link: no domain, address or mailbox.

    Links of the product are in a letter's button; names, titles and places contain none.
    """
    return MARKS.sub(rf"\1{JOINER}", text)
