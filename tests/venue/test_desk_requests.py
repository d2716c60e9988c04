"""What a paired phone may ask: a bearer token opens its own campaign, a cookie nothing (T9 to T12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants, writing
from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.registrations import tickets
from eventreg.venue import devices
from eventreg.venue.models import Admission, Device, Scan
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.statements import statements

DEVICES = "/manage/campaigns/outing/devices"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with places for all, open since an hour; C3 organises it."""
    stage = cast.set_stage(app, capacity=20, now=cast.lately())
    with app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["C3"], Role.ORGANISER, "outing", actor=acting("test", utc_now()))
    return stage


@dataclass
class Desk:
    """A paired phone."""

    app: Flask
    token: str
    language: str = "zh-CN"

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}
        return self.app.test_client().open(f"/desk/api/{path}", method=method, headers=headers, **options)

    def scan(self, *texts: str, nonce: str = "n", at: datetime | None = None) -> TestResponse:
        when = (at or utc_now()).isoformat()
        scans = [{"nonce": f"{nonce}{i}", "text": text, "scanned_at": when} for i, text in enumerate(texts)]
        return self.ask("POST", "scans", json={"scans": scans})


def invite(app: Flask, stage: Stage, name: str = "东门") -> str:
    """A pairing code, as the organiser makes it."""
    with app.app_context(), unit_of_work():
        return devices.invite(stage.campaign_id, "door", name, actor=acting(stage.people["C3"], utc_now()))


def pair(app: Flask, code: str) -> TestResponse:
    return app.test_client().post("/desk/api/pair", json={"code": code})


def a_desk(app: Flask, stage: Stage, name: str = "东门") -> Desk:
    return Desk(app, pair(app, invite(app, stage, name)).get_json()["token"])


def ticket(app: Flask, stage: Stage, staff_no: str) -> str:
    made = cast.sign_up(app, stage, staff_no, now=utc_now())
    with app.app_context():
        return f"http://localhost/t/{tickets.find_token(made.id, keys=stage.keys)}"


def told(answer: TestResponse) -> list[tuple[str, str | None, str]]:
    """(verdict, reason, name) of each result."""
    return [(r["verdict"], r["reason"], r["name"]) for r in answer.get_json()["results"]]


def test_green_names_the_person_amber_the_first_time_and_door(app: Flask, stage: Stage) -> None:
    text, east, west = ticket(app, stage, "A1"), a_desk(app, stage), a_desk(app, stage, "西门")

    first = east.scan(text)
    again = west.scan(text)

    assert told(first) == [("admitted", None, "安娜")]
    assert (first.get_json()["results"][0]["unit"], first.get_json()["count"]) == ("客户服务班", 1)
    assert told(again) == [("repeated", None, "安娜")]
    assert "已在“东门”签到" in again.get_json()["results"][0]["words"]
    assert again.get_json()["results"][0]["first_at"] == first.get_json()["results"][0]["first_at"]
    assert again.get_json()["count"] == 1


def test_green_says_when_and_as_which_one_they_came(app: Flask, stage: Stage) -> None:
    first, second, desk = ticket(app, stage, "A1"), ticket(app, stage, "B2"), a_desk(app, stage)

    desk.scan(second, nonce="s")
    answer = desk.scan(first).get_json()["results"][0]

    assert answer["words"][5:] == " 签到（第 2 位）"


def test_red_has_its_reason_and_names_nobody_who_is_not_ours(app: Flask, stage: Stage) -> None:
    desk, gone, other = a_desk(app, stage), ticket(app, stage, "A1"), _other_ticket(app, stage)
    cast.withdraw(app, stage, "A1", now=utc_now())

    answer = desk.scan(gone, other, "x" * 22, "x" * 32_000, "\ud800", "")

    assert told(answer) == [
        ("refused", "scan.cancelled", "安娜"),
        ("refused", "scan.other_campaign", ""),
        *[("refused", "scan.unknown", "")] * 4,
    ]
    assert all(result["words"] for result in answer.get_json()["results"])


def _other_ticket(app: Flask, stage: Stage) -> str:
    """B2's ticket of another campaign."""
    now = utc_now() - timedelta(hours=1)
    with app.app_context(), unit_of_work():
        season_id = writing.make_season(cast.season())
        campaign = cast.outing(5, slug="other", published_at=now)
        writing.publish(campaign, season_id=season_id, notice_id=stage.notice_id, actor=acting("test", now))
    with app.app_context():
        other = Stage(get_campaign("other").id, stage.notice_id, stage.people, stage.keys)
    return ticket(app, other, "B2")


def test_a_batch_sent_again_is_answered_alike_and_counts_nothing(app: Flask, stage: Stage) -> None:
    desk, text, at = a_desk(app, stage), ticket(app, stage, "A1"), utc_now()

    answers = [desk.scan(text, "forged", at=at).get_json() for _ in range(2)]

    assert answers[0]["results"] == answers[1]["results"]
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (2, 1)


