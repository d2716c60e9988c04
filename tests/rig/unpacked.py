"""What an answer says, whatever it is packed in: a page, a PDF, a workbook, a document."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import unquote

from pypdf import PdfReader
from werkzeug.test import TestResponse


def said_in(content: bytes) -> str:
    """Its text; of a PDF without white space and zero-width breaks."""
    if content.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(content)).pages
        return re.sub(r"\s|\u200b", "", "".join(page.extract_text() for page in pages))
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return content.decode("utf-8", "replace")


def told(answer: TestResponse, *words: str) -> list[str]:
    """Which of these an answer says: in its page, in what it is packed in, in the name it is saved under."""
    said, saved_as = said_in(answer.data), unquote(answer.headers.get("Content-Disposition", ""))
    return [word for word in words if word in said or word in saved_as]
