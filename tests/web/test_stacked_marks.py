"""A letter under more marks than any script has is refused in words wherever a text comes in; what was typed stays."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.core.combining_marks import MARKS_MOST
from tests.nominations.files.test_materials import bring, deeds_in
from tests.nominations.test_nomination_pages import QUOTAS, begun, contact, contest, organiser, write
from tests.people.test_roster_import import ADMINISTRATOR, HEAD, make_administrator
from tests.people.test_roster_import import bring as bring_roster
from tests.rig import cast, handed_in
from tests.rig.cast import Stage
from tests.rig.clients import send, token_in
from tests.security.bombs import typeset_marks

from .test_kept_forms import fields_of

fixtures = (contact, contest, organiser)
FORM = "/campaigns/outing/registration"
PILE = "e" + "\u0301" * (MARKS_MOST + 1)
WRITTEN = "Nguye\u0302\u0303n"  # decomposed, as a Mac writes it


@pytest.fixture
def draft(contact: FlaskClient, contest: object) -> str:
    """A draft's address."""
    return begun(contact, contest)  # type: ignore[arg-type]


def test_a_sign_up_comes_back_with_what_was_typed(app: Flask, client_for: Callable[..., FlaskClient]) -> None:
    cast.set_stage(app, now=cast.lately())
    visitor = client_for("A1")

    refused = send(visitor, FORM, phone="13800138000", remark=f"女神节{PILE}")
    taken = send(visitor, FORM, phone="13800138000", remark=WRITTEN)

    switch = dict(fields_of(refused, "/language")) | {"language": "en"}
    english = visitor.post("/language", data=switch)

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert english.status_code == 200
    assert PILE in english.text
    assert "“女神节e”后面，一个字上叠的符号超过了 8 个" in refused.text
    assert PILE in refused.text
    assert 'name="remark"' in refused.text


def test_a_draft_keeps_its_text_and_says_where_the_letter_stands(contact: FlaskClient, draft: str) -> None:
    write(contact, draft, deeds="把小事办好。", do="save")

    refused = write(contact, draft, deeds=f"把小事办到用户心里{PILE}。" * 2, do="save")

    assert refused.status_code == 422
    assert "把小事办到用户心里e”后面" in refused.text
    assert refused.text.count(PILE) >= 2
    assert deeds_in(contact, draft) == "把小事办好。"


def test_a_draft_that_saves_itself_is_told_the_same_as_json(contact: FlaskClient, draft: str) -> None:
    form = {"csrf_token": token_in(contact.get(draft)), "version": "1", "tab": "t", "deeds": PILE}
    answer = contact.post(f"{draft}/autosave", data=form, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "typed.marks")
    assert "请删去多余的" in answer.get_json()["said"]


def test_each_value_of_a_name_is_looked_at_and_so_is_what_is_searched(
    contact: FlaskClient, draft: str
) -> None:
    form = {"csrf_token": token_in(contact.get(draft)), "deeds": ["好", PILE]}

    assert contact.post(draft, data=form).status_code == 422
    assert contact.get("/unit/nominations", query_string={"q": PILE}).status_code == 422
    assert contact.post(draft, data=form | {"deeds": ["好", "a\0"]}).status_code == 400


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.docx", handed_in.document(f"好{PILE}")), ("a.pdf", typeset_marks(MARKS_MOST + 1))],
)
def test_a_file_with_such_a_text_is_not_kept(
    contact: FlaskClient, draft: str, name: str, content: bytes
) -> None:
    refused = bring(contact, draft, content, name)

    assert refused.status_code == 422
    assert "文件的文字里，一个字上叠的符号超过了" in refused.text
    assert "还没有文件。" in contact.get(f"{draft}/files").text


def test_a_file_s_name_is_a_text_too(contact: FlaskClient, draft: str) -> None:
    refused = bring(contact, draft, handed_in.document("好"), f"{PILE}.docx")

    assert refused.status_code == 422
    assert "还没有文件。" in contact.get(f"{draft}/files").text


def test_a_roster_says_the_line(app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]) -> None:
    make_administrator(app, stage.people[ADMINISTRATOR])
    brought = bring_roster(client_for(ADMINISTRATOR), f"{HEAD}N1,新人,女,营销部,\nN2,{PILE},女,营销部,\n")

    assert brought.status_code == 422
    assert "第 3 行有一个字上叠的符号超过了 8 个" in brought.text


def test_a_quota_table_says_the_line(organiser: FlaskClient) -> None:
    table = f"单位,名额,说明\n营销部,3,{PILE}\n".encode()
    form = {"csrf_token": token_in(organiser.get(QUOTAS)), "file": (io.BytesIO(table), "a.csv")}

    answer = organiser.post(f"{QUOTAS}/file", data=form)

    assert answer.status_code == 422
    assert "第 2 行有一个字上叠的符号超过了 8 个" in answer.text
