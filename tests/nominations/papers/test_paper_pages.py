"""Paper on the pages: what a department prints, what the desk sees, who sees nothing."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from eventreg.accounts import grants as house_grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.nominations import service as nominations
from eventreg.nominations.papers import check_codes
from tests.rig import awards, cast, papers
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest
from tests.rig.clients import signed_in_client, token_in

NOW = utc_now()
CHOSEN = (NOW - timedelta(days=3)).date().isoformat()


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award, open since an hour: F6 is HR's reviewer, A1 organises another campaign, B2 is contact."""
    since = cast.lately()
    stage = cast.set_stage(sqlite_app, now=since)
    made = awards.set_award(sqlite_app, stage, now=since)
    with sqlite_app.app_context(), unit_of_work():
        house_grants.grant(stage.people["F6"], Role.HR_REVIEWER, unit_id=None, actor=acting("test", since))
        campaign_grants.grant(stage.people["A1"], Role.ORGANISER, "outing", actor=acting("test", since))
    return made


@pytest.fixture
def contact(sqlite_app: Flask, contest: Contest) -> FlaskClient:
    return signed_in_client(sqlite_app, "B2")


@pytest.fixture
def desk(sqlite_app: Flask, contest: Contest) -> FlaskClient:
    return signed_in_client(sqlite_app, "F6")


def submitted(app: Flask, contest: Contest, **answers: str) -> int:
    """A nomination that was submitted, version 2."""
    made = awards.begin(app, contest, "B2", "A1", now=NOW)
    awards.save(app, contest, "B2", made, awards.written(1000, chosen_on=CHOSEN, **answers), now=NOW)
    awards.submit(app, contest, "B2", made, now=NOW)
    return made


def submit_anew(app: Flask, contest: Contest, made: int) -> None:
    """One word differs."""
    awards.save(app, contest, "B2", made, awards.written(1001, chosen_on=CHOSEN), now=NOW)
    awards.submit(app, contest, "B2", made, now=NOW)


def address(app: Flask, made: int, version: int = 2) -> str:
    """Where the QR code of a print leads."""
    return f"/p/{check_codes.token_of(papers.printed(app, made, version))}"


