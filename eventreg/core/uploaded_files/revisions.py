"""Accept the tracked changes in a part of a Word document, and remove the names of authors."""

from __future__ import annotations

from typing import Any

WORD = ("wordprocessingml/2006/main", "wordprocessingml/main", "/office/word/")
REMOVED = {
    *("del", "moveFrom", "cellIns", "cellDel", "cellMerge", "numberingChange"),
    *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "tblPrExChange"),
    *("trPrChange", "tcPrChange"),
    *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
    *("commentRangeStart", "commentRangeEnd", "commentReference", "permStart", "permEnd"),
    *("customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd"),
    *("customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd"),
    *("customXmlMoveToRangeStart", "customXmlMoveToRangeEnd"),
    *("rsids", "docVars", "docId", "attachedTemplate", "mailMerge", "dataBinding", "documentProtection"),
}
UNWRAPPED = {"ins", "moveTo"}
PERSONAL = {"author", "initials", "date", "dateUtc", "userId", "providerId"}


def accept(root: Any) -> None:
    """Rewrite a part in place: insertions become text, deletions are removed, and no author is named."""
    for element in list(root.iter("*")):
        space, local = _split(element.tag)
        ours = any(mark in space for mark in WORD)
        if ours and element is not root and local in REMOVED:
            _remove(element, row=local == "del")
        elif ours and element is not root and local in UNWRAPPED:
            _unwrap(element)
        else:
            _anonymous(element)


def _remove(element: Any, *, row: bool) -> None:
    """Remove an element. The mark of a deleted table row is among its properties; then the row is removed."""
    parent = element.getparent()
    if parent is None:
        return
    if row and _split(parent.tag)[1] == "trPr":
        element, parent = parent.getparent(), parent.getparent().getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: Any) -> None:
    """Replace an insertion by its content; a mark without content is removed."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(place, child)
    parent.remove(element)


def _anonymous(element: Any) -> None:
    for name in list(element.attrib):
        space, local = _split(name)
        personal = local in PERSONAL and any(mark in space for mark in WORD)
        path = local == "descr" and "\\" in element.get(
            name
        )  # older versions of Word store a picture's file name
        if personal or path or local.startswith("rsid"):
            del element.attrib[name]


def _split(name: str) -> tuple[str, str]:
    space, _, local = name.rpartition("}")
    return space, local
