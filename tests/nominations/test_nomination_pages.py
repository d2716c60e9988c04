"""Pages of an award: its settings, its quota table with the annex, and what a contact's form does."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import update
from werkzeug.test import TestResponse

from eventreg.campaigns import campaign_grants
from eventreg.campaigns.service import get_managed
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.nominations.models import Quota
from tests.rig import awards, cast
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest
from tests.rig.clients import signed_in_client, token_in
from tests.rig.plan_pages import sent

AWARD = "/manage/campaigns/award"
QUOTAS = f"{AWARD}/quotas"
NOW = utc_now()


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award, open since an hour; A1 organises it."""
    since = cast.lately()
    stage = cast.set_stage(sqlite_app, now=since)
    contest = awards.set_award(sqlite_app, stage, now=since)
    with sqlite_app.app_context(), unit_of_work():
        from eventreg.accounts.rules import Role

        campaign_grants.grant(stage.people["A1"], Role.ORGANISER, "award", actor=acting("test", since))
    return contest


@pytest.fixture
def organiser(sqlite_app: Flask, contest: Contest) -> FlaskClient:
    return signed_in_client(sqlite_app, "A1")


@pytest.fixture
def contact(sqlite_app: Flask, contest: Contest) -> FlaskClient:
    return signed_in_client(sqlite_app, "B2")


def settings(**changes: object) -> dict[str, object]:
    """What the form of an award sends."""
    whole = {
        "closes_at": f"{(NOW + timedelta(days=5)).date()}T18:00", "seats": "10", "least": "1000",
        "most": "3000", "counted": "zishu", "women_only": "y", "who": "contacts", "asks": ["post", "since"],
    }  # fmt: skip
    return whole | changes


def write(client: FlaskClient, nomination: str, **typed: object) -> TestResponse:
    """Send the form of a nomination with the version that it shows."""
    page = client.get(nomination)
    version = re.search(r'name="version" type="hidden" value="(\d+)"', page.text)
    tab = re.search(r'name="tab" type="hidden" value="([^"]+)"', page.text)
    assert version is not None
    assert tab is not None
    form = {"csrf_token": token_in(page), "version": version[1], "tab": tab[1]}
    return client.post(nomination, data=form | typed)


def begun(client: FlaskClient, contest: Contest, nominee: str = "A1") -> str:
    """A draft's address."""
    new = f"/unit/nominations/new/award/{contest.units[MARKETING]}"
    form = {"csrf_token": token_in(client.get(new)), "person": str(contest.person(nominee))}
    return str(client.post(new, data=form).location)


def test_an_award_whose_quotas_leave_no_choice_says_so_where_it_is_planned(
    organiser: FlaskClient, sqlite_app: Flask, contest: Contest
) -> None:
    few = organiser.get(AWARD).text
    with sqlite_app.app_context(), unit_of_work():
        db.session.execute(update(Quota).values(places=0))
    none = organiser.get(AWARD).text
    with sqlite_app.app_context(), unit_of_work():
        db.session.execute(update(Quota).values(places=6))
    enough = organiser.get(AWARD).text

    told = ("一共只分了 2 个名额", "还没有给任何单位分名额")
    assert [[words in page for words in told] for page in (few, none, enough)] == [
        [True, False],
        [False, True],
        [False, False],
    ]


def test_the_settings_are_saved_and_the_public_page_says_the_deadline(organiser: FlaskClient) -> None:
    answer = sent(organiser, f"{AWARD}/award", None, **settings(seats="8", least="800"))

    page = organiser.get("/campaigns/award").text
    assert answer.status_code == 303
    assert "评出 8 位。事迹材料不少于 800 字。" in page
    assert "正在推荐，到" in page


def test_no_other_field_moves_the_hour_of_the_deadline(organiser: FlaskClient, sqlite_app: Flask) -> None:
    """Saving the most characters once set 18:00 to 24:00."""
    at = settings()["closes_at"]
    for changes in ({}, {"most": "2500"}, {"closes_at": f"{str(at)[:10]}T23:59", "closes_at-end": "y"}):
        assert sent(organiser, f"{AWARD}/award", None, **settings(**changes)).status_code == 303
        with sqlite_app.app_context():
            found = get_managed("award").deadline
        if "closes_at-end" not in changes:
            assert f"{found:%Y-%m-%dT%H:%M}" == at
    assert f"{found:%H:%M}" == "00:00"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"asks": ["id_number"]}, "这一项是敏感信息"),
        ({"most": "900"}, "最多的字数比最少的还少"),
        ({"closes_at": "哪天"}, "请写"),
    ],
)
def test_settings_that_do_not_fit_come_back_filled(
    organiser: FlaskClient, changes: dict[str, object], said: str
) -> None:
    answer = sent(organiser, f"{AWARD}/award", None, **settings(seats="7", **changes))

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="7"' in answer.text


def test_a_table_is_worked_out_looked_at_and_saved(organiser: FlaskClient, contest: Contest) -> None:
    unit = contest.units[MARKETING]
    rule = {"method": "remainder", "total": "3", "number": ""}
    filled = sent(organiser, QUOTAS, **rule, calculate="1")
    places = dict(re.findall(r'name="(places_\d+)" type="text" value="(\d+)"', filled.text))

    saved = sent(organiser, QUOTAS, **rule, **places)

    assert filled.status_code == 200
    assert "还没有保存" in filled.text
    assert saved.status_code == 303
    assert sum(map(int, places.values())) == 3
    refused = sent(organiser, QUOTAS, **rule, **(places | {f"places_{unit}": "9"}))
    assert refused.status_code == 422
    assert "请写明原因" in refused.text


