"""The page of a quota table: what a file brought, totals of what is typed, and the annex."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.service import get_managed
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.nominations import quotas
from eventreg.nominations.quota_allotment import AllotmentMethod, AllotmentRule, allot
from eventreg.nominations.quotas import QuotaRequest
from tests.rig import awards, cast
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, STATION, Contest
from tests.rig.clients import signed_in_client, token_in
from tests.rig.plan_pages import sent

QUOTAS = "/manage/campaigns/award/quotas"
WARNING = "不到评出人数的 1.1 倍"
TYPED = r'name="(places_\d+)" type="text" value="([^"]*)"'


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award, open since an hour; A1 organises it."""
    since = cast.lately()
    stage = cast.set_stage(sqlite_app, now=since)
    contest = awards.set_award(sqlite_app, stage, now=since)
    with sqlite_app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["A1"], Role.ORGANISER, "award", actor=acting("test", since))
    return contest


@pytest.fixture
def organiser(sqlite_app: Flask, contest: Contest) -> FlaskClient:
    return signed_in_client(sqlite_app, "A1")


def bring(client: FlaskClient, text: str) -> TestResponse:
    """Upload a table as CSV."""
    form = {"csrf_token": token_in(client.get(QUOTAS)), "file": (io.BytesIO(text.encode()), "名额.csv")}
    return client.post(f"{QUOTAS}/file", data=form)


def plain(answer: TestResponse) -> str:
    return re.sub(r"<[^>]+>", "", answer.text)


def test_what_a_file_does_not_fill_in_is_told_by_line(organiser: FlaskClient, contest: Contest) -> None:
    answer = bring(
        organiser, f"部门,推荐名额（人）\n{MARKETING},3～4\n财务处,2\n{STATION},5人\n合计,9\n制表人：王芳,\n"
    )

    page = plain(answer)
    assert answer.status_code == 200
    assert f"第 2 行“{MARKETING}”，名额“3～4”：名额要写 0 到 10000 的整数，例如 3 或 3人" in page
    assert "第 3 行“财务处”，名额“2”：系统里没有这个单位，请核对名称" in page
    assert re.findall(r"第 \d+ 行", page) == ["第 2 行", "第 3 行"]
    assert "从文件填入了 1 个单位的名额" in page
    assert dict(re.findall(TYPED, answer.text)) | {
        f"places_{contest.units[MARKETING]}": "1",
        f"places_{contest.units[STATION]}": "5",
    } == dict(re.findall(TYPED, answer.text))


def test_departments_that_the_file_lacks_are_named_and_keep_their_places(
    organiser: FlaskClient, contest: Contest
) -> None:
    answer = bring(organiser, f"单位,名额\n{STATION},5\n")

    assert re.search(rf"文件里没有这些单位，它们的名额没有改：[^。]*{MARKETING}", plain(answer))
    assert dict(re.findall(TYPED, answer.text))[f"places_{contest.units[MARKETING]}"] == "1"


def test_many_lines_that_are_not_taken_are_counted(organiser: FlaskClient, contest: Contest) -> None:
    unknown = "".join(f"单位{n},1\n" for n in range(40))

    page = plain(bring(organiser, f"单位,名额\n{STATION},5\n{unknown}"))

    assert "还有 10 行也没有填入" in page


def test_a_file_of_which_nothing_is_taken_leaves_nothing_to_save(
    organiser: FlaskClient, contest: Contest
) -> None:
    page = plain(bring(organiser, f"单位,名额\n{STATION},\n"))

    assert "文件里的名额一个也没有填入" in page
    assert "下面的数还没有保存" not in page


def test_the_preview_of_a_file_has_its_own_total_and_warning(
    organiser: FlaskClient, contest: Contest
) -> None:
    few, enough = (bring(organiser, f"单位,名额\n{STATION},{n}\n") for n in (5, 10))

    assert [
        (WARNING in a.text, re.findall(r"一共 (\d+) 个名额，已存的是 (\d+) 个", a.text))
        for a in (few, enough)
    ] == [
        (True, [("6", "2")]),
        (False, [("11", "2")]),
    ]


def test_numbers_typed_by_hand_are_added_up_on_the_server(organiser: FlaskClient, contest: Contest) -> None:
    page = organiser.get(QUOTAS)
    typed = dict(re.findall(TYPED, page.text)) | {f"places_{contest.units[MARKETING]}": "10"}

    answer = sent(organiser, QUOTAS, **typed, recount="1")

    assert answer.status_code == 200
    assert "一共 11 个名额，已存的是 2 个" in answer.text
    assert re.search(r'data-head="名额">11</td>', answer.text)
    assert [WARNING in found.text for found in (page, answer)] == [True, False]


def test_the_enter_key_does_not_write_over_typed_numbers(organiser: FlaskClient, contest: Contest) -> None:
    page = organiser.get(QUOTAS).text

    first = re.findall(r'<button[^>]* name="(\w+)"', page[page.index(f'action="{QUOTAS}"') :])[0]

    assert first == "recount"


def test_what_is_no_number_is_named_when_it_is_added_up(organiser: FlaskClient, contest: Contest) -> None:
    answer = sent(organiser, QUOTAS, **{f"places_{contest.units[MARKETING]}": "三"}, recount="1")

    assert answer.status_code == 422


def test_the_annex_tells_the_rule_from_changes_by_hand(
    sqlite_app: Flask, organiser: FlaskClient, contest: Contest
) -> None:
    with sqlite_app.app_context():
        found, lines = get_managed("award"), quotas.table(contest.campaign_id)
        rule = AllotmentRule(AllotmentMethod.REMAINDER, 4, 0)
        by_rule = dict(
            zip([one.unit_id for one in lines], allot([one.women for one in lines], rule), strict=True)
        )
        wanted = {unit_id: QuotaRequest(count) for unit_id, count in by_rule.items()}
        wanted[contest.units[STATION]] = QuotaRequest(by_rule[contest.units[STATION]] + 3, "人多")
        with unit_of_work():
            quotas.save(found.id, wanted, rule, seen=found.version, actor=acting("test", utc_now()))

    sheet = load_workbook(io.BytesIO(organiser.get(f"{QUOTAS}.xlsx", buffered=True).data)).active

    assert sheet is not None
    assert str(sheet["A2"].value).endswith("按规则 4 个，手工调整 3 个，共 7 个。")
    assert [cell.value for cell in list(sheet.iter_rows())[-1]][1:4:2] == ["合计", 7]
    assert "按规则 4 个，手工调整 3 个，共 7 个。" in organiser.get(QUOTAS).text
