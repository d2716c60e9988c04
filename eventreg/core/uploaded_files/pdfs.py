"""PDFs in the child process: their text and number of pages, and a copy of the pages alone.

A copy holds only what the pages refer to, so earlier versions of the file, attachments, scripts and the author are
left out. Comments are removed; what was drawn or typed onto a page stays.
"""

from __future__ import annotations

import io
import re
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from . import bombs, pictures
from .extracted_text import HYPHEN
from .file_facts import TEXT_MOST, CutFile, DocumentText, EncryptedFile, FileBomb, UnreadableFile, tidy
from .printed_text import PAGE

PAGES_MOST = 500
GONE = ("/Metadata", "/PieceInfo", "/AA", "/LastModified", "/OpenAction", "/Names", "/AF", "/Thumb")
NOTES = {"/Text", "/Popup", "/FileAttachment", "/Sound", "/Movie", "/RichMedia", "/Screen", "/3D"}
OF_THE_AUTHOR = ("/T", "/Subj", "/M", "/CreationDate", "/NM", "/Popup", "/IRT", "/RC")
END_MARK, TABLE_MARK = b"%%EOF", b"startxref"
OBJECT = re.compile(rb"[\r\n]\d+ \d+ obj\b")
PHOTO = "/DCTDecode"
SOFT_HYPHEN = re.compile(r"\u00ad(?=[ \t]*$)", re.MULTILINE)


def read(content: bytes) -> DocumentText:
    """The text, None for scanned pages, and the number of pages.

    Raises EncryptedFile for a file with a password, CutFile for one without its end, FileBomb for a bomb, UnreadableFile
    for a file with too many pages or too much text.
    """
    if is_cut(content):
        raise CutFile
    try:
        return _seen(_opened(content))
    except (
        LimitReachedError
    ) as error:  # a stream that unpacks to more than pypdf allows, or circular references
        raise FileBomb("a PDF without bounds") from error


def is_cut(content: bytes) -> bool:
    """Whether the end of a PDF is missing: objects follow its last end mark, or it has neither that nor a table of objects.

    A PDF made for the web has an end mark near its beginning, and one that was changed has one for each version.
    """
    end = content.rfind(END_MARK)
    if end < 0:
        return TABLE_MARK not in content
    return OBJECT.search(content, end) is not None


def _seen(reader: PdfReader) -> DocumentText:
    if len(reader.pages) > PAGES_MOST:
        raise UnreadableFile("more pages than anybody reads")
    texts, size = [], 0
    for page in reader.pages:
        bombs.check_resources(page)
        if (drawn := page.get_contents()) is not None:
            drawn.get_data()  # when it extracts text, pypdf silently skips streams that unpack to too much
        texts.append(_page_text(page))
        size += len(texts[-1])
        if size > TEXT_MOST:
            raise UnreadableFile("more text than anybody reads")
    whole = tidy([PAGE * (n > 0) + text for n, text in enumerate(texts)])
    return DocumentText(whole if whole.strip() else None, len(texts))


def _page_text(page: PageObject) -> str:
    """The text of a page. Its indents stay; a soft hyphen at the end of a line divides a word there."""
    text = page.extract_text().strip("\r\n").rstrip()
    return SOFT_HYPHEN.sub(HYPHEN, text)


def stripped(content: bytes) -> bytes:
    """A copy of the pages. It is copied twice, because only the second copy leaves out what the first one removed."""
    first, out = _copied(_opened(content)), io.BytesIO()
    for page in first.pages:
        _without_notes(page)
    for thing in _everything(first):
        _bare(thing)
    _copied(first).write(out)
    return out.getvalue()


def _opened(content: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise EncryptedFile
    return reader


def _copied(pages_of: PdfReader | PdfWriter) -> PdfWriter:
    """A copy of the pages and what they refer to."""
    copy = PdfWriter()
    for page in pages_of.pages:
        copy.add_page(page)
    copy.metadata = None
    return copy


def _without_notes(page: DictionaryObject) -> None:
    """Keep annotations that are visible on the page, without their author; remove the others."""
    noted = page.get("/Annots")
    if noted is None:
        return
    shown = ArrayObject()
    for reference in noted.get_object():
        note: Any = reference.get_object()
        if not isinstance(note, DictionaryObject) or note.get("/Subtype") in NOTES:
            continue
        _unsigned(note)
        shown.append(reference)
    page[NameObject("/Annots")] = shown


def _unsigned(note: DictionaryObject) -> None:
    for key in OF_THE_AUTHOR:
        if key in note and not (
            key == "/T" and note.get("/Subtype") == "/Widget"
        ):  # in a form field this is its name
            del note[key]
    action: Any = note.get("/A")
    if action is not None and action.get_object().get("/S") not in {"/URI", "/GoTo"}:
        del note["/A"]


def _everything(writer: PdfWriter) -> list[DictionaryObject]:
    """Every dictionary and stream that will be written, nested ones included, each once."""
    waiting: list[Any] = [writer.root_object, *writer.pages]
    met: set[int] = set()
    found: list[DictionaryObject] = []
    while waiting:
        thing = waiting.pop().get_object()
        if id(thing) in met:
            continue
        met.add(id(thing))
        if isinstance(thing, DictionaryObject):
            found.append(thing)
            waiting += thing.values()
        elif isinstance(thing, ArrayObject):
            waiting += thing
    return found


def _bare(thing: DictionaryObject) -> None:
    for key in GONE:
        if key in thing:
            del thing[key]
    filters = thing.get("/Filter")
    if isinstance(thing, StreamObject) and filters in (PHOTO, [PHOTO]):
        thing._data = pictures.without_metadata(thing._data)  # noqa: SLF001  (there is no public way)
        if not thing._data:  # noqa: SLF001
            raise UnreadableFile("a photo that is none")
