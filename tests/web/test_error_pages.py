"""Pages that say what went wrong: drawn once for all who try doors, never with what was somebody's own."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from tests.rig.cast import Stage
from tests.rig.clients import token_in

from .test_page_cache import drawings

PAGE = "site/error.html"
MISSING = "没有找到这个页面"
TEXT = "放风筝的人站在河边，线断了也不慌。"


def test_who_tries_many_doors_costs_one_drawing_and_is_led_back_to_each(sqlite_app: Flask) -> None:
    clients = [sqlite_app.test_client() for _ in range(3)]
    pages = [(f"/no/{n}?x={n}", client.get(f"/no/{n}?x={n}")) for n, client in enumerate(clients)]

    for path, page in pages:
        assert page.status_code == 404
        assert MISSING in page.text
        assert f'name="next" value="{path}"' in page.text
    assert len({token_in(page) for _path, page in pages}) == 3
    assert drawings(sqlite_app, PAGE) == 1


def test_each_reads_it_in_her_language_and_who_is_signed_in_as_such(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    english = {"Accept-Language": "en"}
    mine, foreign = client_for("A1").get("/no"), app.test_client().get("/no", headers=english)

    assert '<html lang="zh-CN">' in mine.text
    assert '<html lang="en">' in foreign.text
    assert "我的票" in mine.text
    assert "Sign in" in foreign.text
    assert drawings(app, PAGE) == 2


@pytest.mark.parametrize("path", ["/no", "/campaigns/no/registration"])
def test_what_one_typed_is_on_her_page_alone(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient], path: str
) -> None:
    hers, other = client_for("A1"), client_for("C3")
    for client in (hers, other):
        client.get(path)
    sent = {"csrf_token": token_in(hers.get("/")), "remark": TEXT}

    answer = hers.post(path, data=sent)

    assert answer.status_code == 404
    assert f"readonly>{TEXT}</textarea>" in answer.text
    assert TEXT not in other.get(path).text
    assert drawings(app, PAGE) == 1


def test_an_error_of_ours_has_an_id_of_its_own_each_time(sqlite_app: Flask) -> None:
    def broken() -> str:
        raise RuntimeError

    sqlite_app.view_functions["site.help"] = broken
    sqlite_app.testing = False
    sqlite_app.config["PROPAGATE_EXCEPTIONS"] = False
    pages = [sqlite_app.test_client().get("/help") for _ in range(2)]

    assert [page.status_code for page in pages] == [500, 500]
    assert pages[0].text.split("编号")[1][:20] != pages[1].text.split("编号")[1][:20]
    assert drawings(sqlite_app, PAGE) == 0


def test_a_form_with_a_file_and_nothing_else_gets_its_page(sqlite_app: Flask) -> None:
    file = FileStorage(io.BytesIO(b"%PDF"), filename="a.pdf")
    answer = sqlite_app.test_client().post(
        "/sign-in", data={"file": file}, content_type="multipart/form-data"
    )

    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "文件要重新选一次" in answer.text


@pytest.mark.parametrize(
    "mark", ["。", "）", "，", ".", "/", "”", "%E3%80%82", "。）", "%20", "%E3%80%80", "。%C2%A0"]
)
def test_an_address_with_a_mark_behind_it_leads_to_its_page(app: Flask, stage: Stage, mark: str) -> None:
    client = app.test_client()

    answer = client.get(f"/campaigns/outing{mark}?x=1")

    assert (answer.status_code, answer.headers.get("Location")) == (302, "/campaigns/outing?x=1")
    assert client.get(f"/campaigns/nothing{mark}", follow_redirects=True).status_code == 404


@pytest.mark.parametrize("path", ["//evil.example/。", "/no/such。", "/。", "/%5Cevil.example。"])
def test_no_other_address_is_led_anywhere(sqlite_app: Flask, path: str) -> None:
    assert "Location" not in sqlite_app.test_client().get(path).headers