def test_the_annex_comes_back_in_as_it_went_out(organiser: FlaskClient) -> None:
    annex = organiser.get(f"{QUOTAS}.xlsx", buffered=True).data
    sheet = load_workbook(io.BytesIO(annex)).active
    page = organiser.get(QUOTAS)

    form = {"csrf_token": token_in(page), "file": (io.BytesIO(annex), "附件.xlsx")}
    brought = organiser.post(f"{QUOTAS}/file", data=form)

    assert sheet is not None
    assert [c.value for c in sheet[3]] == ["序号", "单位", "在职女职工", "名额", "已提交", "说明"]
    assert (brought.status_code, brought.text.count('value="商定"')) == (200, 2)


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"no"), ("a.csv", "甲,乙\n1,2\n".encode()), ("", b"")]
)
def test_a_file_that_is_no_table_fills_in_nothing(organiser: FlaskClient, name: str, content: bytes) -> None:
    form = {"csrf_token": token_in(organiser.get(QUOTAS)), "file": (io.BytesIO(content), name)}

    answer = organiser.post(f"{QUOTAS}/file", data=form)

    assert answer.status_code == 422
    assert 'value="商定"' in answer.text


def test_a_department_gets_more_time(organiser: FlaskClient, contest: Contest) -> None:
    page = organiser.get(QUOTAS)
    version = re.search(r'name="extension-version" type="hidden" value="(\d+)"', page.text)
    assert version is not None
    later = (NOW + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    form = {"csrf_token": token_in(page), "extension-version": version[1], "extension-until": later}

    nobody = organiser.post(f"{QUOTAS}/extension", data=form)
    answer = organiser.post(
        f"{QUOTAS}/extension", data=form | {"extension-unit": str(contest.units[MARKETING])}
    )

    assert (nobody.status_code, answer.status_code) == (422, 303)
    assert "给营销部延期推荐" in organiser.get(f"{AWARD}/history").text


def test_ten_places_too_few_are_a_warning(organiser: FlaskClient) -> None:
    assert "不到评出人数的 1.1 倍" in organiser.get(QUOTAS).text


def test_counting_saves_nothing_and_says_all_three_figures(contact: FlaskClient, contest: Contest) -> None:
    draft = begun(contact, contest)

    answer = write(contact, draft, deeds="她，Ann 98.5%", do="count")

    assert answer.status_code == 200
    assert "字数 4，汉字 1，字符 10" in answer.text
    assert "她，Ann" not in contact.get(draft).text


def test_control_characters_are_cleaned_and_a_long_text_is_taken(
    contact: FlaskClient, contest: Contest
) -> None:
    draft = begun(contact, contest)

    answer = write(contact, draft, deeds="甲\x07乙\x1b" + "字" * 20_000)

    assert answer.status_code == 303
    assert "甲乙" + "字" * 20_000 in contact.get(draft).text


def test_what_is_missing_is_listed_in_the_order_of_the_page(contact: FlaskClient, contest: Contest) -> None:
    answer = write(contact, begun(contact, contest), deeds="", do="submit")

    listed = re.findall(r'<li><a href="#([\w-]+)"', answer.text)
    places = [answer.text.index(f'id="{name}"') for name in listed]
    assert answer.status_code == 422
    assert len(listed) > 4
    assert places == sorted(places)


def test_too_much_is_said_and_kept(contact: FlaskClient, contest: Contest) -> None:
    answer = write(contact, begun(contact, contest), deeds="字" * 3001, do="submit")

    assert answer.status_code == 422
    assert "多了 1 字" in answer.text
    assert "字" * 3001 in answer.text


def test_who_was_signed_out_finds_her_long_text_on_the_page(
    sqlite_app: Flask, contact: FlaskClient, contest: Contest
) -> None:
    draft = begun(contact, contest)
    token = token_in(contact.get(draft))
    with contact.session_transaction() as session:
        session.pop("token")

    answer = contact.post(draft, data={"csrf_token": token, "deeds": "字" * 1000})
    script = contact.post(
        f"{draft}/autosave", data={"csrf_token": token}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 401
    assert "字" * 1000 in answer.text
    assert script.status_code == 401


def test_only_who_is_of_the_department_is_offered(contact: FlaskClient, contest: Contest) -> None:
    new = f"/unit/nominations/new/award/{contest.units[MARKETING]}"
    page, searched = contact.get(new).text, contact.get(f"{new}?q=雨桐").text

    assert [name in page for name in ("安娜", "陈雨桐", "薄言", "鄂兰")] == [True, True, False, False]
    assert [name in searched for name in ("安娜", "陈雨桐")] == [False, True]


def test_the_list_shows_what_is_left_and_the_order_can_be_changed(
    contact: FlaskClient, contest: Contest
) -> None:
    begun(contact, contest)
    second = begun(contact, contest, "C3")
    page = contact.get("/unit/nominations")

    answer = contact.post(f"{second}/preference", data={"csrf_token": token_in(page)})

    text = contact.get("/unit/nominations").text
    assert answer.status_code == 303
    assert text.index("陈雨桐") < text.index("安娜")


def test_a_contact_of_a_team_is_told_who_nominates(sqlite_app: Flask, contest: Contest) -> None:
    from eventreg.accounts import grants as house
    from eventreg.accounts.rules import Role
    from eventreg.people import service as people

    with sqlite_app.app_context(), unit_of_work():
        team = people.find_unit("城关供电所/运维一班")
        house.grant(contest.person("E5"), Role.UNIT_CONTACT, unit_id=team, actor=acting("test", NOW))

    page = signed_in_client(sqlite_app, "E5").get("/unit/nominations")

    assert page.status_code == 200
    assert "班组的推荐由所在部门提交" in page.text
