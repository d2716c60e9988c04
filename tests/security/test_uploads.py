"""Uploads are hostile: what would take memory or time ends its reader, and nobody else (law 16, T26)."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from flask import Flask

from eventreg.people.models import RosterUpload
from tests.people.test_roster_import import ADMINISTRATOR, bring, make_administrator
from tests.rig import cast, sight
from tests.rig.clients import signed_in_client


def _workbook(*lines: tuple[object, ...]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.worksheets[0].append(list(line))
    book.save(file)
    return file.getvalue()


def _with(change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook whose members were rewritten by hand."""
    file, plain = io.BytesIO(), _workbook(("工号", "姓名", "性别", "单位"), ("N1", "新人", "女", "办公室"))
    with zipfile.ZipFile(io.BytesIO(plain)) as was, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as now:
        for info in was.infolist():
            now.writestr(info.filename, change(Path(info.filename).stem, was.read(info)))
    return file.getvalue()


def billions(part: str, content: bytes) -> bytes:
    """Entities of entities, and one that is somebody's file."""
    if part != "sheet1":
        return content
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    body = content.replace(b"<sheetData>", b"<sheetData><row><c t='str'><v>&l9;&file;</v></c></row>")
    return head.encode() + body


def far(part: str, content: bytes) -> bytes:
    """Two cells at opposite corners."""
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return content.replace(b"</sheetData>", row) if part == "sheet1" else content


def many(part: str, content: bytes) -> bytes:
    """So many cells that a slow reader works on them for half a minute (D21)."""
    cells = b"".join(b"<c><v>%d</v></c>" % (n * 7919 % 10_007) for n in range(200))
    rows = (b"<row>" + cells + b"</row>") * 27_000 + b"</sheetData>"
    return content.replace(b"</sheetData>", rows) if part == "sheet1" else content


def _echo(times: int) -> bytes:
    """Little in the file, a lot in memory: one long text in very many cells (D20)."""
    file, noise = io.BytesIO(), random.Random(38).randbytes(16_000).hex()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    for row in range(times):
        sheet.write_string(row, 0, noise)
    book.close()
    return file.getvalue()


BOMBS = {
    "billions": lambda: _with(billions),
    "far": lambda: _with(far),
    "many": lambda: _with(many),
    "echo": lambda: _echo(20_000),
    "echo that fits the reader": lambda: _echo(2_000),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_with_a_sentence_and_harms_nobody(sqlite_app: Flask, bomb: str) -> None:
    stage = cast.set_stage(sqlite_app, now=cast.lately())
    make_administrator(sqlite_app, stage.people[ADMINISTRATOR])
    client, content = signed_in_client(sqlite_app, ADMINISTRATOR), BOMBS[bomb]()

    answer = bring(client, content, name="roster.xlsx")

    assert answer.status_code == 422
    assert "文件打不开" in answer.text
    assert sight.count(sqlite_app, RosterUpload) == 0