def test_a_revoked_phone_is_nobody_at_the_next_call(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    desk, organiser, text = a_desk(app, stage), client_for("C3"), ticket(app, stage, "A1")
    page = organiser.get(DEVICES)

    with app.app_context():
        device = devices.list_devices(stage.campaign_id)[0].id
    revoked = organiser.post(f"{DEVICES}/{device}/revocation", data={"csrf_token": token_in(page)})
    answers = [desk.scan(text), desk.ask("GET", "state")]

    assert revoked.status_code == 303
    assert [(a.status_code, a.get_json(force=True)["code"]) for a in answers] == [
        (401, "pairing.no_device")
    ] * 2
    assert sight.count(app, Scan) == 0
    assert "已停用" in organiser.get(DEVICES).text


def test_an_organiser_invites_a_phone_and_sees_the_code_once(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    organiser = client_for("C3")
    form = {"csrf_token": token_in(organiser.get(DEVICES)), "door": "东门", "check_point": "door"}

    shown = organiser.post(DEVICES, data=form).text
    code = shown.split("http://localhost/desk/pair#")[1].split("<")[0]

    assert "pairing-qr" in shown
    assert code not in organiser.get(DEVICES).text
    assert [pair(app, code).status_code for _ in range(2)] == [200, 410]
    assert "东门" in organiser.get(DEVICES).text


@pytest.mark.parametrize(
    ("door", "point", "said"),
    [("", "door", "还没有写"), ("x" * 41, "door", "最多 40 个字"), ("东门", "roof", "请选一个签到点")],
)
def test_a_wrong_invitation_is_said_at_its_field(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient], door: str, point: str, said: str
) -> None:
    organiser = client_for("C3")
    form = {"csrf_token": token_in(organiser.get(DEVICES)), "door": door, "check_point": point}

    answer = organiser.post(DEVICES, data=form)

    assert answer.status_code == 422
    assert said in answer.text
    assert "pairing-qr" not in answer.text


def test_who_organises_another_campaign_finds_nothing_here(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    _other_ticket(app, stage)
    with app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["E5"], Role.ORGANISER, "other", actor=acting("test", utc_now()))
    client = client_for("E5")

    asked = [client.get(path).status_code for path in (DEVICES, "/manage/campaigns/other/devices")]

    assert asked == [404, 200]


def test_a_cookie_opens_nothing(app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]) -> None:
    client = client_for("C3")
    headers = {"X-CSRFToken": token_in(client.get(DEVICES))}

    answers = [
        client.get("/desk/api/state"),
        client.post("/desk/api/scans", json={"scans": []}, headers=headers),
    ]

    assert [(a.status_code, a.headers["WWW-Authenticate"]) for a in answers] == [
        (401, 'Bearer realm="eventreg"')
    ] * 2


def test_a_typed_ticket_code_is_green_and_a_wrong_one_says_what_to_do(app: Flask, stage: Stage) -> None:
    desk, _text = a_desk(app, stage), ticket(app, stage, "A1")
    with app.app_context():
        code = tickets.find_code(1, keys=stage.keys) or ""

    answer = desk.scan(f" {code[:4]} {code[4:]} ".lower(), "ZZZZ-ZZZZ")

    assert told(answer) == [("admitted", None, "安娜"), ("refused", "scan.unknown_code", "")]
    assert "请核对 8 位字符" in answer.get_json()["results"][1]["words"]


def test_the_state_tells_what_the_phone_is_for(app: Flask, stage: Stage) -> None:
    desk = a_desk(app, stage)
    desk.scan(ticket(app, stage, "A1"))

    said = desk.ask("GET", "state").get_json()

    assert (said["door"], said["check_point"], said["count"]) == ("东门", "door", 1)
    assert said["campaign"] == "踏春嘉年华、健康伴我行"
    assert datetime.fromisoformat(said["server_time"]).tzinfo is not None


def test_last_contact_is_written_once_a_minute(app: Flask, stage: Stage) -> None:
    desk = a_desk(app, stage)

    with statements(app) as seen:
        desk.ask("GET", "state")

    assert [s for s in seen if s.startswith("UPDATE")] == []
    with app.app_context(), unit_of_work():
        devices.touch(1, now=utc_now() - timedelta(minutes=2))
    desk.ask("GET", "state")
    with app.app_context():
        assert utc_now() - devices.list_devices(stage.campaign_id)[0].seen_at < timedelta(minutes=1)
    assert sight.count(app, Device) == 1


def test_the_reader_s_webassembly_comes_as_such(app: Flask) -> None:
    answer = app.test_client().get("/static/vendor/zxing-wasm-3.1.4/zxing_reader.wasm", buffered=True)

    assert (answer.status_code, answer.mimetype) == (200, "application/wasm")
