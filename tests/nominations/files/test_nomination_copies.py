"""What is read in a file that was handed in, and the copy of it that judges get."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader

from eventreg.core.errors import Refused
from eventreg.core.uploaded_files import receiving, store
from eventreg.core.uploaded_files.rules import FileKind, FileState
from eventreg.nominations import wordcount
from eventreg.nominations.files import service
from tests.rig import handed_in
from tests.rig.handed_in import CANARY, CELLS, PARAGRAPHS, everything_in

from .handing_in import HERS, NOW, copy_of, hand_in, set_owner


@pytest.fixture
def owner(sqlite_app: Flask) -> Iterator[int]:
    """The contact who hands in; the app's context is open."""
    owner_id = set_owner(sqlite_app)
    with sqlite_app.app_context():
        yield owner_id


def test_a_document_is_read_in_its_order_and_counted_like_typed_text(owner: int) -> None:
    kept = hand_in(owner, handed_in.document(*PARAGRAPHS, cells=CELLS), "事迹.docx")

    text = "\n".join((PARAGRAPHS[0], *CELLS, PARAGRAPHS[1]))
    assert service.text_of(kept.id, within=[HERS]) == text
    assert (kept.state, kept.zishu, kept.pages) == (FileState.READ, wordcount.zishu(text), None)


def test_a_pdf_tells_its_pages_and_its_text(owner: int) -> None:
    kept = hand_in(owner, handed_in.paper("Deeds 1000", pages=3), "事迹.pdf")

    assert service.text_of(kept.id, within=[HERS]) == "\n".join(["Deeds 1000"] * 3)
    assert (kept.pages, kept.zishu) == (3, 6)


def test_a_scanned_page_has_no_text_rather_than_none_of_it(owner: int) -> None:
    kept = hand_in(owner, handed_in.paper(), "扫描.pdf")

    assert (kept.state, kept.zishu, service.text_of(kept.id, within=[HERS])) == (FileState.READ, None, None)


def test_a_pdf_that_only_may_not_be_changed_is_read(owner: int) -> None:
    assert hand_in(owner, handed_in.locked_paper(owner_only=True), "a.pdf").zishu == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("事迹.docx", handed_in.told_document()),
        ("事迹.pdf", handed_in.told_paper()),
        ("照片.jpg", handed_in.photo("JPEG")),
        ("照片.png", handed_in.photo("PNG")),
    ],
)
def test_judges_get_a_copy_that_names_nobody_and_the_original_stays(
    owner: int, name: str, content: bytes
) -> None:
    kept = hand_in(owner, content, name)

    assert CANARY.encode() in everything_in(content)
    assert CANARY.encode() not in everything_in(copy_of(kept))
    assert kept.path.read_bytes() == content


def test_a_copied_document_opens_and_says_what_it_said_with_its_changes_accepted(owner: int) -> None:
    copy = docx.Document(io.BytesIO(copy_of(hand_in(owner, handed_in.told_document(), "事迹.docx"))))

    assert [p.text for p in copy.paragraphs if p.text] == list(PARAGRAPHS)
    assert (len(copy.inline_shapes), copy.core_properties.author) == (2, "")


def test_a_copied_pdf_shows_the_same_pages_and_what_was_typed_onto_them(owner: int) -> None:
    copy = PdfReader(io.BytesIO(copy_of(hand_in(owner, handed_in.told_paper(), "事迹.pdf"))))

    notes = [note.get_object() for note in copy.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert [page.extract_text() for page in copy.pages] == ["Deeds", ""]
    assert [(note["/Subtype"], note["/Contents"]) for note in notes] == [("/FreeText", "typed onto it")]
    assert copy.pages[1].images[0].image.size == (80, 40)  # type: ignore[union-attr]
    assert (copy.metadata, copy.attachments) == (None, {})


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "照片.jpg"), ("PNG", "照片.png")])
def test_a_copied_photo_stands_upright(owner: int, kind: str, name: str) -> None:
    kept = hand_in(owner, handed_in.photo(kind, turned=True), name)

    with Image.open(io.BytesIO(copy_of(kept))) as copy:
        assert (copy.format, copy.size, dict(copy.getexif())) == (kind, (40, 80), {})


def test_what_cannot_be_read_is_kept_and_judges_get_no_copy(owner: int) -> None:
    kept = hand_in(owner, handed_in.photo("PNG")[:30], "照片.png")

    assert (kept.state, kept.path.stat().st_size) == (FileState.UNREAD, 30)
    with pytest.raises(Refused) as no:
        service.stripped(kept.id, within=[HERS])
    assert no.value.code == "file.no_copy"


def test_a_refused_file_leaves_nothing_on_the_disk(owner: int) -> None:
    for name, content in (("a.pdf", b"MZ"), ("a.pdf", handed_in.locked_paper()), ("a.docx", b"PK\x03\x04")):
        with pytest.raises(Refused):
            hand_in(owner, content, name)

    assert (list(store.folder().glob("??/*")), service.list_files([HERS])) == ([], [])


def test_a_name_that_leads_elsewhere_writes_nowhere_else(owner: int, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if "files" not in path.parts}

    kept = hand_in(owner, handed_in.paper("Deeds"), "../../../instance/keys/keys.pdf")

    assert (kept.name, kept.path.parent.parent) == ("keys.pdf", store.folder())
    assert {path for path in tmp_path.rglob("*") if "files" not in path.parts} == before


def test_files_are_ours_alone(owner: int) -> None:
    kept = hand_in(owner, handed_in.paper("Deeds"), "事迹.pdf")
    found = (kept.path, store.copy_of(kept.id), kept.path.parent, store.folder())

    assert [path.stat().st_mode & 0o777 for path in found] == [0o600, 0o600, 0o700, 0o700]


def test_kinds_can_be_narrowed(owner: int) -> None:
    with pytest.raises(Refused) as no:
        receiving.receive(io.BytesIO(b"%PDF-1.4"), "a.pdf", began=NOW, allowed=(FileKind.JPG, FileKind.PNG))

    assert no.value.code == "file.kind"
