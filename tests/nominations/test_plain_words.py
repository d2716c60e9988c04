"""Quota files and extracted texts spell units and words in other code points."""

from __future__ import annotations

import io

import pytest

from eventreg.core.uploaded_files.extracted_text import mend
from eventreg.core.uploaded_files.file_facts import tidy
from eventreg.core.uploaded_files.rules import FileKind
from eventreg.nominations import quota_file
from eventreg.nominations.quotas import QuotaLine
from eventreg.nominations.screening.overlap import letters

LINES = [QuotaLine(1, "办公室（党委）", 9), QuotaLine(2, "⾼新供电所", 9)]


@pytest.mark.parametrize(
    ("written", "unit_id"),
    [
        ("办公室(党委)", 1),
        ("办公室 （党 委）", 1),
        ("办公室\u200b（党委）", 1),
        ("高新供电所", 2),
        ("⾼新供电所", 2),
    ],
)
def test_a_quota_file_names_a_unit_in_any_spelling(written: str, unit_id: int) -> None:
    file = io.BytesIO(f"单　位,名\u200b额\n{written},３\n".encode())

    assert {id_: wish.places for id_, wish in quota_file.read("a.csv", file, LINES).requests.items()} == {
        unit_id: 3
    }


@pytest.mark.parametrize("seen", ["⻘天", "青\u200b天", "青\u00ad天"])
def test_extracted_text_has_the_characters_that_people_type(seen: str) -> None:
    stored = tidy([seen, "龚\ue863"])  # radicals stay, so that the page can say how many were replaced

    assert mend(stored, FileKind.DOCX).text == "青天\n龚䶮"
    assert letters(seen) == "青天"
