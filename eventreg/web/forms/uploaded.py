"""The file of an upload form. Every view takes it from here, so that no name with a path is stored or shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from flask import request

from eventreg.core.uploaded_files.file_names import NAMELESS, file_name


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that was sent: the last part of its name, and its content to be read once."""

    name: str
    stream: IO[bytes]


def find_uploaded(field: str) -> UploadedFile | None:
    """The file of a field; None if nobody chose one."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        return None
    return UploadedFile(file_name(sent.filename) or NAMELESS, sent.stream)
