"""Send the 汇总表 of a department or of an award as a file."""

from __future__ import annotations

from werkzeug.wrappers import Response

from eventreg.reports import nomination_summary
from eventreg.reports.nomination_summary import NominationSummary
from eventreg.web.app.attachments import made_here, workbook


def sheet(summary: NominationSummary) -> Response:
    """A summary as an .xlsx."""
    return workbook(lambda file: nomination_summary.write(file, summary), name=summary.title)


def document(summary: NominationSummary, *, back: str) -> Response:
    """A summary as a PDF; `back` is the page where it was asked for."""
    return made_here(
        lambda: nomination_summary.pdf(summary), name=f"{summary.title}.pdf", kind="pdf", back=back
    )
