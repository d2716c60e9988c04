"""Read one untrusted file and copy it without metadata: a separate program with little memory and time.

    python -m eventreg.core.uploaded_files.reading_child docx < deed.docx | head -1

It writes one line of JSON with what was read, and then the bytes of the copy. A failure ends only this process: before
that line nothing was read, after it there is no copy.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import IO

from eventreg.core.sandbox import confine

from . import documents, pdfs, pictures
from .file_facts import DocumentText, RefusedFile

WORKERS: dict[str, tuple[Callable[[bytes], DocumentText], Callable[[bytes], bytes]]] = {
    "docx": (documents.read, documents.stripped),
    "pdf": (pdfs.read, pdfs.stripped),
    "jpg": (pictures.read, pictures.stripped),
    "png": (pictures.read, pictures.stripped),
    "page-jpg": (pictures.read_for_page, pictures.for_page),
    "page-png": (pictures.read_for_page, pictures.for_page),
    "page-pdf": (pdfs.read, pdfs.stripped),
}


def main() -> None:
    """Read the file on standard input; its kind is the argument, with "page-" for a copy that a page shows. Exit status 0 when both parts are complete."""
    confine()
    read, strip = WORKERS[sys.argv[1]]
    content = sys.stdin.buffer.read()
    try:
        seen = read(content)
    except RefusedFile as refused:
        _say(sys.stdout.buffer, {"refused": refused.why})
        return
    _say(sys.stdout.buffer, {"text": seen.text, "pages": seen.pages, "size": seen.size})
    sys.stdout.buffer.write(strip(content))


def _say(out: IO[bytes], told: dict[str, object]) -> None:
    out.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
