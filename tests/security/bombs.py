"""Files that are made to harm, each small; and what it costs to be handed them, measured from outside.

usage: python -m tests.security.bombs FOLDER     receives every file in it, prints one JSON object
"""

from __future__ import annotations

import io
import json
import random
import resource
import stat
import struct
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, IndirectObject, NameObject, NumberObject

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.errors import Refused
from eventreg.core.uploaded_files import receiving
from eventreg.core.uploaded_files.rules import CONTENT_TYPES
from eventreg.reports import glyphs
from tests.conftest import close, make_app
from tests.rig import handed_in

MIB = 1024 * 1024
ACUTE = "\u0301"
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD, TAIL = f'<w:document xmlns:w="{SPACE}"><w:body>'.encode(), b"</w:body></w:document>"
EMPTY = HEAD + TAIL
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def _word(document: bytes, *more: str, content: bytes = b"x") -> bytes:
    """A document of this main part, and more members that hold `content`."""
    parts = {CONTENT_TYPES: TYPES, "word/document.xml": document}
    return handed_in.packed(parts | dict.fromkeys(more, content))


def _noise(size: int) -> bytes:
    return random.Random(38).randbytes(size)


def entities(name: str, *, system: str = "") -> bytes:
    """Entities of entities, or one that is somebody's file or page."""
    nine = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!ENTITY {name} SYSTEM "{system}">' if system else f'<!ENTITY l0 "lol">{nine}'
    text = f"<w:p><w:r><w:t>&{name};</w:t></w:r></w:p>"
    return _word(f"<!DOCTYPE x [{declared}]>".encode() + HEAD + text.encode() + TAIL)


def flate_in_flate(megabytes: int) -> bytes:
    """A PDF whose page inflates twice: kilobytes in the file, `megabytes` on the page (D22)."""
    block = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    zeros = block.compress(bytes(MIB)) + block.flush(zlib.Z_FULL_FLUSH)  # each block stands for itself
    total = struct.pack(">I", (megabytes * MIB % 65521) << 16 | 1)  # the sum of so many zeros (Adler-32)
    page = zlib.compress(b"\x78\x9c" + zeros * megabytes + b"\x03\x00" + total, 9)
    return _pdf(
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(page) + page + b"\nendstream"
    )


