"""A word processor opens the .docx that are made, without a word lost and on as many pages as are printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from eventreg.reports import nomination_form
from tests.rig import awards, cast
from tests.rig.printing import LONG_NAME, form

MAC = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
SECONDS = 120  # its first start makes a profile


@pytest.fixture
def paper(sqlite_app: Flask) -> Iterator[None]:
    """An award, and a request in Chinese."""
    awards.set_award(sqlite_app, cast.set_stage(sqlite_app))
    with sqlite_app.test_request_context():
        yield


def opened(content: bytes, folder: Path) -> list[str]:
    """What each page says when LibreOffice opens a .docx and prints it, without white space."""
    program = shutil.which("soffice") or MAC
    source, profile = folder / "form.docx", folder / "profile"
    source.write_bytes(content)
    subprocess.run(
        [
            program,
            "--headless",
            f"-env:UserInstallation={profile.as_uri()}",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    pages = PdfReader(folder / "form.pdf").pages
    return [re.sub(r"\s|\u200b", "", page.extract_text()) for page in pages]


@pytest.mark.usefixtures("paper")
def test_the_form_opens_with_all_its_words(tmp_path: Path) -> None:
    made = form(awards.written(1000, honours="县级三八红旗手\n先进工作者"))
    printed = len(PdfReader(_file(nomination_form.pdf(made), tmp_path)).pages)

    pages = opened(nomination_form.docx(made), tmp_path)

    whole = "".join(pages)
    assert [
        word
        for word in ("县级三八红旗手", "所在部门意见", "公司意见", "把小事办到用户心里")
        if word not in whole
    ] == []
    assert whole.count("字" * 20) >= 1
    assert abs(len(pages) - printed) <= 1


@pytest.mark.usefixtures("paper")
def test_a_long_name_is_whole_in_it(tmp_path: Path) -> None:
    pages = opened(nomination_form.docx(form(awards.written(), name=LONG_NAME)), tmp_path)

    assert LONG_NAME in "".join(pages)


def _file(content: bytes, folder: Path) -> Path:
    path = folder / "printed.pdf"
    path.write_bytes(content)
    return path
