"""The name of an uploaded file as it is stored and shown: its last part alone, on every system. Pure.

Old browsers send the whole path (`D:\\材料\\事迹.docx`), and a program may send anything. Nothing here names a
file on the server's disk: those have random ids.
"""

from __future__ import annotations

import re
import unicodedata

from eventreg.core.plain_text import clean

NAME_MOST = 200  # characters, with the ending
ENDING_MOST = 20  # a longer one is no ending
NAMELESS = "file"
_FOLDERS = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.IGNORECASE)
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def file_name(sent: str, *, most: int = NAME_MOST) -> str:
    """The last part of what was sent as a file's name, at most `most` characters with its ending; "" if there is none.

    Invisible characters, spaces and full stops at either end are removed, as Windows does when it stores a file. `.docx` is
    `file.docx`, and a name that Windows reserves for a device (CON, LPT1 ...) begins with a low line.
    """
    parts = [_visible(part) for part in _FOLDERS.split(sent)]
    last = next((part for part in reversed(parts) if part.strip(". ")), "")
    stem, ending = _divided(_DRIVE.sub("", last, count=1) if _DRIVE.match(last) else last)
    if not stem and not ending:
        return ""
    stem = stem or NAMELESS
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return stem[: most - len(ending)].rstrip(". ") + ending


def _visible(part: str) -> str:
    """A part of a path without invisible characters; each run of white space is one space."""
    return " ".join("".join(c for c in clean(part) if unicodedata.category(c) not in _UNSEEN).split())


def _divided(name: str) -> tuple[str, str]:
    """The stem and the ending with its full stop, which is "" where a name has none."""
    whole = name.rstrip(". ")
    stem, dot, ending = whole.rpartition(".")
    ending = ending.strip()
    if not dot or len(ending) >= ENDING_MOST:
        return whole.strip(". "), ""
    return stem.strip(". "), f".{ending}"
