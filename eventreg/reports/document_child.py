"""Make one document: a separate program with little memory and time.

    python -m eventreg.reports.document_child pdf < job.json > parts

It writes one line of JSON, the length of each part, and then the parts: one document, or a PNG a page.
A failure ends only this process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, Literal

from eventreg.core import sandbox

Job = Mapping[str, Any]


def main() -> None:
    """Make the document of the job on standard input; its kind is the argument. Exit status 0 when it is complete."""
    sandbox.confine(sandbox.TYPESETTING)
    parts = KINDS[sys.argv[1]](json.load(sys.stdin.buffer))
    sys.stdout.buffer.write(json.dumps([len(part) for part in parts]).encode() + b"\n")
    for part in parts:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


def _pdf(job: Job) -> list[bytes]:
    return _typeset(job, "pdf")


def _png(job: Job) -> list[bytes]:
    return _typeset(job, "png")


def _typeset(job: Job, kind: Literal["pdf", "png"]) -> list[bytes]:
    """Typeset one of our templates with its facts; the same job makes the same bytes."""
    import typst

    from . import glyphs

    made: Any = typst.compile(
        job["template"].encode(),
        font_paths=glyphs.fonts(),
        ignore_system_fonts=True,
        sys_inputs={"facts": job["facts"], "drawing": job["drawing"]},
        format=kind,
        ppi=job["dots"],
        timestamp=job["timestamp"],
    )
    return made if isinstance(made, list) else [made]


def _docx(job: Job) -> list[bytes]:
    from . import form_document
    from .form_facts import from_json

    return [form_document.docx(from_json(job))]


KINDS: dict[str, Callable[[Job], list[bytes]]] = {"pdf": _pdf, "png": _png, "docx": _docx}

if __name__ == "__main__":
    main()
