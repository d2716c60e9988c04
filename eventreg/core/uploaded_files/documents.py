"""Word documents in the child process: their text, and a copy without information about their authors.

The text consists of paragraphs and table cells in the order of the document, one paragraph a line, without headers,
footers, notes, text boxes, comments and tracked deletions. 字数 is counted over this text.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any
from xml.parsers import expat

from lxml import etree

from . import bombs, pictures, revisions
from .file_facts import (
    PARAGRAPHS_MOST,
    TEXT_MOST,
    DocumentText,
    FileBomb,
    OtherFileInside,
    UnreadableFile,
    tidy,
)
from .rules import MAIN_PART

W = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
PASSED_OVER = {"txbxContent", "del", "moveFrom", "rt"}
MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}

PLAIN_PARTS = (".xml", ".rels")
DRAWN_PARTS = (".gif", ".bmp", ".emf", ".wmf", ".svg", ".odttf", ".ttf")
GONE = ("docProps/", "customXml/", "word/comments", "word/people", "word/glossary/")
GONE_RELATIONS = {
    "core-properties",
    "extended-properties",
    "custom-properties",
    "thumbnail",
    "comments",
    "commentsExtended",
    "commentsIds",
    "commentsExtensible",
    "people",
    "customXml",
    "attachedTemplate",
    "mailMergeSource",
    "mailMergeHeaderSource",
    "glossaryDocument",
}
NOWHERE = "about:blank"
LONG_AGO = (1980, 1, 1, 0, 0, 0)


class TextCollector:
    """Collects text while a parser reads a document; no tree is built, however large the document is."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self._line: list[str] = []
        self._path: list[str] = []
        self._over = 0  # depth within elements that are skipped
        self._most = TEXT_MOST

    def begin(self, name: str, _attributes: dict[str, str]) -> None:
        """An element begins. Raises OtherFileInside."""
        local = _word(name)
        if self._over or local in PASSED_OVER or name == FALLBACK:
            self._over += 1
        elif local == "altChunk":
            raise OtherFileInside
        elif local in MARKS and self._path[-1:] == ["r"]:
            self._line.append(MARKS[local])
        self._path.append(local)

    def end(self, _name: str) -> None:
        """An element ends; a paragraph with it."""
        local = self._path.pop()
        if self._over:
            self._over -= 1
        elif local == "p":
            if len(self.paragraphs) == PARAGRAPHS_MOST:
                raise UnreadableFile("more paragraphs than anybody reads")
            self.paragraphs.append("".join(self._line))
            self._line.clear()

    def text(self, heard: str) -> None:
        """Characters; those of a run's text count."""
        if self._over or self._path[-1] != "t":
            return
        self._most -= len(heard)
        if self._most < 0:
            raise UnreadableFile("more text than anybody reads")
        self._line.append(heard)


def read(content: bytes) -> DocumentText:
    """The document's text. Raises FileBomb, OtherFileInside, or an error of the parser for what is no document."""
    walk, parser = TextCollector(), expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = walk.begin
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.StartDoctypeDeclHandler = _no_dtd
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        bombs.check_parts(archive)
        main = min(filter(MAIN_PART.fullmatch, archive.namelist()), key=len)
        with archive.open(main) as part:
            parser.ParseFile(part)
    return DocumentText(tidy(walk.paragraphs))


def stripped(content: bytes) -> bytes:
    """A copy without properties, comments, authors, tracked changes, macros, links to other machines."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as was,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in was.namelist():
            part = None if name.endswith("/") or name.startswith(GONE) else _part(name, was.read(name))
            if part is not None:
                copy.writestr(zipfile.ZipInfo(name, LONG_AGO), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _word(name: str) -> str:
    """The local name of an element of a document, "" for one of anything else."""
    return next((name.removeprefix(space) for space in W if name.startswith(space)), "")


def _no_dtd(*_declared: object) -> None:
    raise FileBomb("a document declares entities")


def _part(name: str, content: bytes) -> bytes | None:
    """The copy of one part. Unknown parts are emptied inside the document's folder and left out elsewhere."""
    ending = "." + name.rpartition(".")[2].lower()
    if ending in PLAIN_PARTS:
        return _rewritten(name, content)
    if ending in DRAWN_PARTS and name.startswith("word/"):
        return content
    return pictures.without_metadata(content) if name.startswith("word/") else None


def _rewritten(name: str, content: bytes) -> bytes:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root: Any = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise FileBomb("a part declares entities")
    if name.endswith(".rels"):
        _relations(root)
    elif name == "[Content_Types].xml":
        _types(root)
    else:
        revisions.accept(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _relations(root: Any) -> None:
    """Remove relations to removed parts, and replace targets on somebody's disk or server."""
    for relation in list(root):
        kind = posixpath.basename(relation.get("Type", ""))
        outside = relation.get("TargetMode") == "External"
        if kind in GONE_RELATIONS:
            root.remove(relation)
        elif outside and (kind != "hyperlink" or not relation.get("Target", "").startswith("http")):
            relation.set("Target", NOWHERE)


def _types(root: Any) -> None:
    for declared in list(root):
        if declared.get("PartName", "").lstrip("/").startswith(GONE):
            root.remove(declared)
