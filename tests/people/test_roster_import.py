"""The roster by page: previewed, confirmed as it was seen, once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from eventreg import jobs
from eventreg.accounts import grants, links
from eventreg.accounts.rules import Role
from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.rules import PoolScope
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.people import service as people
from eventreg.people import uploads
from eventreg.people.models import Person, RosterUpload
from eventreg.people.reading import FILE_MOST
from eventreg.registrations.capacity import change_places
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in

IMPORT = "/manage/people/import"
ADMINISTRATOR = "F6"
HEAD = "工号,姓名,性别,单位,邮箱\n"
FILE = (
    HEAD
    + "N1,新人,女,营销部/新班,n1@example.cn\nA1,安娜,女,城关供电所,a1@example.cn\nB2,薄言言,男,营销部/客户服务班,b2@example.cn\n"
)


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The cast's company and an administrator."""
    set_up = cast.set_stage(app, now=cast.lately())
    make_administrator(app, set_up.people[ADMINISTRATOR])
    return set_up


@pytest.fixture
def administrator(stage: Stage, client_for: Callable[..., FlaskClient]) -> FlaskClient:
    """The administrator's browser."""
    return client_for(ADMINISTRATOR)


def make_administrator(app: Flask, person_id: int) -> None:
    """Somebody administers the product since five minutes."""
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        grants.grant(person_id, Role.ADMINISTRATOR, unit_id=None, actor=acting("test", since))


def bring(
    client: FlaskClient, content: str | bytes, *, name: str = "roster.csv", whole: str = "part"
) -> TestResponse:
    body = content.encode() if isinstance(content, str) else content
    return _post(client, {"csrf_token": token_in(client.get(IMPORT)), "whole": whole}, body, name)


def _post(client: FlaskClient, form: dict[str, str], body: bytes, name: str) -> TestResponse:
    """Send a file as a browser does; the body is made whole first, so that no temporary file stays open."""
    file = FileStorage(io.BytesIO(body), filename=name)
    boundary, whole = encode_multipart(form | {"file": file})
    return client.post(IMPORT, data=whole, content_type=f"multipart/form-data; boundary={boundary}")


def confirm(
    client: FlaskClient,
    preview: str,
    page: TestResponse | None = None,
    *,
    leaving: str = "",
    returned: str = "",
) -> TestResponse:
    shown = page or client.get(preview)
    seen = re.findall(r'name="seen" value="([0-9a-f]{64})"', shown.text)
    form = {"csrf_token": token_in(shown), "seen": seen[0] if seen else "", "leaving": leaving}
    if returned:
        form["returned"] = returned
    return client.post(preview, data=form)


def roster_of(app: Flask) -> dict[str, tuple[str, str, bool]]:
    with app.app_context():
        return {p.staff_no: (p.name, p.path, p.employed) for p in people.list_people()}


