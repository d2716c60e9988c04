"""Text that somebody else wrote, in a mail: mail programs make links of what looks like one."""

from __future__ import annotations

import re

JOINER = "\u2060"  # word joiner: no width, no line break, and no part of any address
MARKS = re.compile(r"(?<=\S)([./@．｡])(?=\S)")  # a domain's dot in any width, a path, a mailbox


def unlinked(text: str) -> str:
    """The same to the eye, with nothing in it that becomes a link: no domain, address or mailbox.

    Our own links stand in a letter's action; names, titles and places hold none.
    """
    return MARKS.sub(rf"\1{JOINER}", text)
