"""Check points and the results of a hike for programs, from scans that another system sent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from eventreg.core.clock import utc_now

from .program import Program, token_for
from .test_api_scans import scan, send

RESULTS, POINTS = "/api/v1/campaigns/outing/results", "/api/v1/campaigns/outing/check-points"


@pytest.fixture
def gate(app: Flask, program: Program) -> Program:
    """Another system's gate."""
    return Program(app, token_for(app, "scans"))


def test_results_come_by_time_and_what_is_uncertain_is_asked(program: Program, gate: Program) -> None:
    tickets = {who: program.register(who).get_json()["ticket"]["url"] for who in ("A1", "B2")}
    began = utc_now().replace(microsecond=0) - timedelta(hours=1)

    def read(who: str, point: str, minutes: float) -> None:
        at = (began + timedelta(minutes=minutes)).isoformat()
        send(gate, scan(f"{who}{point}{minutes}", tickets[who], check_point=point, scanned_at=at))

    read("A1", "finish", 30 + 0.9 / 60)
    read("A1", "start", 0)
    read("B2", "start", -8)
    read("B2", "start", 1)
    unfinished = program.get(RESULTS).get_json()["results"]
    read("B2", "finish", 27)
    found = program.get(RESULTS).get_json()["results"]

    assert [set(line) for line in found] == [{"staff_no", "start", "finish", "elapsed_s", "standing"}] * 2
    assert [(line["staff_no"], line["elapsed_s"], line["standing"]) for line in found] == [
        ("A1", 1800, "in_time"),
        ("B2", None, "asked"),
    ]
    assert datetime.fromisoformat(found[0]["start"]) == began
    assert [line["standing"] for line in unfinished] == ["in_time", "not_back"]


def test_check_points_count_everybody_once(program: Program, gate: Program) -> None:
    tickets = [program.register(who).get_json()["ticket"]["url"] for who in ("A1", "B2")]
    send(gate, scan("n1", tickets[0]), scan("n2", tickets[0], check_point="start"), scan("n3", tickets[0]))

    told = gate.get(POINTS).get_json()

    assert (told["present"], told["seated"]) == (1, 2)
    assert [
        (point["code"], point["name"], point["role"], point["present"]) for point in told["check_points"]
    ] == [
        ("door", "Entrance", "in", 1),
        ("start", "Start", "start", 1),
        ("finish", "Finish", "finish", 0),
    ]


def test_a_gate_reads_no_staff_numbers_and_what_is_unknown_is_not_found(
    program: Program, gate: Program
) -> None:
    assert gate.get(RESULTS).status_code == 403
    assert program.get(POINTS).status_code == 403
    assert program.get("/api/v1/campaigns/none/results").status_code == 404
    assert gate.get("/api/v1/campaigns/none/check-points").status_code == 404
