"""Upload forms of a page with several kinds of files: one for each part, so that the part need not be chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import IO, TypeVar

from flask import request
from wtforms import FileField

from eventreg.core.db.session import let_go
from eventreg.core.uploaded_files.rules import ENDINGS, FILE_MOST

from .plain_form import PlainForm, RequiredField, saying_at
from .uploaded import find_uploaded

P = TypeVar("P", bound=StrEnum)
R = TypeVar("R")
Words = tuple[Callable[[], str], Callable[[], str], Callable[[], str]]  # its heading, its hint, its button
MOST_MB = FILE_MOST // 1024 // 1024


class UploadForm(PlainForm):
    """A file for one part."""

    file = FileField(validators=[RequiredField()])
    part: str
    heading: str
    send: str


def upload_forms(
    parts: type[P],
    words: Mapping[str, Words],
    taken: Mapping[P, Collection[object]],
    *,
    label: Callable[[str], str],
) -> dict[P, UploadForm]:
    """A form for each part, in order, in the reader's language; `taken` are the kinds of files that a part takes, and
    `label` words the field from the heading."""
    return {part: _form(part, words[str(part)], taken[part], label) for part in parts}


def sent_part(parts: type[P], *, otherwise: P) -> P:
    """The part whose form was sent; a part that does not exist counts as `otherwise`."""
    typed = request.form.get("part", "")
    return parts(typed) if typed in set(parts) else otherwise


def receive_from(form: UploadForm, write: Callable[[IO[bytes], str], R]) -> R | None:
    """Write the sent file to the disk with `write`; a refusal is shown at its field, and None is returned.

    No unit of work may be open, because reading takes seconds.
    """
    brought = find_uploaded(form.file.name)
    if brought is None:
        form.say("file", "file.missing")
        return None
    let_go()
    with saying_at(form, "file"):
        return write(brought.stream, brought.name)
    return None


def _form(part: P, words: Words, taken: Collection[object], label: Callable[[str], str]) -> UploadForm:
    form = UploadForm(prefix=f"{part}-")
    heading, hint, send = words
    form.part, form.heading, form.send = str(part), heading(), send()
    form.file.label.text = label(heading())
    form.file.description = hint()
    form.file.render_kw = {"accept": ",".join(end for end, kind in ENDINGS.items() if kind in taken)}
    return form
