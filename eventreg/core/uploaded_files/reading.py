"""Let a child process read a file: its text, its pages, and a copy without metadata."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

from eventreg.core import sandbox
from eventreg.core.errors import Refused

from . import store
from .rules import FileKind, FileState

LINE_MOST = 16 * 1024 * 1024  # bytes of the child's first line
CHILD = "eventreg.core.uploaded_files.reading_child"
REFUSED = {
    "encrypted": "file.encrypted",
    "bomb": "file.bomb",
    "marks": "file.marks",
    "cut": "file.cut",
    "cut_picture": "file.cut_picture",
    "other_inside": "file.other_inside",
}
log = logging.getLogger("eventreg.uploaded_files")


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """The result of reading a file: text where there is any, pages of a PDF, width and height of a picture; `copied` if
    there is a copy without metadata.
    """

    state: FileState
    text: str | None = None
    pages: int | None = None
    copied: bool = False
    width: int | None = None
    height: int | None = None


WAITING = ReadingResult(FileState.WAITING)
UNREAD = ReadingResult(FileState.UNREAD)


def look_into(file_id: str, kind: FileKind, *, patience: float, for_page: bool = False) -> ReadingResult:
    """Read a stored file and store its copy beside it, `for_page` one of a picture that a page can show. A file that cannot be read is no error: its state is UNREAD.

    Raises Refused file.encrypted, file.bomb, file.marks, file.cut, file.cut_picture and file.other_inside, and Busy when no reader is free within `patience` seconds.
    Reading takes up to five seconds: do not call it in a unit of work.
    """
    with (
        store.path_of(file_id).open("rb") as file,
        sandbox.run(CHILD, f"page-{kind}" if for_page else kind, file=file, patience=patience) as ran,
    ):
        told = _result_of(ran)
        if why := told.get("refused"):
            log.info("files.refused", extra={"file": file_id, "kind": str(kind), "why": why})
            raise Refused(REFUSED[why])
        if "pages" not in told:
            log.info("files.unread", extra={"file": file_id, "kind": str(kind), "status": ran.status})
            return UNREAD
        if ran.status == 0:
            store.write_copy(file_id, ran.output)
        width, height = told["size"] or (None, None)
        copied = ran.status == 0
        return ReadingResult(FileState.READ, told["text"], told["pages"], copied, width, height)


def _result_of(ran: sandbox.SandboxResult) -> dict[str, Any]:
    """The complete first line of the child's output; the copy follows, and is valid only if the child ended without error."""
    line = ran.output.readline(LINE_MOST)
    if not line.endswith(b"\n"):
        return {}
    told: dict[str, Any] = json.loads(line)
    return told
