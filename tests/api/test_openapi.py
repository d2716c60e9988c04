"""openapi.json is true: schemathesis asks what it describes, and what it forbids, and compares."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from eventreg.core.errors import Busy, DiskFull
from eventreg.registrations import service as registrations
from eventreg.web.api.campaigns import views as campaigns
from tests.rig import cast

from .program import REGISTRATIONS, Program, token_for

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
    unsupported_method,
]
EXAMPLES = 25  # for each operation and each way of making them
OPERATIONS = {
    "POST /api/v1/scans",
    "GET /api/v1/campaigns/{slug}/roster",
    "GET /api/v1/campaigns/{slug}/check-points",
    "GET /api/v1/campaigns/{slug}/results",
    "GET /api/v1/campaigns/{slug}/teams",
    "GET /api/v1/campaigns/{slug}/forfeits",
    "GET /api/v1/campaigns",
    "GET /api/v1/campaigns/{slug}",
    "GET /api/v1/campaigns/{slug}/registrations",
    "POST /api/v1/campaigns/{slug}/registrations",
    "DELETE /api/v1/registrations/{registration_id}",
    "POST /api/v1/registrations/{registration_id}/confirm",
}
WRITES = {"post", "delete"}
bounded = settings(
    max_examples=EXAMPLES,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def described(app: Flask) -> dict[str, Any]:
    """The description as it is served."""
    found: dict[str, Any] = json.loads(app.test_client().get("/api/v1/openapi.json").data)
    return found


def play(app: Flask, mode: GenerationMode) -> Counter[str]:
    """Ask bounded examples of every operation; half of them at what is really there."""
    cast.set_stage(app, now=cast.lately())
    headers = {"Authorization": f"Bearer {token_for(app, 'campaigns', 'registrations', 'scans')}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    asked = Counter[str]()

    def ask(case: Case[Any]) -> None:
        answer = case.call_and_validate(checks=CHECKS, headers=headers)
        asked[f"{case.operation.label} {answer.status_code}"] += 1

    for operation in (found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)):
        aims = [None, {"slug": "outing"}] if "{slug}" in operation.path else [None]
        if mode.is_negative and not (operation.body or operation.query or operation.path_parameters):
            continue
        for aim in aims:
            cases = operation.as_strategy(generation_mode=mode, path_parameters=aim)
            bounded(given(case=cases)(ask))()
    print(sorted(asked.items()))
    return asked


def test_what_is_described_is_answered_as_described(sqlite_app: Flask) -> None:
    asked = play(sqlite_app, GenerationMode.POSITIVE)

    assert {name.rsplit(" ", 1)[0] for name in asked} == OPERATIONS
    assert {name for name in asked if name.endswith((" 200", " 404", " 422"))} >= {
        "GET /api/v1/campaigns 200",
        "GET /api/v1/campaigns/{slug} 200",
        "GET /api/v1/campaigns/{slug}/registrations 422",
        "POST /api/v1/campaigns/{slug}/registrations 422",
        "DELETE /api/v1/registrations/{registration_id} 404",
    }


def test_what_is_not_described_is_turned_away(sqlite_app: Flask) -> None:
    asked = play(sqlite_app, GenerationMode.NEGATIVE)

    assert asked.total() > EXAMPLES
    assert {name for name in asked if name.endswith((" 201", " 204", " 500"))} == set()


def test_the_description_names_every_route_and_nothing_from_elsewhere(sqlite_app: Flask) -> None:
    described = sqlite_app.test_client().get("/api/v1/openapi.json")
    spec: dict[str, Any] = json.loads(described.data)
    named = {f"{m.upper()} {path}" for path, item in spec["paths"].items() for m in item if m != "parameters"}
    problems = [
        told["content"]
        for item in spec["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
        for status, told in operation["responses"].items()
        if status >= "400"
    ]

    assert named == OPERATIONS
    assert "http" not in described.text.replace('"type":"http"', "")
    assert spec["security"] == [{"token": []}]
    assert spec["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert {tuple(content) for content in problems} == {("application/problem+json",)}


@pytest.mark.parametrize(("trouble", "status"), [(Busy("held"), "503"), (DiskFull("no room"), "507")])
def test_what_comes_when_nothing_can_be_written_is_described(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, trouble: Busy, status: str
) -> None:
    def fail(*_args: object, **_how: object) -> None:
        raise trouble

    cast.set_stage(sqlite_app, now=cast.lately())
    monkeypatch.setattr(registrations, "register", fail)
    program = Program(sqlite_app, token_for(sqlite_app, "registrations"))
    answer = program.ask("POST", REGISTRATIONS, {"staff_no": "A1", "answers": {"phone": "13800138000"}})
    operations = [
        told
        for item in described(sqlite_app)["paths"].values()
        for method, told in item.items()
        if method in WRITES
    ]

    assert str(answer.status_code) == status
    assert answer.is_json is True
    assert "Retry-After" in answer.headers
    assert len(operations) == 4
    assert [set(told["responses"][status]["headers"]) for told in operations] == [{"Retry-After"}] * 4


def test_a_description_that_lies_would_be_caught(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a state that no shape allows."""
    honest = campaigns.shown
    monkeypatch.setattr(campaigns, "shown", lambda *of: honest(*of) | {"accepts": "gold"})

    with pytest.raises(FailureGroup, match="Response violates schema"):
        play(sqlite_app, GenerationMode.POSITIVE)