def test_a_file_is_previewed_and_imported_exactly_as_it_was_seen(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    before = roster_of(app)
    brought = bring(administrator, FILE)
    preview = administrator.get(brought.location)

    for words in (
        "新增 1 人",
        "调动 1 人",
        "更改 1 人",
        "单位 营销部 客户服务班 → 城关供电所",
        "姓名 薄言 → 薄言言",
        "新班",
    ):
        assert words in preview.text
    assert roster_of(app) == before
    assert confirm(administrator, brought.location, preview).location == brought.location
    assert roster_of(app) == before | {
        "N1": ("新人", "营销部/新班", True),
        "A1": ("安娜", "城关供电所", True),
        "B2": ("薄言言", "营销部/客户服务班", True),
    }
    assert "名册已导入" in administrator.get(brought.location).text
    assert sight.audit_actions(app, "roster.") == ["roster.uploaded", "roster.imported"]


def test_whom_it_moves_to_a_unit_with_room_is_seated(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    with app.app_context(), unit_of_work():
        bounds = [NewPool(PoolScope.UNIT, 0, unit_id=people.find_unit("营销部"))]
        change_places(stage.campaign_id, bounds, seen=1, actor=acting("test", cast.lately(), stage.keys))
    cast.sign_up(app, stage, "A1", now=cast.lately())
    assert sight.places(app) == {"A1": "waiting"}

    confirm(administrator, bring(administrator, FILE).location)

    assert sight.places(app) == {"A1": "seated"}
    assert ("registration_promoted", "queued") in sight.letters(app)


def test_confirming_twice_imports_once(app: Flask, stage: Stage, administrator: FlaskClient) -> None:
    address = bring(administrator, FILE).location
    page = administrator.get(address)

    answers = [confirm(administrator, address, page).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert sight.audit_actions(app, "roster.imported") == ["roster.imported"]


def test_a_roster_that_changed_meanwhile_is_shown_anew(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    address = bring(administrator, FILE).location
    seen = administrator.get(address)
    with app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.staff_no == "B2").values(name="薄言言"))
    before = roster_of(app)

    answer = confirm(administrator, address, seen)

    assert answer.status_code == 409
    assert "名册刚刚有了变化" in answer.text
    assert "更改" in answer.text
    assert roster_of(app) == before
    assert confirm(administrator, address, answer).status_code == 303
    assert roster_of(app)["N1"] == ("新人", "营销部/新班", True)


def test_a_confirmation_that_saw_nothing_imports_nothing(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    address, before = bring(administrator, FILE).location, roster_of(app)

    answer = administrator.post(address, data={"csrf_token": token_in(administrator.get(address))})

    assert (answer.status_code, roster_of(app)) == (409, before)


def test_bad_lines_are_named_and_nothing_can_be_confirmed(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    bad = FILE + "N2,,女,营销部,\nN1,又一人,x,营销部,not-a-mail\n"
    address, before = bring(administrator, bad).location, roster_of(app)
    page = administrator.get(address)

    for words in (
        "第 5 行，姓名",
        "没有姓名",
        "第 6 行，工号",
        "工号和第 2 行相同",
        "第 6 行，邮箱",
        "not-a-mail",
    ):
        assert words in page.text
    assert 'name="seen"' not in page.text
    assert confirm(administrator, address, page).status_code == 409
    assert roster_of(app) == before


def test_the_last_administrator_cannot_be_imported_away(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    address, before = bring(administrator, FILE, whole="whole").location, roster_of(app)
    page = administrator.get(address)

    assert "最后一位管理员会离职" in page.text
    assert 'name="seen"' not in page.text
    with app.app_context():
        plan = uploads.preview(address.rsplit("/", 1)[1], owner_id=stage.people["F6"], now=utc_now())
    answer = administrator.post(address, data={"csrf_token": token_in(page), "seen": plan.fingerprint})
    assert (answer.status_code, roster_of(app)) == (409, before)


def test_the_same_file_again_has_nothing_to_import(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    confirm(administrator, bring(administrator, FILE).location)

    page = administrator.get(bring(administrator, FILE).location)

    assert "名册和文件已经一样" in page.text
    assert 'name="seen"' not in page.text


def test_a_file_waits_for_an_hour_and_for_nobody_else(
    app: Flask, stage: Stage, administrator: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    make_administrator(app, stage.people["A1"])
    address, other = bring(administrator, FILE).location, client_for("A1")

    assert [other.get(address).status_code, confirm(other, address, other.get(IMPORT)).status_code] == [
        404,
        404,
    ]
    with app.app_context():
        assert jobs.tidy(utc_now() + timedelta(minutes=59)) == 0
        assert jobs.tidy(utc_now() + timedelta(minutes=61)) == 1
    assert administrator.get(address).status_code == 404
    assert sight.count(app, RosterUpload) == 0


def test_what_was_read_is_forgotten_once_it_is_imported(
    app: Flask, stage: Stage, administrator: FlaskClient
) -> None:
    confirm(administrator, bring(administrator, FILE).location)

    with app.app_context():
        rows = [upload.rows for upload in db.session.query(RosterUpload)]
    assert rows == [None]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("", b"", "还没有选文件"),
        ("roster.pdf", b"%PDF-1.7", "只收 .xlsx 和 .csv 文件"),
        ("roster.xlsx", b"MZ\x90", "只收 .xlsx 和 .csv 文件"),
        ("roster.xlsx.html", b"<script>alert(1)</script>", "只收 .xlsx 和 .csv 文件"),
        ("../../etc/roster.csv", b"\x00", "认不出文件的编码"),
        ("roster.csv", b"", "文件是空的"),
        ("roster.csv", b"a,b\n1,2\n", "缺少这些列"),
        ("roster.csv", b"x" * (FILE_MOST + 1), "文件太大"),
    ],
)
def test_what_is_no_roster_is_said_at_the_field(
    app: Flask, stage: Stage, administrator: FlaskClient, name: str, content: bytes, said: str
) -> None:
    answer = bring(administrator, content, name=name, whole="whole")

    assert answer.status_code == 422
    assert said in answer.text
    assert re.search(r'value="whole" checked', answer.text) is not None
    assert sight.count(app, RosterUpload) == 0


def test_only_an_administrator_may_bring_much(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    client = client_for("A1")
    form = {"csrf_token": token_in(client.get("/my/data"))}

    assert _post(client, form, b"x" * 3_000_000, "roster.csv").status_code == 413


def test_an_empty_product_leads_its_first_administrator_here(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        token = links.make(None, now=utc_now())
    client = app.test_client()
    page = client.get(f"/sign-in/link/{token}")
    founder = {"staff_no": "F1", "name": "创始人", "email": "f1@example.cn", "unit_name": "禾川农电"}
    client.post(f"/sign-in/link/{token}", data={"csrf_token": token_in(page)} | founder)

    assert [IMPORT in client.get(path).text for path in ("/", "/manage/people")] == [True, True]
    address = bring(client, HEAD + "N1,新人,女,禾川农电/营销部,n1@example.cn\n").location
    assert confirm(client, address).status_code == 303
    assert roster_of(app)["N1"] == ("新人", "营销部", True)