def _pdf(contents: bytes, *, kids: bytes = b"[3 0 R]") -> bytes:
    things = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids" + kids + b">>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        contents,
    ]
    out, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(things, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + thing + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def wide_png(side: int) -> bytes:
    """A black square of `side` pixels: some kilobytes, gigabytes when drawn."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    row, rows = bytes(1 + side // 8), zlib.compressobj(9)
    drawn = b"".join(rows.compress(row) for _ in range(side)) + rows.flush()
    size = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", drawn) + chunk(b"IEND", b"")


def crowded(members: int, *, lying: bool = False) -> bytes:
    """A zip of so many empty members; `lying`: its end record speaks of ten."""
    names = [b"word/%06d.xml" % number for number in range(members)]
    size = len(names[0])
    here = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, size, 0)
    there = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, size, *[0] * 6)
    files, listed = (b"".join(head + name for name in names) for head in (here, there))
    told = 10 if lying else min(members, 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, told, told, len(listed), len(files), 0)
    return files + listed + end


def lying_member(megabytes: int) -> bytes:
    """A document with a part that unpacks to so much and says that it is ten bytes, with a sum to match."""
    content = bytearray(_word(EMPTY, "word/media/a.emf", content=bytes(megabytes * MIB)))
    told = struct.pack("<L", 10)
    for mark, place, sum_at in ((b"PK\x03\x04", 22, 14), (b"PK\x01\x02", 24, 16)):
        at = content.rfind(mark)
        content[at + place : at + place + 4] = told
        content[at + sum_at : at + sum_at + 4] = struct.pack("<L", zlib.crc32(bytes(10)))
    return bytes(content)


def with_image(side: int, *, inside: bool = False) -> bytes:
    """A PDF whose page shows a picture of `side` pixels each way; `inside` a form of its own."""
    writer = PdfWriter()
    page = writer.add_blank_page(99, 99)
    image = DecodedStreamObject()
    image.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image")})
    image.update({NameObject(name): NumberObject(side) for name in ("/Width", "/Height")})
    drawn = _resources(handed_in.put_in(writer, image))
    if inside:
        form = DecodedStreamObject()
        form.update({NameObject("/Subtype"): NameObject("/Form"), NameObject("/Resources"): drawn})
        drawn = _resources(handed_in.put_in(writer, form))
    page[NameObject("/Resources")] = drawn
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _resources(thing: IndirectObject) -> DictionaryObject:
    return DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/X"): thing})})


def typeset_marks(count: int) -> bytes:
    """A PDF whose text is one letter under so many marks."""
    import typst

    text = f'#set text(font: "{glyphs.SERIF}")\ne{ACUTE * count}'.encode()
    made = typst.compile(text, font_paths=glyphs.fonts(), ignore_system_fonts=True, format="pdf")
    assert isinstance(made, bytes)
    return made


def wide_jpg(side: int) -> bytes:
    """A photo that says that it has so many pixels each way."""
    content = bytearray(handed_in.photo("JPEG"))
    frame = content.find(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
    return bytes(content)


def link() -> bytes:
    """A member that is a symbolic link."""
    out, member = io.BytesIO(_word(HEAD + TAIL)), zipfile.ZipInfo("word/media/a.png")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(member, "/etc/passwd")
    return out.getvalue()


def locked_member() -> bytes:
    """A zip whose members want a password."""
    content = bytearray(_word(HEAD + TAIL))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + place] |= 1
    return bytes(content)


def ole(stream: str) -> bytes:
    """What Word wrote before 2007, and what it still writes behind a password."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + stream.encode("utf-16-le") + bytes(2000)


PARAGRAPH = b"<w:p><w:r><w:t>" + "女神节".encode() + b"</w:t></w:r></w:p>"
NOISE = "word/media/image1.jpg"
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    # name: what becomes of it, how it is made
    "harmless.docx": ("read and copied", lambda: _word(HEAD + PARAGRAPH * 99 + TAIL)),
    "harmless.pdf": ("read and copied", lambda: flate_in_flate(1)),
    "harmless.png": ("read and copied", lambda: wide_png(2_000)),
    "large.docx": ("archive.bomb", lambda: _word(HEAD + PARAGRAPH * 400_000 + TAIL)),
    "text.docx": ("unread", lambda: _word(HEAD + PARAGRAPH * 700_000 + TAIL, NOISE, content=_noise(MIB))),
    "lines.docx": ("unread", lambda: _word(HEAD + b"<w:p/>" * 300_000 + TAIL, NOISE, content=_noise(MIB))),
    "deep.docx": (
        "read",
        lambda: _word(HEAD + b"<w:p>" * 100_000 + b"</w:p>" * 100_000 + TAIL, NOISE, content=_noise(MIB)),
    ),
    "laughs.docx": ("file.bomb", lambda: entities("l9")),
    "file.docx": ("file.bomb", lambda: entities("f", system="file:///etc/passwd")),
    "page.docx": ("file.bomb", lambda: entities("p", system="http://127.0.0.1:9/")),
    "types.docx": (
        "file.bomb",
        lambda: _word(EMPTY, "word/styles.xml", content=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ),
    "utf16.docx": (
        "file.bomb",
        lambda: _word(EMPTY, "word/styles.xml", content="\ufeff<!DOCTYPE a><a/>".encode("utf-16-le")),
    ),
    "picture.docx": (
        "file.bomb",
        lambda: _word(EMPTY, "word/media/a.png", content=wide_png(30_000) + _noise(2 * MIB)),
    ),
    "drawing.docx": ("read and copied", lambda: _word(EMPTY, "word/media/a.png", content=wide_png(300))),
    "grown.docx": ("file.bomb", lambda: lying_member(64)),
    "marks.docx": (
        "file.marks",
        lambda: _word(HEAD + f"<w:p><w:r><w:t>e{ACUTE * 20_000}</w:t></w:r></w:p>".encode() + TAIL),
    ),
    "crowded.docx": ("archive.bomb", lambda: crowded(100_000)),
    "lying.docx": ("archive.bomb", lambda: crowded(100_000, lying=True)),
    "many.docx": ("archive.bomb", lambda: crowded(2_001)),
    "astray.docx": ("archive.unsafe", lambda: _word(EMPTY, "../../instance/secret")),
    "absolute.docx": ("archive.unsafe", lambda: _word(EMPTY, "/etc/passwd")),
    "windows.docx": ("archive.unsafe", lambda: _word(EMPTY, "C:\\x")),
    "twice.docx": ("archive.unsafe", lambda: _word(EMPTY, "WORD/document.xml")),
    "link.docx": ("archive.unsafe", link),
    "locked.docx": ("archive.encrypted", locked_member),
    "password.docx": ("file.encrypted", lambda: ole("EncryptedPackage")),
    "renamed.docx": ("file.old_word", lambda: ole("WordDocument")),
    "old.doc": ("file.old_word", lambda: ole("WordDocument")),
    "nested.docx": ("file.packed", lambda: _word(EMPTY, "word/b.zip", content=crowded(10))),
    "macros.docx": ("file.macros", lambda: _word(EMPTY, "word/vbaProject.bin")),
    "table.docx": ("file.not_word", lambda: handed_in.packed({CONTENT_TYPES: TYPES, "xl/workbook.xml": b""})),
    "cut.docx": ("archive.broken", lambda: _word(HEAD + PARAGRAPH * 99 + TAIL)[:400]),
    "flate.pdf": ("file.bomb", lambda: flate_in_flate(2048)),
    "loop.pdf": ("unread", lambda: _pdf(b"<<>>", kids=b"[2 0 R 3 0 R]")),
    "cut.pdf": ("file.cut", lambda: handed_in.paper("Deeds")[:40]),
    "password.pdf": ("file.encrypted", handed_in.locked_paper),
    "image.pdf": ("file.bomb", lambda: with_image(30_000)),
    "image_in_form.pdf": ("file.bomb", lambda: with_image(30_000, inside=True)),
    "marks.pdf": ("file.marks", lambda: typeset_marks(100)),
    "wide.png": ("file.bomb", lambda: wide_png(30_000)),
    "half.png": ("file.cut_picture", lambda: handed_in.photo("PNG", size=(800, 400))[:-40]),
    "large.png": ("unread", lambda: wide_png(8_000)),
    "wide.jpg": ("file.bomb", lambda: wide_jpg(30_000)),
    "cut.png": ("unread", lambda: handed_in.photo("PNG")[:30]),
    "polyglot.jpg": ("file.kind", lambda: b"GIF89a/*" + bytes(9) + b"*/=1;alert(1)"),
    "word.pdf": ("file.ending_differs", lambda: _word(EMPTY)),
    "page.html": ("file.kind", lambda: b"<script>alert(1)</script>"),
    "deed.pdf.html": ("file.kind", lambda: handed_in.paper("Deeds")),
    "drawing.svg": ("file.kind", lambda: b"<svg onload='alert(1)'/>"),
    "empty.pdf": ("file.empty", lambda: b""),
    "big.pdf": ("file.too_big", lambda: b"%PDF-1.7" + bytes(25 * MIB)),
}


def build(folder: Path) -> None:
    """Write every bomb."""
    for name, (_outcome, made) in BOMBS.items():
        (folder / name).write_bytes(made())


def _outcome(file: Path) -> str:
    with file.open("rb") as stream:
        try:
            received = receiving.receive(stream, file.name, began=utc_now())
        except Refused as refused:
            return refused.code
    return f"{received.reading.state}{' and copied' if received.reading.copied else ''}"


def _spent() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def main() -> None:
    """Receive everything; print outcome and processor seconds of each, and peaks in MiB of us and of any child."""
    told: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Settings(instance=Path(folder) / "instance", scheduler=False))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with app.app_context():
            for file in sorted(Path(sys.argv[1]).iterdir()):
                spent = _spent()
                told[file.name] = (_outcome(file), round(_spent() - spent, 2))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        left = sorted(path.name for path in (Path(folder) / "instance/files").glob("??/*"))
        close(app)
    print(json.dumps({"bombs": told, "grown": grown // 1024, "child": child // 1024, "left": len(left)}))


if __name__ == "__main__":
    main()
