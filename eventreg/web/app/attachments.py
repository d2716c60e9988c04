"""Send uploaded files as attachments to be saved; the browser never displays them (T24)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import quote

from flask import send_file
from werkzeug.wrappers import Response

from eventreg.core.errors import Refused

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def attachment(path: Path, *, name: str, kind: str) -> Response:
    """A stored file under its own name (RFC 6266 `filename*`), as an attachment and in a sandbox.

    `nosniff` and `no-store` are on every answer (`headers`); the sandbox policy is added here.
    """
    answer = _named(send_file(path, mimetype=TYPES[kind], conditional=False, etag=False), name)
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer


def made_here(make: Callable[[], bytes], *, name: str, kind: str, back: str) -> Response:
    """Send a document that is made now as an attachment with this name.

    Raises what `make` raises, except Refused, which leads back to the page `back`.
    """
    try:
        content = make()
    except Refused as refused:
        raise Refused(refused.code, **{**refused.facts, "back": back}) from refused
    return download(io.BytesIO(content), name=name, kind=kind)


def download(file: IO[bytes], *, name: str, kind: str) -> Response:
    """Send an open file as an attachment with this name."""
    return _named(send_file(file, mimetype=TYPES[kind]), name)


def _named(answer: Response, name: str) -> Response:
    """Name the attachment (RFC 6266): `filename*` in full, `filename` in ASCII with the same ending for old clients."""
    stem, _dot, ending = name.rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-") or "file"
    disposition = f"attachment; filename={plain}.{ending}; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Disposition"] = disposition
    return answer
