"""The organiser's pages of the day: the hike, one person's walk, and the roll call."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.rig.clients import token_in

from .hillside import NOON, Hillside, clock, hillside

ClientFor = Callable[..., FlaskClient]
HIKE, PRESENCE = "/manage/campaigns/outing/hike", "/manage/campaigns/outing/presence"


@pytest.fixture
def hill(app: Flask) -> Iterator[Hillside]:
    """10:31 of the day; A1, B2 and C3 have places, A1 and B2 came to the door."""
    with time_machine.travel(clock("10:31"), tick=True):
        hill = hillside(app)
        hill.sign_up("A1", "B2", "C3")
        hill.scan("A1", "door", "9:30", received=clock("9:30"))
        hill.scan("B2", "door", "9:31", received=clock("9:31"))
        yield hill


def press(client: FlaskClient, page: str, **fields: str) -> TestResponse:
    """Send a form of the page."""
    return client.post(page, data={"csrf_token": token_in(client.get(page)), **fields})


def test_the_start_is_pressed_and_whoever_is_out_over_the_limit_is_red(
    hill: Hillside, client_for: ClientFor
) -> None:
    organiser = client_for("F6")

    first = press(organiser, HIKE, act="start", at="10:00")
    again = press(organiser, HIKE, act="start")
    page = organiser.get(HIKE).text

    assert (first.status_code, again.status_code) == (303, 303)
    assert "10:00:00 一起出发" in page
    assert "已经在 10:00:00 出发了" in page
    assert page.count("超过限时") == 2
    assert "10:00:00 出发，已经 31 分钟" in page


def test_a_time_in_the_future_and_what_is_no_time_are_refused_in_words(
    hill: Hillside, client_for: ClientFor
) -> None:
    organiser = client_for("F6")

    answers = [press(organiser, HIKE, act="start", at=typed) for typed in ("11:00", "ten", "25:00")]
    other = press(organiser, HIKE, act="fly")

    assert [answer.status_code for answer in (*answers, other)] == [409] * 4
    assert "这个时间还没有到" in answers[0].text
    assert "请写时间" in answers[1].text
    assert 'value="ten"' in answers[1].text


def test_somebody_is_corrected_with_a_reason_and_the_correction_taken_back(
    hill: Hillside, client_for: ClientFor
) -> None:
    organiser, at = client_for("F6"), f"{HIKE}/{hill.registration('A1')}"
    hill.start("10:00")
    without = press(organiser, at, act="fix", point="finish", counts="yes", at="10:27:30", reason=" ")

    done = press(organiser, at, act="fix", point="finish", counts="yes", at="10:27:30", reason="手机没电")
    corrected, page = hill.told()["A1"], organiser.get(at).text
    number = page.split('name="fix" value="')[1].split('"')[0]
    press(organiser, at, act="undo_fix", fix=number)

    assert (without.status_code, done.status_code) == (409, 303)
    assert "请写原因" in without.text
    assert 'value="10:27:30"' in without.text
    assert corrected == ("in_time", 27 * 60 + 30)
    assert "终点改为 10:27:30：手机没电" in page
    assert hill.told()["A1"] == ("not_back", None)
    assert "已撤回" in organiser.get(at).text


def test_a_note_takes_somebody_off_the_list(hill: Hillside, client_for: ClientFor) -> None:
    organiser, at = client_for("F6"), f"{HIKE}/{hill.registration('B2')}"
    hill.start("10:00")

    press(organiser, at, act="note", kind="gave_up", note="脚疼")

    assert hill.told()["B2"] == ("left", None)
    assert organiser.get(HIKE).text.count("已经 31 分钟") == 1
    assert press(organiser, at, act="note", kind="flew").status_code == 409


def test_a_burst_is_shown_and_settled(hill: Hillside, client_for: ClientFor) -> None:
    organiser = client_for("F6")
    hill.start("9:50")
    hill.tap("10:25", "10:26", "10:27", received=clock("10:30"))
    hill.scan("A1", "finish", "10:28", received=clock("10:30"))
    hill.scan("B2", "finish", "10:29", received=clock("10:30"))
    page = organiser.get(HIKE).text
    second = page.split('name="tap" value="')[2].split('"')[0]

    without = press(organiser, HIKE, act="strike", tap=second)
    press(organiser, HIKE, act="strike", tap=second, reason="按重了")
    after = organiser.get(HIKE).text

    assert "按了 3 次，扫了 2 人" in page
    assert without.status_code == 409
    assert hill.told() == {"A1": ("late", 35 * 60), "B2": ("late", 37 * 60)}
    assert "划掉的到达，1 次" in after
    press(organiser, HIKE, act="put_back", tap=second)
    press(organiser, HIKE, act="add", tap=second, at="x", reason="漏按")
    assert press(organiser, HIKE, act="add", tap=second, at="10:26:30", reason="漏按").status_code == 303
    assert "按了 4 次，扫了 2 人" in organiser.get(HIKE).text


def test_the_results_and_the_roll_call_go_into_a_spreadsheet(hill: Hillside, client_for: ClientFor) -> None:
    organiser = client_for("F6")
    hill.start("10:00")
    hill.scan("A1", "finish", "10:27", received=clock("10:28"))

    results, people = press(organiser, HIKE, act="export"), press(organiser, PRESENCE, act="export")

    assert results.mimetype == people.mimetype == "text/csv"
    lines = results.data.decode("utf-8-sig").splitlines()
    assert lines[0] == '"编号","姓名","工号","单位","出发","到达","用时","结果"'
    assert lines[1] == (
        '"1","安娜","A1","客户服务班","2027-03-04 10:00:00","2027-03-04 10:27:00","27:00","按时"'
    )
    assert lines[2].endswith('"2027-03-04 10:00:00","","","还没回来"')
    assert '"3","陈雨桐","营销部 抄核收班","没到","","",""' in people.data.decode("utf-8-sig")


def test_the_roll_call_has_numbers_to_call_and_the_try_is_declared(
    hill: Hillside, client_for: ClientFor
) -> None:
    organiser = client_for("F6")
    page = organiser.get(PRESENCE).text

    without = press(organiser, PRESENCE, act="try", reason="")
    done = press(organiser, PRESENCE, act="try", reason="早上试扫")

    assert "<b>2</b><span>人到了，应到 3 人" in page
    assert "陈雨桐" in page
    assert "没有留电话" in page
    assert (without.status_code, done.status_code) == (409, 303)
    assert "<b>0</b><span>人到了，应到 3 人" in organiser.get(PRESENCE).text


def test_what_was_tried_on_the_eve_is_said_to_be_a_try(app: Flask, client_for: ClientFor) -> None:
    with time_machine.travel(clock("-10:00"), tick=True):
        hill = hillside(app)
        hill.sign_up("A1")
        hill.scan("A1", "start", "-11:00", received=clock("-10:00"))
        pages = [client_for("F6").get(page).text for page in (HIKE, PRESENCE)]
    with time_machine.travel(clock("9:30"), tick=True):
        hill.scan("A1", "door", "9:29", received=clock("9:30"))
        later = [client_for("F6").get(page).text for page in (HIKE, PRESENCE)]

    assert ["下面是以前试扫的" in page for page in (*pages, *later)] == [True, True, False, False]
    assert "安娜" in pages[0]
    assert "安娜" not in later[0]


def test_a_draft_and_a_campaign_without_a_hike_have_no_such_page(
    hill: Hillside, client_for: ClientFor
) -> None:
    organiser = client_for("F6")

    assert organiser.get(f"{HIKE}?activity=999").status_code == 404
    assert organiser.get(f"{HIKE}/99999").status_code == 404
    assert client_for("A1").get(HIKE).status_code == 404
    assert clock("10:31") < NOON
