"""/api/v1/openapi.json: made from the views and their schemas, completed with all problem details."""

from __future__ import annotations

from functools import cache
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response, current_app, jsonify
from flask_smorest import Api
from flask_smorest.blueprint import Blueprint as ApiBlueprint

from eventreg.web.api.schemas import ProblemShape
from eventreg.web.app.problems import MEDIA_TYPE

bp = Blueprint("api_description", __name__, url_prefix="/api/v1")

PROBLEMS = {
    400: "Not JSON in UTF-8, or not HTTP as we take it",
    401: "No token, or one that is unknown, revoked or outlived",
    403: "The token lacks the scope",
    404: "Not there, or not open",
    409: "Refused as things stand: `code` says why",
    413: "The body is too large",
    415: "The body is not application/json",
    422: "A field is wrong, or the Idempotency-Key was used with another body",
    500: "Our fault",
    503: "Too busy: nothing was done",
    507: "The disk is full: nothing was written, an operator has to make room",
}
ALWAYS = {400, 401, 403, 500, 503}
WRITING = {409, 507}
WITH_BODY = {413, 415, 422}
LATER = ("Retry-After", "seconds until another try makes sense")
HEADERS = {401: ("WWW-Authenticate", "Bearer"), 503: LATER, 507: LATER}
METHODS = {"get", "post", "delete"}


class OurApi(Api):
    """flask-smorest without its own error pages: `web/app/errors.py` answers every error."""

    def _register_error_handlers(self) -> None:
        """Register none: the app's own error handlers answer."""

    def _register_responses(self) -> None:
        """Register no response for each status of HTTP: `completed` describes the answers."""


@bp.get("/openapi.json")
def openapi() -> Response:
    """The description of the API as OpenAPI 3.1."""
    return jsonify(describe(tuple(b for b in current_app.blueprints.values() if isinstance(b, ApiBlueprint))))


@cache
def describe(blueprints: tuple[ApiBlueprint, ...]) -> dict[str, Any]:
    """The description of these blueprints, made at the first request (ADR 29).

    They are registered at an app that serves nothing, because flask-smorest only reads their views and rules.
    """
    paper = Flask("eventreg")
    paper.config.update(API_TITLE="eventreg", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    api = OurApi(paper, spec_kwargs={"marshmallow_plugin": plugin, "security": [{"token": []}]})
    api.spec.components.security_scheme(
        "token", {"type": "http", "scheme": "bearer", "description": "made by `flask token NAME SCOPE...`"}
    )
    api.spec.components.schema("Problem", schema=ProblemShape)
    for told in blueprints:
        api.register_blueprint(told)
    return completed(api.spec.to_dict())


def completed(spec: dict[str, Any]) -> dict[str, Any]:
    """The description with exactly the responses that each operation gives."""
    spec["components"].pop("responses", None)
    for theirs in ("ErrorSchema", "PaginationMetadataSchema"):
        spec["components"]["schemas"].pop(theirs, None)
    for path, item in spec["paths"].items():
        for method in METHODS & item.keys():
            operation = item[method]
            _complete(operation, method, path)
    return spec


def _complete(operation: dict[str, Any], method: str, path: str) -> None:
    came = {int(status): told for status, told in operation["responses"].items() if status.isdigit()}
    responses = {str(status): told for status, told in came.items() if status < 400}
    wanted = set(ALWAYS)
    if "{" in path:
        wanted.add(404)
    if method in {"post", "delete"}:
        wanted |= WRITING
    if method == "post":
        wanted |= WITH_BODY
    if any(parameter["in"] != "path" for parameter in operation.get("parameters", ())):
        wanted.add(422)
    responses |= {str(status): _problem(status) for status in sorted(wanted)}
    operation["responses"] = responses


def _problem(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told: dict[str, Any] = {"description": PROBLEMS[status], "content": content}
    if status in HEADERS:
        name, note = HEADERS[status]
        told["headers"] = {name: {"description": note, "schema": {"type": "string"}}}
    return told


def _name(schema: Any) -> str:
    """The name of a schema: `RegistrationShape` is called Registration."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Shape")
