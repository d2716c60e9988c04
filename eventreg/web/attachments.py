"""Files of strangers on their way out: always to be saved, never to be shown, whatever is in them (T24)."""

from __future__ import annotations

import io
from pathlib import Path

from flask import send_file
from werkzeug.wrappers import Response

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


def made_here(content: bytes, *, name: str, kind: str) -> Response:
    """A document that we have just made, to be saved under a name that says what it is."""
    return send_file(io.BytesIO(content), mimetype=TYPES[kind], as_attachment=True, download_name=name)
