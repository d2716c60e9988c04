"""View models of a nomination's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.uploaded_files.extracted_text import ExtractedText
from eventreg.core.uploaded_files.rules import FileState
from eventreg.nominations.files.rules import MaterialPart, in_time
from eventreg.nominations.files.service import FileFacts
from eventreg.words import times
from eventreg.words.award import material_words


@dataclass(frozen=True, slots=True)
class FileView:
    """One file in a list. `text_url` shows its extracted text, `drop_url` removes it; each only where allowed."""

    name: str
    part: str
    lines: tuple[str, ...]
    state: tuple[str, str]
    url: str
    text_url: str
    drop_url: str


def papers(
    found: Sequence[FileFacts],
    campaign: CampaignFacts,
    *,
    closes_at: datetime,
    changes: bool,
    download: str = "materials.download",
    **address: Any,
) -> tuple[FileView, ...]:
    """The files of a nomination, the oldest first; `changes` says whether files may be removed, `download` is the endpoint
    that sends one, `address` what else its address needs."""
    made = (_paper(file, campaign, closes_at=closes_at, changes=changes) for file in found)
    return tuple(
        replace(paper, url=_url(download, file, **address)) for paper, file in zip(made, found, strict=True)
    )


def mended(text: ExtractedText | None) -> str:
    """What was done to the text of a file, in words; "" if nothing was."""
    if text is None:
        return ""
    return material_words.mended(joined=text.joined, replaced=text.replaced, removed=text.removed)


def _paper(file: FileFacts, campaign: CampaignFacts, *, closes_at: datetime, changes: bool) -> FileView:
    late = not in_time(began=file.began_at, ended=file.kept_at, closes_at=closes_at)
    waits = file.state is FileState.WAITING
    read = "" if waits else material_words.told(file.kind, pages=file.pages, zishu=file.zishu)
    kept_at = times.moment(file.kept_at.astimezone(campaign.zone))
    return FileView(
        name=file.name,
        part=material_words.part(file.part),
        lines=tuple(line for line in (read, f"{material_words.size(file.size)} {kept_at}") if line),
        state=material_words.standing(file.state, copied=file.copied, late=late),
        url="",
        text_url=_url("materials.text", file) if changes and file.part is MaterialPart.DEEDS else "",
        drop_url=_url("materials.drop", file) if changes else "",
    )


def _url(view: str, file: FileFacts, **address: Any) -> str:
    return url_for(view, nomination_id=file.nomination_id, file_id=file.id, **address)
