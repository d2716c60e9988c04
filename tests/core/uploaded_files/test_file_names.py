"""Of a file's name only the last part is stored, whatever system sent it."""

from __future__ import annotations

import pytest

from eventreg.core.uploaded_files.file_names import NAME_MOST, file_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("事迹.docx", "事迹.docx"),
        ("女神节.pdf", "女神节.pdf"),
        ("C:\\用户\\王芳\\事迹.docx", "事迹.docx"),
        ("../../instance/secret.pdf", "secret.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        (" CON.pdf ", "_CON.pdf"),
        (r"D:\材料\事迹.docx", "事迹.docx"),
        (r"\\server\share\事迹.docx", "事迹.docx"),
        ("C:事迹.docx", "事迹.docx"),
        ("../../etc/事迹.docx", "事迹.docx"),
        ("/srv/li/事迹.docx", "事迹.docx"),
        (r"folder/..\事迹.docx", "事迹.docx"),
        ("folder/", "folder"),
        ("  事迹 　 终稿.docx ", "事迹 终稿.docx"),
        ("事迹.docx\u3000", "事迹.docx"),
        ("事迹.docx . .", "事迹.docx"),
        ("事迹. docx", "事迹.docx"),
        ("事\u200b迹\u202excod.pdf", "事迹xcod.pdf"),
        ("a\tb\r\nc\0.pdf", "abc.pdf"),
        (".docx", "file.docx"),
        (" .xlsx", "file.xlsx"),
        ("...", ""),
        (" \u3000 ", ""),
        ("../..", ""),
        ("", ""),
        ("CON", "_CON"),
        ("con.docx", "_con.docx"),
        ("LPT1.tar.pdf", "_LPT1.tar.pdf"),
        ("COM10.pdf", "COM10.pdf"),
        ("contract.pdf", "contract.pdf"),
        ("nul. .pdf", "_nul.pdf"),
        ("版本1.2 终稿", "版本1.2 终稿"),
        ("Cafe\u0301.pdf", "Café.pdf"),
        ("⾼⻘.pdf", "高青.pdf"),
        ("一：二.pdf", "一：二.pdf"),
    ],
)
def test_the_last_part_is_kept(sent: str, kept: str) -> None:
    assert file_name(sent) == kept
    assert file_name(kept) == kept


def test_a_long_name_keeps_its_ending() -> None:
    assert file_name("事" * 300 + ".docx") == "事" * (NAME_MOST - 5) + ".docx"
    assert file_name("事" * 300, most=40) == "事" * 40
    assert file_name("a." + "b" * 300) == ("a." + "b" * 300)[:NAME_MOST]
