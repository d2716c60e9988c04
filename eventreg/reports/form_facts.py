"""A filled form as plain facts that can be passed as JSON to the process that makes documents."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PHOTO_ROWS = 4  # the first rows, beside which a photo is glued


@dataclass(frozen=True, slots=True)
class PaperSeal:
    """What identifies a printed form: the check code, and the address in its QR code with two drawings of it."""

    code: str
    address: str
    svg: str
    png: bytes


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row: a label and its answer, or two of both. With `sign`, somebody signs below the answer."""

    cells: tuple[tuple[str, str], ...]
    sign: str = ""


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A filled form. Without a seal it is a draft, and every page says so."""

    title: str
    heading: str
    standing: str
    name: str
    rows: tuple[FormRow, ...]
    deeds: tuple[str, ...]
    deeds_heading: str
    figures: str
    draft: str
    code_label: str
    page: str
    photo: str
    company: str
    at: datetime
    seal: PaperSeal | None


def as_json(form: FilledForm) -> dict[str, Any]:
    """The form in values that JSON knows."""
    told = dataclasses.asdict(form)
    told["at"] = form.at.isoformat()
    if form.seal is not None:
        told["seal"]["png"] = base64.b64encode(form.seal.png).decode()
    return told


def from_json(told: Mapping[str, Any]) -> FilledForm:
    """The form that `as_json` was given."""
    rows = (
        FormRow(tuple((label, answer) for label, answer in row["cells"]), row["sign"]) for row in told["rows"]
    )
    seal = told["seal"]
    return FilledForm(
        **{
            **told,
            "rows": tuple(rows),
            "deeds": tuple(told["deeds"]),
            "at": datetime.fromisoformat(told["at"]),
            "seal": PaperSeal(**{**seal, "png": base64.b64decode(seal["png"])}) if seal else None,
        }
    )
