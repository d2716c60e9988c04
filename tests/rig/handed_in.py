"""Files as departments hand them in, full of what nobody else should read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

import docx
from docx.document import Document
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

CANARY = "Canary38Secret"
PARAGRAPHS = ("尊老爱幼，是她的家风。", "2024 年连任“三八红旗手”。")
CELLS = ("姓名", "王芳", "推荐单位")


def document(*paragraphs: str, cells: tuple[str, ...] = (), picture: bytes = b"") -> bytes:
    """A .docx with a table after its first paragraph."""
    made = docx.Document()
    for paragraph in paragraphs[:1]:
        made.add_paragraph(paragraph)
    if cells:
        row = made.add_table(rows=1, cols=len(cells)).rows[0]
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    for paragraph in paragraphs[1:]:
        made.add_paragraph(paragraph)
    if picture:
        made.add_picture(io.BytesIO(picture))
    return _saved(made)


def told_document() -> bytes:
    """The same with a canary wherever Word notes who wrote, changed or remarked something."""
    made = docx.Document()
    made.core_properties.author = made.core_properties.last_modified_by = CANARY
    made.core_properties.comments = CANARY
    first = made.add_paragraph(PARAGRAPHS[0])
    made.add_comment(first.runs, text=CANARY, author=CANARY, initials="C")
    made.add_picture(io.BytesIO(photo("JPEG")))
    made.add_picture(io.BytesIO(photo("PNG")))
    parts = _unpacked(_saved(made))
    body = parts["word/document.xml"].decode()
    mark = f'w:id="901" w:author="{CANARY}" w:date="2027-01-01T00:00:00Z"'
    changed = (
        f"<w:p><w:ins {mark}><w:r><w:t>{PARAGRAPHS[1]}</w:t></w:r></w:ins>"
        f"<w:del {mark}><w:r><w:delText>{CANARY}</w:delText></w:r></w:del></w:p>"
    )
    parts["word/document.xml"] = body.replace("<w:sectPr", changed + "<w:sectPr", 1).encode()
    parts["docProps/custom.xml"] = f"<Properties>{CANARY}</Properties>".encode()
    parts["docProps/app.xml"] = parts["docProps/app.xml"].replace(b"</Properties>", _company())
    parts["customXml/item1.xml"] = f"<x>{CANARY}</x>".encode()
    parts["word/embeddings/sheet.xlsx"] = CANARY.encode()
    return packed(parts)


def photo(kind: str, *, size: tuple[int, int] = (80, 40), turned: bool = False) -> bytes:
    """A picture with a canary in every place for words; `turned` is a phone held upright."""
    picture, out = Image.new("RGB", size, (200, 30, 60)), io.BytesIO()
    noted = Image.Exif()
    noted[0x010E], noted[0x9286], noted[0x8298] = CANARY, CANARY, CANARY
    if turned:
        noted[0x0112] = 6
    if kind == "PNG":
        words = PngInfo()
        words.add_text("Author", CANARY)
        words.add_itxt("Comment", CANARY, zip=True)
        picture.save(out, "PNG", exif=noted, pnginfo=words)
    else:
        picture.save(out, "JPEG", exif=noted, comment=CANARY, xmp=CANARY.encode())
    return out.getvalue() + CANARY.encode()


def paper(*lines: str, pages: int = 1) -> bytes:
    """A PDF with so many pages, each with these (ASCII) lines."""
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        _write_lines(writer, lines)
    writer.write(out)
    return out.getvalue()


def told_paper() -> bytes:
    """A PDF with a canary in its properties, XMP, notes, attachment, script, photo and earlier version."""
    writer, out = PdfWriter(), io.BytesIO()
    page = _write_lines(writer, ("Deeds",))
    writer.append(io.BytesIO(_as_paper(photo("JPEG"))))
    page = writer.pages[0]
    writer.add_metadata({"/Author": CANARY, "/Title": CANARY})
    writer.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY}</x:xmpmeta>".encode()
    writer.add_attachment("notes.txt", CANARY.encode())
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert({CANARY})")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(k): v for k, v in action.items()}
    )
    note = Text(text=CANARY, rect=(10, 10, 20, 20))
    note[NameObject("/T")] = TextStringObject(CANARY)
    writer.add_annotation(page, note)
    typed = FreeText(text="typed onto it", rect=(50, 50, 200, 80))
    typed[NameObject("/T")] = TextStringObject(CANARY)
    writer.add_annotation(page, typed)
    secret = DecodedStreamObject()
    secret.set_data(CANARY.encode())
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/X"): put_in(writer, secret)})
    writer.write(out)
    return out.getvalue()


def put_in(writer: PdfWriter, stream: StreamObject) -> IndirectObject:
    """Put a stream into a PDF as an object of its own; the reference to it. pypdf has no public name for this."""
    return writer._add_object(stream)


def locked_paper(*, owner_only: bool = False) -> bytes:
    """A PDF that asks for a password; with `owner_only` just for changing it."""
    writer, out = PdfWriter(io.BytesIO(paper("locked"))), io.BytesIO()
    writer.encrypt("" if owner_only else "secret", "owner", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip file of these members, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def everything_in(content: bytes) -> bytes:
    """All bytes that can be got out of a file: itself, members of zips, whatever inflates, strings of a PDF."""
    found = [content]
    if content.startswith(b"PK"):
        found += [everything_in(part) for part in _unpacked(content).values()]
    elif content.startswith(b"%PDF"):
        found += _objects_of(PdfReader(io.BytesIO(content)))
    elif content.startswith(b"\x89PNG"):
        found += [
            _inflated(content[at + 4 :])
            for at in range(len(content))
            if content[at : at + 4] in (b"zTXt", b"iTXt")
        ]
    return b"\n".join(found)


def _objects_of(reader: PdfReader) -> list[bytes]:
    """Every object of a PDF, reached or not: what it says, and its stream as it reads."""
    found = []
    for number in sorted({n for numbers in reader.xref.values() for n in numbers} | set(reader.xref_objStm)):
        thing = reader.get_object(number)
        found.append(repr(thing).encode())
        found.append(thing.get_data() if isinstance(thing, StreamObject) else b"")
    return found


def _inflated(content: bytes) -> bytes:
    start = content.find(b"\x78")
    try:
        return zlib.decompressobj().decompress(content[start:])
    except zlib.error:
        return b""


def _write_lines(writer: PdfWriter, lines: tuple[str, ...]) -> DictionaryObject:
    page = writer.add_blank_page(width=595, height=842)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    fonts = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): fonts})}
    )
    drawn = DecodedStreamObject()
    shown = "".join(f"BT /F1 12 Tf 72 {770 - 20 * n} Td ({line}) Tj ET\n" for n, line in enumerate(lines))
    drawn.set_data(shown.encode())
    page[NameObject("/Contents")] = put_in(writer, drawn)
    return page


def _as_paper(picture: bytes) -> bytes:
    """A PDF that holds a JPEG as it is, as scanners make them."""
    plain, out = PdfWriter(), io.BytesIO()
    page = plain.add_blank_page(width=200, height=100)
    held = DecodedStreamObject()
    held.set_data(picture)
    size = {"/Width": 80, "/Height": 40, "/BitsPerComponent": 8}
    names = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB", "/Filter": "/DCTDecode"}
    held.update({NameObject(k): NumberObject(v) for k, v in size.items()})
    held.update({NameObject(k): NameObject(v) for k, v in names.items()})
    images = DictionaryObject({NameObject("/Im1"): put_in(plain, held)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    drawn = DecodedStreamObject()
    drawn.set_data(b"q 200 0 0 100 0 0 cm /Im1 Do Q")
    page[NameObject("/Contents")] = put_in(plain, drawn)
    plain.write(out)
    return out.getvalue()


def _company() -> bytes:
    return f"<Company>{CANARY}</Company><Manager>{CANARY}</Manager></Properties>".encode()


def _saved(made: Document) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
