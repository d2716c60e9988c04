"""Fill the fields of a form in a rendered page with what the visitor had typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import lxml.html

Pairs = list[tuple[str, str]]

OF_THE_PAGE = {"csrf_token", "idempotency_key"}  # fields that keep the page's values
AGES = {
    "version",
    "form_version",
    "answers_version",
}  # keeps the typed value, so that a change made meanwhile is noticed
CHOSEN = {"checkbox", "radio"}
NOT_FILLED = {"file", "submit", "button", "reset", "image", "password"}


def filled(page: str, *, action: str, pairs: Pairs) -> str | None:
    """The page with its form for `action` filled in; None if it has no such form.

    Of several forms with that address it is the one with the same hidden fields as the kept form.
    """
    document = lxml.html.document_fromstring(page)
    form = next((form for form in document.forms if _is_meant(form, action, pairs)), None)
    if form is None:
        return None
    for field in _fields(form):
        _fill(field, pairs)
    return str(lxml.html.tostring(document, doctype="<!DOCTYPE html>", encoding="unicode"))


def _is_meant(form: Any, action: str, pairs: Pairs) -> bool:
    if form.get("action") != action or form.method != "POST":
        return False
    hidden = [field for field in _fields(form) if field.get("type") == "hidden"]
    told = [(field.get("name"), field.get("value", "")) for field in hidden if field.get("name") not in AGES]
    return all(pair in pairs for pair in told if pair[0] not in OF_THE_PAGE)


def _fields(form: Any) -> Iterator[Any]:
    return (field for field in form.iter("input", "select", "textarea") if field.get("name"))


def _fill(field: Any, pairs: Pairs) -> None:
    name, kind = field.get("name"), field.get("type", "text")
    values = [value for key, value in pairs if key == name]
    if name in OF_THE_PAGE or kind in NOT_FILLED:
        return
    if field.tag == "select":
        for option in field.iter("option"):
            _mark(option, "selected", on=option.get("value", option.text or "") in values)
    elif kind in CHOSEN:
        _mark(field, "checked", on=field.get("value", "on") in values)
    elif values and field.tag == "textarea":
        field.text = "\n" + values[0]  # because browsers drop the first line break
    elif values:
        field.set("value", values[0])


def _mark(field: Any, mark: str, *, on: bool) -> None:
    if on:
        field.set(mark, mark)
    else:
        field.attrib.pop(mark, None)
