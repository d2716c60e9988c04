"""Files of a nomination by page: brought, fetched, taken out; a document's text looked at and used."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.core.clock import utc_now
from eventreg.nominations.files.models import NominationFile
from tests.nominations.test_nomination_pages import begun, write
from tests.rig import awards, cast, handed_in, sight
from tests.rig.awards import Contest
from tests.rig.clients import signed_in_client, token_in

NOW = utc_now()
SENTENCE = "她一直守在离用户最近的柜台。"
LONG_NAME = "长" * 80 + "女神节.docx"


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award, open since an hour."""
    since = cast.lately()
    return awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=since), now=since)


@pytest.fixture
def contact(sqlite_app: Flask, contest: Contest) -> FlaskClient:
    return signed_in_client(sqlite_app, "B2")


@pytest.fixture
def draft(contact: FlaskClient, contest: Contest) -> str:
    """A draft's address."""
    return begun(contact, contest)


def bring(client: FlaskClient, draft: str, content: bytes, name: str, *, part: str = "deeds") -> TestResponse:
    """Send one of the small forms."""
    page = client.get(f"{draft}/files")
    form = {"csrf_token": token_in(page), "part": part, f"{part}-file": (io.BytesIO(content), name)}
    return client.post(f"{draft}/files", data=form)


def use(client: FlaskClient, text_page: str) -> TestResponse:
    """Press the button under the text that was read."""
    page = client.get(text_page)
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version is not None
    return client.post(text_page, data={"csrf_token": token_in(page), "version": version[1]})


def deeds_in(client: FlaskClient, draft: str) -> str:
    """The deeds text of the form."""
    found = re.search(r'<textarea[^>]*name="deeds"[^>]*>([^<]*)<', client.get(draft).text)
    return found[1].strip() if found else ""


def test_a_document_is_shown_counted_and_becomes_the_deeds_text(contact: FlaskClient, draft: str) -> None:
    brought = bring(contact, draft, handed_in.document("字" * 999), LONG_NAME)
    shown = contact.get(str(brought.location))

    used = use(contact, str(brought.location))

    assert "还差 1 字" in shown.text
    assert "字" * 999 in shown.text
    assert LONG_NAME in shown.text
    assert (used.status_code, used.location, deeds_in(contact, draft)) == (303, draft, "字" * 999)
    refused = write(contact, draft, deeds=deeds_in(contact, draft), do="submit")
    assert refused.status_code == 422
    assert "还差 1 字" in refused.text
    assert "推荐表里的事迹材料就是这一份" in contact.get(str(brought.location)).text


def test_what_was_typed_is_saved_before_files_are_brought(contact: FlaskClient, draft: str) -> None:
    answer = write(contact, draft, deeds="打了一半的", do="files")

    assert (answer.status_code, answer.location) == (303, f"{draft}/files")
    bring(contact, draft, b"MZ", "事迹.docx")
    assert deeds_in(contact, draft) == "打了一半的"


def test_a_text_that_stands_there_is_replaced_only_by_the_button(contact: FlaskClient, draft: str) -> None:
    write(contact, draft, deeds="自己打的")
    page = str(bring(contact, draft, handed_in.document(SENTENCE), "a.docx").location)

    assert "推荐表里已有事迹材料" in contact.get(page).text
    assert deeds_in(contact, draft) == "自己打的"
    use(contact, page)
    assert deeds_in(contact, draft) == SENTENCE


def test_a_text_that_somebody_saved_meanwhile_is_shown_first(contact: FlaskClient, draft: str) -> None:
    page = str(bring(contact, draft, handed_in.document(SENTENCE), "a.docx").location)
    form = {"csrf_token": token_in(contact.get(page)), "version": "1"}
    write(contact, draft, deeds="另一个窗口打的")

    overtaken = contact.post(page, data=form)

    assert overtaken.status_code == 409
    assert "还没有换" in overtaken.text
    assert (deeds_in(contact, draft), use(contact, page).status_code) == ("另一个窗口打的", 303)


def test_a_scan_has_no_text_and_says_what_to_do(contact: FlaskClient, draft: str) -> None:
    page = contact.get(str(bring(contact, draft, handed_in.paper(), "扫描.pdf").location))

    assert page.status_code == 200
    assert "请把事迹文字输入或粘贴到推荐表里" in page.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("事迹.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "请在 Word 或 WPS 里另存为 .docx"),
        ("事迹.docx", handed_in.paper("Deeds"), "文件名以 .docx 结尾，内容却是 .pdf"),
        ("照片.jpg", handed_in.photo("JPEG"), "请另存为其中一种：.docx、.pdf"),
        ("事迹.pdf", handed_in.locked_paper(), "文件设了密码"),
        ("", b"", "还没有选文件"),
    ],
)
def test_what_is_refused_is_said_at_its_field(
    sqlite_app: Flask, contact: FlaskClient, draft: str, name: str, content: bytes, said: str
) -> None:
    answer = bring(contact, draft, content, name)

    assert answer.status_code == 422
    assert said in answer.text
    assert sight.count(sqlite_app, NominationFile) == 0


def test_files_come_back_byte_for_byte_under_their_own_name_and_can_be_taken_out(
    contact: FlaskClient, draft: str
) -> None:
    sent = handed_in.photo("JPEG")
    bring(contact, draft, sent, "女神节.jpg", part="evidence")
    page = contact.get(f"{draft}/files")
    address = re.search(r'href="([^"]+)" download', page.text)
    assert address is not None

    fetched = contact.get(address[1], buffered=True)
    removed = contact.post(f"{address[1]}/removal", data={"csrf_token": token_in(page)})

    assert fetched.data == sent
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert "佐证材料" in page.text
    assert removed.status_code == 303
    assert contact.get(address[1]).status_code == 404


def test_the_same_file_twice_is_one_file(sqlite_app: Flask, contact: FlaskClient, draft: str) -> None:
    document = handed_in.document(SENTENCE)  # it tells the second at which it was made
    answers = [bring(contact, draft, document, "a.docx").location for _ in range(2)]

    assert (len(set(answers)), sight.count(sqlite_app, NominationFile)) == (1, 1)


def test_the_nomination_lists_its_files(contact: FlaskClient, draft: str) -> None:
    before = "还没有文件" in contact.get(draft).text
    bring(contact, draft, handed_in.document(SENTENCE), "事迹.docx")

    assert before is True
    assert "字数 14" in contact.get(draft).text


def test_old_text_pasted_with_its_line_ends_and_full_width_spaces_counts_right(
    contact: FlaskClient, draft: str
) -> None:
    old = "　　她在岗二十年。\r\n\r\n　　ｋＷｈ 98.5%\ue004\r\n".encode("gb18030").decode("gb18030")

    answer = write(contact, draft, deeds=old, do="count")

    assert "字数 " + str(zishu_of(old)) in answer.text


def zishu_of(text: str) -> int:
    from eventreg.nominations.wordcount import zishu

    return zishu(text)