def pages(content: bytes) -> list[str]:
    """What each page of a PDF says, without white space."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def test_what_was_submitted_prints_with_its_code_though_more_was_written_since(
    sqlite_app: Flask, contest: Contest, contact: FlaskClient
) -> None:
    made = submitted(sqlite_app, contest)
    awards.save(sqlite_app, contest, "B2", made, awards.written(post="所长", chosen_on=CHOSEN), now=NOW)

    page = contact.get(f"/unit/nominations/{made}").text
    answer = contact.get(f"/unit/nominations/{made}/form.pdf")

    code = papers.printed(sqlite_app, made).code
    first = pages(answer.data)[0]
    assert f"{code[:4]}-{code[4:]}" in first
    assert "班长" in first
    assert "所长" not in first
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "打印已提交的内容" in page
    assert "后来改的还没有提交" in page


def test_a_draft_prints_as_one(sqlite_app: Flask, contest: Contest, contact: FlaskClient) -> None:
    made = awards.begin(sqlite_app, contest, "B2", "A1", now=NOW)

    printed = pages(contact.get(f"/unit/nominations/{made}/form.pdf").data)
    document = docx.Document(io.BytesIO(contact.get(f"/unit/nominations/{made}/form.docx").data))

    assert "草稿" in printed[0]
    assert "校验码" not in printed[0]
    assert document.sections[0].header.paragraphs[0].text.startswith("草稿")


def test_the_page_names_characters_that_have_to_be_written_by_hand(
    sqlite_app: Flask, contest: Contest, contact: FlaskClient
) -> None:
    made = submitted(sqlite_app, contest, short="🎉与𠮷")

    page = contact.get(f"/unit/nominations/{made}").text

    assert "打印以后要手写" in page
    assert "🎉" in page
    assert "𠮷" in page


def test_a_scanned_paper_is_received_with_copies_and_remark(
    sqlite_app: Flask, contest: Contest, desk: FlaskClient, contact: FlaskClient
) -> None:
    made = submitted(sqlite_app, contest)
    paper = address(sqlite_app, made)
    before = desk.get(paper)
    form = {"csrf_token": token_in(before), "copies": "２", "remark": "缺骑缝章"}

    answers = [desk.post(paper, data=form, follow_redirects=True).text for _twice in range(2)]

    assert "纸上和系统里是同一版：第 1 次提交" in before.text
    assert ["已登记收到。" in answers[0], "以前登记过" in answers[1]] == [True, True]
    assert ["2 份" in text and "缺骑缝章" in text for text in answers] == [True, True]
    assert "纸质推荐表已收到" in contact.get(f"/unit/nominations/{made}").text


def test_what_was_typed_wrong_comes_back(sqlite_app: Flask, contest: Contest, desk: FlaskClient) -> None:
    paper = address(sqlite_app, submitted(sqlite_app, contest))
    form = {"csrf_token": token_in(desk.get(paper)), "copies": "10", "remark": "缺骑缝章"}

    answer = desk.post(paper, data=form)

    assert answer.status_code == 422
    assert 'value="10"' in answer.text
    assert 'value="缺骑缝章"' in answer.text


def test_a_paper_of_an_older_version_says_so_plainly(
    sqlite_app: Flask, contest: Contest, desk: FlaskClient, contact: FlaskClient
) -> None:
    made = submitted(sqlite_app, contest)
    paper = address(sqlite_app, made)
    desk.post(paper, data={"csrf_token": token_in(desk.get(paper)), "copies": "1"})
    submit_anew(sqlite_app, contest, made)

    assert "纸上是第 1 次提交，系统里是第 2 次" in desk.get(paper).text
    assert "收到的是以前提交的" in desk.get("/review/receipts").text
    assert "收到的纸质推荐表是以前提交的" in contact.get(f"/unit/nominations/{made}").text


def test_a_paper_of_what_is_withdrawn_goes_back(
    sqlite_app: Flask, contest: Contest, desk: FlaskClient
) -> None:
    made = submitted(sqlite_app, contest)
    paper = address(sqlite_app, made)
    with sqlite_app.app_context(), unit_of_work():
        nominations.withdraw(made, actor=acting(contest.person("B2"), NOW))

    page = desk.get(paper)
    answer = desk.post(paper, data={"csrf_token": token_in(page), "copies": "1"})

    assert "请退给部门" in page.text
    assert answer.status_code == 409
    assert "没有登记" in answer.text


def test_a_typed_code_opens_its_paper(sqlite_app: Flask, contest: Contest, desk: FlaskClient) -> None:
    made = submitted(sqlite_app, contest)
    code = papers.printed(sqlite_app, made).code
    token = token_in(desk.get("/review/receipts"))

    found = desk.post(
        "/review/receipts", data={"csrf_token": token, "code": f"{code[:4]} {code[4:].lower()}"}
    )
    wrong = desk.post("/review/receipts", data={"csrf_token": token, "code": "ABCD-EFGH"})

    assert (found.status_code, found.location) == (303, address(sqlite_app, made))
    assert wrong.status_code == 422
    assert 'value="ABCD-EFGH"' in wrong.text
    assert "没有一份推荐表是这个校验码" in wrong.text


def test_a_receipt_is_undone_with_a_reason(sqlite_app: Flask, contest: Contest, desk: FlaskClient) -> None:
    made = submitted(sqlite_app, contest)
    receipt = papers.receive(sqlite_app, contest, papers.printed(sqlite_app, made), now=NOW).receipt
    undo, token = f"/review/receipts/{receipt.id}/undo", token_in(desk.get("/review/receipts"))

    bare = desk.post(undo, data={"csrf_token": token})
    done = desk.post(undo, data={"csrf_token": token, "reason": "拿错了"}, follow_redirects=True)

    assert bare.status_code == 422
    assert "这一份已收到" in bare.text
    assert "已撤回这条收件记录" in done.text
    assert "登记收到" in done.text


@pytest.mark.parametrize("who", ["A1", "B2", "C3", "E5"])
def test_the_address_on_a_paper_says_nothing_to_others(sqlite_app: Flask, contest: Contest, who: str) -> None:
    """Another campaign's organiser, the department's own contacts, an employee."""
    made = submitted(sqlite_app, contest)
    papers.receive(sqlite_app, contest, papers.printed(sqlite_app, made), now=NOW)
    client, paper = signed_in_client(sqlite_app, who), address(sqlite_app, made)
    form = {"csrf_token": token_in(client.get("/help")), "copies": "1", "reason": "看看"}

    asked = [client.get(paper), client.get("/p/1-1-00000000"), client.post(paper, data=form)]
    asked += [
        client.post("/review/receipts/1/undo", data=form),
        client.get("/review/awards/award/summary.pdf"),
    ]

    assert [answer.status_code for answer in asked] == [404] * 5


def test_the_desk_lists_what_is_missing(sqlite_app: Flask, contest: Contest, desk: FlaskClient) -> None:
    submitted(sqlite_app, contest)
    awards.begin(sqlite_app, contest, "D4", "E5", now=NOW)

    page = desk.get("/review/receipts").text

    assert "份已收到，共提交 1 份" in page
    assert cast.NAMES["A1"][0] in page
    assert cast.NAMES["E5"][0] not in page


def test_a_department_s_summary_is_in_order_of_preference(
    sqlite_app: Flask, contest: Contest, contact: FlaskClient
) -> None:
    submitted(sqlite_app, contest, post="=1+1")
    awards.more_places(sqlite_app)
    awards.begin(sqlite_app, contest, "B2", "C3", now=NOW)
    base = f"/unit/nominations/summary/award/{contest.units[MARKETING]}"

    sheet = load_workbook(io.BytesIO(contact.get(f"{base}.xlsx", buffered=True).data)).active
    printed = contact.get(f"{base}.pdf")

    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[:2] for row in rows[2:]] == [[1, cast.NAMES["A1"][0]], [2, cast.NAMES["C3"][0]]]
    assert (rows[1][0], [rows[2][n] for n in (4, 6, 7)], rows[2][9]) == (
        MARKETING,
        ["=1+1", 1000, "已提交"],
        "未收到",
    )
    assert "推荐汇总表" in pages(printed.data)[0]
    assert cast.NAMES["C3"][0] in pages(printed.data)[0]


def test_hr_s_summary_holds_every_department_and_no_draft(
    sqlite_app: Flask, contest: Contest, desk: FlaskClient
) -> None:
    submitted(sqlite_app, contest)
    awards.begin(sqlite_app, contest, "D4", "E5", now=NOW)

    answer = desk.get("/review/awards/award/summary.xlsx", buffered=True)
    (page,) = pages(desk.get("/review/awards/award/summary.pdf").data)

    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    names = [row[1].value for row in sheet.iter_rows(min_row=6)]
    assert names == [cast.NAMES["A1"][0]]
    assert cast.NAMES["A1"][0] in page
    assert cast.NAMES["E5"][0] not in page
