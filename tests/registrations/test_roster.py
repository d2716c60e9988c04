"""The organiser's roster: filtered, sorted by how names sound, printed, and exported as plain text."""

from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import update
from werkzeug.test import TestResponse

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.models import Person
from eventreg.people.names import pinyin_key
from eventreg.reports.roster_sheet import write_sheet
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import send, token_in
from tests.rig.statements import statements
from tests.web.test_cost import fill

ROSTER = "/manage/campaigns/outing/roster"
ORGANISER = "F6"
HEADS = [
    "编号", "姓名", "工号", "性别", "单位", "状态", "报名时间", "手机号", "备注", "到场", "到场时间", "入场", "起点", "终点",
]  # fmt: skip


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, open since an hour, and its organiser."""
    set_up = cast.set_stage(app, extra=20, now=cast.lately())
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        campaign_grants.grant(set_up.people[ORGANISER], Role.ORGANISER, "outing", actor=acting("test", since))
    return set_up


@pytest.fixture
def organiser(stage: Stage, client_for: Callable[..., FlaskClient]) -> FlaskClient:
    """The organiser's browser."""
    return client_for(ORGANISER)


def names(client: FlaskClient, query: str = "") -> list[str]:
    """The names of the roster, as its page lists them."""
    page = client.get(f"{ROSTER}{query}")
    assert page.status_code == 200
    return re.findall(r'<td class="name" role="cell"><a href="[^"]*">([^<]*)</a></td>', page.text)


def rename(app: Flask, **named: str) -> None:
    """Give people of the cast other names."""
    with app.app_context(), unit_of_work():
        for staff_no, name in named.items():
            db.session.execute(update(Person).where(Person.staff_no == staff_no).values(name=name))


def signed_up(app: Flask, stage: Stage, *who: str) -> None:
    """These sign up, in this order."""
    for staff_no in who:
        cast.sign_up(app, stage, staff_no, now=utc_now())


def test_the_roster_lists_whole_names_by_arrival_with_counts(
    app: Flask, stage: Stage, organiser: FlaskClient
) -> None:
    signed_up(app, stage, "C3", "A1", "B2", "D4")
    cast.withdraw(app, stage, "A1", now=utc_now())

    assert names(organiser) == ["陈雨桐", "安娜", "薄言", "邓力"]
    assert "已报上 2 人，候补 1 人，已退出 1 人" in organiser.get(ROSTER).text


