"""Make a document in a child process with limited memory and time, because its text is untrusted (ADR 33)."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping
from typing import IO, Any, Literal

from eventreg.core import sandbox
from eventreg.core.db.session import let_go
from eventreg.core.errors import Refused

CHILD = "eventreg.reports.document_child"
TURN = sandbox.SandboxSlots(1)  # documents that one process of ours makes at the same time
PATIENCE = 10.0  # seconds to wait for a free place: as long as a document may compute
LINE_MOST = 1024 * 1024  # bytes of the child's first line
log = logging.getLogger("eventreg.reports")


def make(kind: Literal["pdf", "png", "docx"], job: Mapping[str, Any]) -> list[bytes]:
    """A document, or a picture for each page; `job` is what `reports.child` asks for.

    Returns the request's database connection to the pool first, because it may take seconds. Raises Busy if no place
    becomes free, and Refused: document.failed if it needs more than `sandbox.TYPESETTING` allows or cannot be made.
    """
    let_go()
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(job, ensure_ascii=False).encode("utf-8", "replace"))
        limits = sandbox.TYPESETTING
        with sandbox.run(
            CHILD, kind, file=file, seconds=limits.wall, patience=PATIENCE, children=TURN
        ) as ran:
            made = _parts(ran.output) if ran.status == 0 else []
    if not made:
        log.warning("reports.failed", extra={"kind": kind, "status": ran.status})
        raise Refused("document.failed")
    return made


def _parts(output: IO[bytes]) -> list[bytes]:
    """The parts that the child wrote after a line of JSON with their lengths."""
    lengths: list[int] = json.loads(output.readline(LINE_MOST))
    return [output.read(length) for length in lengths]
