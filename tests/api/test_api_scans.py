"""POST /scans: every nonce gets its answer, again and again, and a ticket counts once."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.kinds import CheckPointRole
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.venue.models import Admission, Scan
from tests.rig import sight
from tests.rig.actors import acting

from .program import Program, token_for

AT = "2027-03-04T08:59:58+08:00"


@pytest.fixture
def gate(app: Flask, program: Program) -> Program:
    """Another system's gate."""
    return Program(app, token_for(app, "scans"))


def scan(nonce: str, token: str, **more: object) -> dict[str, Any]:
    """One scan at the door, a minute ago."""
    at = (utc_now() - timedelta(minutes=1)).isoformat()
    return {"nonce": nonce, "token": token, "check_point": "door", "scanned_at": at} | more


def send(gate: Program, *batch: dict[str, Any], key: str = "") -> TestResponse:
    """A batch."""
    return gate.ask("POST", "/api/v1/scans", {"scans": list(batch)}, key=key)


def test_each_nonce_is_answered_in_the_order_asked(app: Flask, program: Program, gate: Program) -> None:
    ticket = program.register("A1").get_json()["ticket"]
    first = scan("n1", ticket["url"])
    answer = send(gate, first, scan("n2", "invented"), scan("n3", ticket["token"]))
    results = answer.get_json()["results"]

    assert (answer.status_code, set(results[0])) == (200, {"nonce", "verdict", "reason", "first_at"})
    assert [(r["nonce"], r["verdict"], r["reason"]) for r in results] == [
        ("n1", "admitted", None),
        ("n2", "refused", "scan.unknown"),
        ("n3", "repeated", None),
    ]
    assert [r["first_at"] for r in results] == [first["scanned_at"], None, first["scanned_at"]]
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (3, 1)


def test_a_batch_sent_again_is_answered_alike_and_counts_once(
    app: Flask, program: Program, gate: Program
) -> None:
    ticket = program.register("A1").get_json()["ticket"]
    batch = [scan("n1", ticket["url"]), scan("n2", "invented")]
    answers = [send(gate, *batch, key=key) for key in ("k1", "k1", "", "k2")]

    assert {(a.status_code, a.data) for a in answers} == {(200, answers[0].data)}
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (2, 1)


@pytest.mark.parametrize("key", ["", "k1"])
def test_a_code_that_is_no_text_does_not_hold_its_batch_up(
    app: Flask, program: Program, gate: Program, key: str
) -> None:
    """A gate would send the batch again and again."""
    ticket = program.register("A1").get_json()["ticket"]
    answer = send(gate, scan("n1", "x\ud800"), scan("n2", ticket["token"]), key=key)

    assert answer.status_code == 200
    assert [r["verdict"] for r in answer.get_json()["results"]] == ["refused", "admitted"]


def test_a_nonce_used_again_with_another_ticket_is_refused_alone(
    app: Flask, program: Program, gate: Program
) -> None:
    """A gate whose counter restarts would otherwise let everybody in under answers of yesterday."""
    anna, bo = (program.register(who).get_json()["ticket"]["token"] for who in ("A1", "B2"))
    send(gate, scan("1", anna))

    answer = send(gate, scan("1", bo), scan("2", bo))

    assert (answer.status_code, answer.get_json()["results"][0]) == (
        200,
        {"nonce": "1", "verdict": "refused", "reason": "scan.nonce_reused", "first_at": None},
    )
    assert answer.get_json()["results"][1]["verdict"] == "admitted"
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (2, 2)


def test_a_key_with_another_batch_is_422_and_keeps_nothing(app: Flask, gate: Program) -> None:
    send(gate, scan("n1", "x"), key="k1")
    answer = send(gate, scan("n2", "x"), key="k1")

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, "request.other_body")
    assert sight.count(app, Scan) == 1


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"nonce": "n\x00"}, "request.key_form", "scans.0.nonce"),
        ({"check_point": "Roof!"}, "request.check_point", "scans.0.check_point"),
        ({"scanned_at": "2027-03-04 09:00"}, "request.time_form", "scans.0.scanned_at"),
        ({"token": 1}, "request.wrong_type", "scans.0.token"),
    ],
)
def test_a_scan_out_of_shape_is_422(gate: Program, more: dict[str, Any], code: str, field: str) -> None:
    told = send(gate, scan("n1", "x") | more).get_json(force=True)

    assert (told["status"], told["code"], [e["field"] for e in told["errors"]]) == (422, code, [field])


def test_a_check_point_that_the_campaign_has_not_refuses_one_scan_and_not_the_batch(
    app: Flask, program: Program, gate: Program
) -> None:
    ticket = program.register("A1").get_json()["ticket"]
    with app.app_context(), unit_of_work():
        campaign_id = campaigns.get_campaign("outing").id
        lunch = check_points.add(campaign_id, "午餐", CheckPointRole.OTHER, actor=acting("test", utc_now()))
    wanted = [
        scan(f"n{n}", ticket["url"], check_point=code) for n, code in enumerate(("roof", lunch, "door"))
    ]
    results = send(gate, *wanted).get_json()["results"]

    told = [(r["verdict"], r["reason"]) for r in results]
    assert told == [("refused", "scan.check_point"), ("admitted", None), ("admitted", None)]


def test_an_impossible_clock_refuses_one_scan_and_not_the_batch(program: Program, gate: Program) -> None:
    ticket = program.register("A1").get_json()["ticket"]
    wrong = scan("n1", ticket["url"], scanned_at="1970-01-01T00:00:00Z")
    results = send(gate, wrong, scan("n2", ticket["url"])).get_json()["results"]

    assert [(r["verdict"], r["reason"]) for r in results] == [("refused", "scan.clock"), ("admitted", None)]


def test_the_roster_holds_hashes_masked_names_and_who_is_in(program: Program, gate: Program) -> None:
    made = [program.register(who).get_json() for who in ("A1", "B2", "C3")]
    at = scan("n1", made[0]["ticket"]["url"])
    send(gate, at)
    first = gate.get("/api/v1/campaigns/outing/roster?limit=1").get_json()
    rest = gate.get(f"/api/v1/campaigns/outing/roster?cursor={first['next']}").get_json()

    assert first["items"] == [
        {
            "arrival": 1,
            "ticket_sha256": hashlib.sha256(made[0]["ticket"]["token"].encode()).hexdigest(),
            "name": "安*",
            "admitted": {"door": at["scanned_at"]},
        }
    ]
    assert [(item["arrival"], item["admitted"]) for item in rest["items"]] == [(2, {})]
    assert rest["next"] is None
    assert "as_of" in rest


def test_a_thousand_go_in_and_one_more_is_refused(gate: Program) -> None:
    batch = [scan(f"n{n}", "invented") for n in range(1_001)]

    assert [send(gate, *batch[:1_000]).status_code, send(gate, *batch).status_code] == [200, 422]
