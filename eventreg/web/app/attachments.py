"""Send uploaded files as attachments to be saved; the browser never displays them (T24)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from flask import send_file
from werkzeug.wrappers import Response

from eventreg.core.errors import Refused

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
}


def attachment(path: Path, *, name: str, kind: str) -> Response:
    """A stored file under its own name (RFC 6266 `filename*`), as an attachment and in a sandbox.

    `nosniff` and `no-store` are on every answer (`headers`); the sandbox policy is added here.
    """
    answer = send_file(
        path, mimetype=TYPES[kind], as_attachment=True, download_name=name, conditional=False, etag=False
    )
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
    return send_file(io.BytesIO(content), mimetype=TYPES[kind], as_attachment=True, download_name=name)