def test_surnames_are_sorted_as_they_are_read(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    rename(app, A1="曾雨", B2="单芳", C3="尉迟敬", D4="重兰", E5="区佩")
    signed_up(app, stage, "A1", "B2", "C3", "D4", "E5")

    assert names(organiser, "?sort=name") == ["区佩", "单芳", "尉迟敬", "曾雨", "重兰"]


def test_family_names_are_sorted_by_their_strokes(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    rename(app, A1="邓雨", B2="丁芳", C3="王敬", D4="Ada", E5="王一")
    signed_up(app, stage, "A1", "B2", "C3", "D4", "E5")

    exported = sheet_of(export(organiser, "?sort=strokes").data)

    assert names(organiser, "?sort=strokes") == ["丁芳", "王一", "王敬", "邓雨", "Ada"]
    assert [row[1] for row in exported.iter_rows(min_row=2, values_only=True)] == names(
        organiser, "?sort=strokes"
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=雨", ["陈雨桐"]),
        ("q=c3", ["陈雨桐"]),
        ("q=%25", []),
        ("q=_", []),
        ("q=", ["安娜", "陈雨桐", "邓力"]),
        ("q=%27%3B--", []),
        ("state=waiting", ["邓力"]),
        ("state=seated", ["安娜", "陈雨桐"]),
        ("state=x%27", ["安娜", "陈雨桐", "邓力"]),
        ("sort=name%3B--", ["安娜", "陈雨桐", "邓力"]),
        ("sort=unit", ["邓力", "陈雨桐", "安娜"]),
        ("sort=state&page=99", ["安娜", "陈雨桐", "邓力"]),
        ("page=-1&unit=99999999999", ["安娜", "陈雨桐", "邓力"]),
        ("unit=999999", []),
    ],
)
def test_filters_take_what_is_allowed_and_nothing_else(
    app: Flask, stage: Stage, organiser: FlaskClient, query: str, found: list[str]
) -> None:
    signed_up(app, stage, "A1", "C3", "D4")

    assert names(organiser, f"?{query}") == found


def test_a_unit_stands_for_all_below_it(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    signed_up(app, stage, "A1", "C3", "D4")
    options = re.findall(r'<option value="(\d+)"[^>]*>营销部</option>', organiser.get(ROSTER).text)

    assert names(organiser, f"?unit={options[0]}") == ["安娜", "陈雨桐"]


def test_fifty_stand_on_a_page_and_its_links_keep_the_filters(
    app: Flask, stage: Stage, organiser: FlaskClient
) -> None:
    fill(app, stage, 120)

    pages = [names(organiser, f"?page={n}") for n in (1, 2, 3)]
    page = organiser.get(f"{ROSTER}?state=withdrawn&page=1").text

    assert [len(page) for page in pages] == [50, 50, 20]
    assert "第 1 至 50 条，共 100 条" in page
    assert "page=2&amp;state=withdrawn" in page


def test_the_pages_take_as_many_statements_for_three_as_for_one(
    app: Flask, stage: Stage, organiser: FlaskClient
) -> None:
    counts: list[list[int]] = []
    for who in (("A1",), ("B2", "C3")):
        signed_up(app, stage, *who)
        counts.append([])
        for path in ("/manage", ROSTER, f"{ROSTER}?sort=name", "/manage/campaigns/outing/sign-in-sheet"):
            with statements(app) as seen:
                assert organiser.get(path).status_code == 200
            counts[-1].append(len(seen))

    assert counts[0] == counts[1]


def test_another_campaign_s_organiser_finds_nothing(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    client = client_for("E5")
    assert client.get("/manage").status_code == 404
    paths = (ROSTER, "/manage/campaigns/outing/sign-in-sheet", "/manage/campaigns/nothing/roster")

    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_the_sheet_to_sign_lists_who_has_a_place(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    signed_up(app, stage, "C3", "A1", "B2")

    pages = [
        organiser.get(f"/manage/campaigns/outing/sign-in-sheet{q}").text
        for q in ("", "?sort=name", "?sort=strokes")
    ]

    assert [re.findall(r"陈雨桐|安娜|薄言", page) for page in pages] == [
        ["陈雨桐", "安娜"],
        ["安娜", "陈雨桐"],
        ["安娜", "陈雨桐"],
    ]


def test_the_workbook_holds_text_and_the_declared_columns(
    app: Flask, stage: Stage, organiser: FlaskClient, client_for: Callable[..., FlaskClient]
) -> None:
    rename(app, A1="=1+1", C3="@SUM(A1)\u202e")
    send_form(client_for("A1"), remark="=cmd|' /C calc'!A0")
    signed_up(app, stage, "C3")

    answer = export(organiser)
    cells = [list(row) for row in sheet_of(answer.data).iter_rows()]

    assert [cell.value for cell in cells[0]] == HEADS
    assert [cell.value for cell in cells[1]][:6] == [1, "=1+1", "A1", "女", "营销部 客户服务班", "已报上"]
    assert (cells[1][8].value, cells[2][1].value) == ("=cmd|' /C calc'!A0", "@SUM(A1)")
    assert {cell.data_type for row in cells for cell in row[1:] if cell.value is not None} == {"s"}
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert sight.audit_actions(app, "roster") == ["roster.exported"]


def test_the_workbook_of_two_thousand_is_whole(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    fill(app, stage, 2_001)

    answer = export(organiser)
    numbers = [row[0] for row in sheet_of(answer.data).iter_rows(min_row=2, values_only=True)]

    assert numbers == list(range(1, 2_002))


def test_an_export_without_a_token_leaves_nothing(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    assert organiser.post(f"{ROSTER}.xlsx").status_code == 400
    assert sight.audit_actions(app, "roster") == []


def test_a_longer_workbook_takes_no_more_memory() -> None:
    def rows(count: int) -> Iterator[tuple[str, ...]]:
        return ((str(n), f"职工{n}", "营销部", "已报上", "2027", "138", "备注") for n in range(count))

    write_sheet(io.BytesIO(), "a", ("h",), rows(10))
    peaks: list[int] = []
    for count in (500, 4_000):
        file = io.BytesIO()
        tracemalloc.start()
        write_sheet(file, "a", ("h",), rows(count))
        peaks.append(tracemalloc.get_traced_memory()[1] - len(file.getvalue()))
        tracemalloc.stop()

    assert peaks[1] < 2 * peaks[0]


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("单芳", "shan fang"),
        ("万俟兰", "mo qi lan"),
        ("单于静", "chan yu jing"),
        ("朴敏", "piao min"),
        ("解兰", "xie lan"),
        ("阿依古丽·买买提", "a yi gu li"),
        ("Anna", "anna"),
        ("曾", "zeng"),
    ],
)
def test_a_name_s_key_begins_as_the_name_is_read(name: str, begins: str) -> None:
    assert pinyin_key(name).startswith(begins)


def export(client: FlaskClient, query: str = "") -> TestResponse:
    """Press the export button of the page, with what the page has put into its form."""
    page = client.get(f"{ROSTER}{query}")
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return client.post(f"{ROSTER}.xlsx", data=form | {"csrf_token": token_in(page)}, buffered=True)


def sheet_of(content: bytes) -> Worksheet:
    """The first sheet of a workbook."""
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def send_form(client: FlaskClient, **fields: str) -> None:
    """Sign up in the browser, with answers."""
    assert send(client, "/campaigns/outing/registration", **fields).status_code == 303
