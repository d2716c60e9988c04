"""Files of strangers on their way out: always to be saved, never to be shown, whatever is in them (T24)."""

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

    `nosniff` and `no-store` are on every answer (`headers`); the sandbox is one policy more beside ours.
    """
    answer = send_file(
        path, mimetype=TYPES[kind], as_attachment=True, download_name=name, conditional=False, etag=False
    )
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer


def made_here(make: Callable[[], bytes], *, name: str, kind: str, back: str) -> Response:
    """A document that is made now, to be saved under a name that says what it is.

    Raises what `make` raises; a refusal leads back to the page `back`, where the document was asked for.
    """
    try:
        content = make()
    except Refused as refused:
        raise Refused(refused.code, **{**refused.facts, "back": back}) from refused
    return send_file(io.BytesIO(content), mimetype=TYPES[kind], as_attachment=True, download_name=name)
