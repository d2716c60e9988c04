"""Send uploaded files as attachments to be saved; the browser displays none of them (T24), only pictures drawn anew."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from flask import send_file
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFileFacts
from eventreg.campaigns.files.rules import CampaignPart
from eventreg.core.errors import Refused

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DAY = 24 * 3600
DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]", re.IGNORECASE)  # names that Windows does not store


def attachment(path: Path, *, name: str, kind: str) -> Response:
    """A stored file under its own name (RFC 6266 `filename*`), as an attachment and in a sandbox.

    `nosniff` and `no-store` are on every answer (`headers`); the sandbox policy is added here.
    """
    answer = _named(send_file(path, mimetype=TYPES[kind], conditional=False, etag=False), name)
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer


def campaign_file(path: Path, file: CampaignFileFacts) -> Response:
    """The copy of a campaign's file: a picture to be shown, a PDF to be saved.

    A picture is shown because a child process drew it anew (ADR 53). Browsers may keep one of a published campaign
    (`headers`): its address never stands for another content.
    """
    if file.part is CampaignPart.PLAN:
        return attachment(path, name=file.name, kind="pdf")
    name = f"{file.part}.jpg"
    answer = send_file(path, mimetype=TYPES["jpg"], download_name=name, conditional=False, etag=False)
    answer.headers["Content-Security-Policy"] = "sandbox"
    answer.cache_control.max_age, answer.cache_control.public = DAY, True
    return answer


def made_here(make: Callable[[], bytes], *, name: str, kind: str, back: str) -> Response:
    """Send a document that is made now as an attachment with this name.

    Raises what `make` raises, except Refused, which leads back to the page `back`.
    """
    try:
        content = make()
    except Refused as refused:
        raise Refused(refused.code, **{**refused.facts, "back": back}) from refused
    return _named(send_file(io.BytesIO(content), mimetype=TYPES[kind]), name)


def workbook(write: Callable[[BinaryIO], object], *, name: str) -> Response:
    """Send a workbook that `write` puts into a file on the disk; `name` is without its ending.

    The file is closed when the answer is sent, and when `write` raises.
    """
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        write(file)
        file.seek(0)
        answer = _named(send_file(file, mimetype=TYPES["xlsx"]), f"{name}.xlsx")
        answer.call_on_close(stack.pop_all().close)
    return answer


def _named(answer: Response, name: str) -> Response:
    """Name the attachment (RFC 6266): `filename*` in full, `filename` in ASCII with the same ending for old clients."""
    stem, _dot, ending = name.rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", stem).strip("-") or "file"
    if DEVICE.fullmatch(plain):
        plain = f"file-{plain}"
    disposition = f"attachment; filename={plain}.{ending}; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Disposition"] = disposition
    return answer
