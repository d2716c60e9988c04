"""The list of registrations, page by page, while rows are added."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from .program import REGISTRATIONS, Program


def page(program: Program, **query: object) -> dict[str, Any]:
    """One page."""
    answer = program.get(REGISTRATIONS + "?" + "&".join(f"{name}={value}" for name, value in query.items()))
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def test_a_line_says_who_stands_where(program: Program) -> None:
    for who in ("A1", "B2", "C3"):
        program.register(who)
    body = page(program)

    assert body["next"] is None
    assert [set(item) for item in body["items"]] == [
        {"id", "staff_no", "state", "arrival", "position", "registered_at", "answers"}
        | {"confirm_by", "confirmed_at"}
    ] * 3
    assert [(i["staff_no"], i["state"], i["arrival"], i["position"]) for i in body["items"]] == [
        ("A1", "seated", 1, None),
        ("B2", "seated", 2, None),
        ("C3", "waiting", 3, 1),
    ]
    assert body["items"][0]["registered_at"][-6:] == "+00:00"


def test_pages_are_stable_while_rows_are_added_and_withdrawn(app: Flask, program: Program) -> None:
    ids = {who: program.register(who).get_json()["id"] for who in ("A1", "B2", "C3", "D4")}
    first = page(program, limit=2)
    program.register("E5")
    program.withdraw(ids["A1"])
    second = page(program, limit=2, cursor=first["next"])
    program.register("F6")
    third = page(program, limit=2, cursor=second["next"])

    seen = [item["staff_no"] for part in (first, second, third) for item in part["items"]]
    assert seen == ["A1", "B2", "C3", "D4", "E5", "F6"]
    assert [(i["state"], i["position"]) for i in second["items"]] == [("seated", None), ("waiting", 1)]
    assert [i["position"] for i in third["items"]] == [2, 3]
    assert page(program, limit=2, cursor=third["next"]) == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "request.limit"),
        ("limit=501", "request.limit"),
        ("limit=many", "request.limit"),
        ("cursor=%21", "request.cursor"),
        ("cursor=YWZ0ZXIgeA", "request.cursor"),
        ("cursor=", "request.cursor"),
        ("page=2", "request.unknown_field"),
    ],
)
def test_a_wrong_query_is_422(program: Program, query: str, code: str) -> None:
    answer = program.get(f"{REGISTRATIONS}?{query}")

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, code)
