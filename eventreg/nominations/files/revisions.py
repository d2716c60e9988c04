"""Who wrote what in a Word document, taken out of one of its parts: tracked changes accepted, marks gone."""

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
    """Rewrite a part in place: what was inserted stands, what was deleted is gone, nobody is named."""
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
    """Take an element out; a deleted row's mark stands among its properties and takes the row along."""
    parent = element.getparent()
    if parent is None:
        return
    if row and _split(parent.tag)[1] == "trPr":
        element, parent = parent.getparent(), parent.getparent().getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: Any) -> None:
    """Put what an insertion holds in its place; a mark without content goes."""
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
        path = local == "descr" and "\\" in element.get(name)  # older Word describes a picture by its file
        if personal or path or local.startswith("rsid"):
            del element.attrib[name]


def _split(name: str) -> tuple[str, str]:
    space, _, local = name.rpartition("}")
    return space, local
