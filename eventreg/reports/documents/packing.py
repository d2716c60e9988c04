"""Put the parts of a document into one file, each as soon as it is typeset: little memory, however many there are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.uploaded_files.file_names import file_name
from eventreg.nominations.files import service as files
from eventreg.reports import nomination_summary, typeset
from eventreg.reports.typeset import Sheet

from . import award_papers
from .rules import DocumentKind


def ending_of(kind: DocumentKind, parts: int) -> str:
    """A document of several parts is a zip, but for a booklet; the forms of an award always are."""
    if kind is DocumentKind.BOOKLET or (parts == 1 and kind is not DocumentKind.FORMS):
        return "pdf"
    return "zip"


def write(
    into: BinaryIO, kind: DocumentKind, name: str, sheets: Sequence[Sheet], *, made: Callable[[int], None]
) -> None:
    """Typeset and write a document that is not an award's zip. `made` is told the number of parts so far.

    Raises what `limited.make` raises.
    """
    parts = _typeset(sheets, made)
    if kind is DocumentKind.BOOKLET:
        into.write(award_papers.joined(parts))
    elif ending_of(kind, len(sheets)) == "pdf":
        into.write(next(parts))
    else:
        with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
            for number, part in enumerate(parts, 1):
                archive.writestr(f"{name}-{number}.pdf", part)


def write_forms(
    into: BinaryIO,
    campaign: CampaignFacts,
    sheets: Sequence[Sheet],
    *,
    now: datetime,
    made: Callable[[int], None],
) -> None:
    """The zip of an award: the summary, and for each nomination a folder with its form and the files as they were uploaded."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        summary = io.BytesIO()
        nomination_summary.write(summary, nomination_summary.of_award(campaign, now=now))
        archive.writestr(f"{_('汇总表')}.xlsx", summary.getvalue())
        for number, (sheet, part) in enumerate(zip(sheets, _typeset(sheets, made), strict=True), 1):
            folder = file_name(f"{number:02} {sheet.facts.get('name', '')}")
            archive.writestr(f"{folder}/{_('推荐表')}.pdf", part)
            for place, file in enumerate(files.list_files([sheet.nomination_id]), 1):
                if file.path.is_file():  # not on the disk of another machine, or in a backup without files
                    archive.write(file.path, f"{folder}/{place} {file.name}")


def _typeset(sheets: Sequence[Sheet], made: Callable[[int], None]) -> Iterator[bytes]:
    for number, sheet in enumerate(sheets, 1):
        yield typeset.pdf(sheet)
        made(number)
