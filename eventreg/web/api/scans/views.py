"""Scans of other systems in batches, each answered by its nonce. Scope `scans`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_smorest.blueprint import Blueprint
from marshmallow import RAISE

from eventreg.campaigns import service as campaigns
from eventreg.core import idempotency
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.idempotency import ResultKind
from eventreg.venue import roll_call, roster, scans
from eventreg.venue.incoming import IncomingScan, ScanResult
from eventreg.web.api.bearer import caller
from eventreg.web.api.scan_schemas import CheckPointsShape, ResultsShape, RosterPage, ScansBody
from eventreg.web.api.schemas import KeyHeader, PageQuery
from eventreg.web.app import current
from eventreg.words import venue_words

bp = Blueprint("api_scans", __name__, url_prefix="/api/v1", description="Scans at the door and on the way")

BODY_MOST = 1024 * 1024
MEANWHILE = {
    "scan.meanwhile",
    "request.other_body",
}  # raised when another request stored the nonce or the key meanwhile


@bp.route("/scans", methods=["POST"])
@bp.arguments(KeyHeader(), location="headers")
@bp.arguments(ScansBody())
@bp.response(200, ResultsShape)
def record(header: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Keep a batch of scans and answer each nonce. A nonce sent again is answered alike, and refused for another ticket"""
    batch = [_scanned(scan) for scan in body["scans"]]
    request = idempotency.IdempotentRequest(caller().audit_name, header["key"], body, ResultKind.SCANS)
    with idempotency.at_work(request):
        return {"results": _recorded(batch, request)}


@bp.route("/campaigns/<slug>/roster", methods=["GET"])
@bp.arguments(PageQuery(), location="query", unknown=RAISE)
@bp.response(200, RosterPage)
def list_expected(query: dict[str, Any], slug: str) -> dict[str, Any]:
    """Who may come in, by arrival: hashes of tickets, for a gate without a network"""
    campaign, most = campaigns.get_campaign(slug), query["limit"]
    found = roster.list_expected(campaign.id, after=query["cursor"], most=most)
    after = found[-1].arrival if len(found) == most else None
    return {"as_of": current.now(), "items": found, "next": after}


@bp.route("/campaigns/<slug>/check-points", methods=["GET"])
@bp.response(200, CheckPointsShape)
def list_check_points(slug: str) -> dict[str, Any]:
    """The check points of a campaign, and how many people were scanned at each on its day"""
    board = roll_call.call(campaigns.get_campaign(slug), now=current.now())
    points = [
        {
            "code": point.code,
            "name": venue_words.point(point.code, point.name),
            "role": str(point.role),
            "present": count,
        }
        for point, count in board.points
    ]
    return {"check_points": points, "present": board.present, "seated": board.seated}


def _recorded(batch: list[IncomingScan], request: idempotency.IdempotentRequest) -> list[ScanResult]:
    """Record a batch. If the same batch arrives twice at one instant, the second breaks a constraint and finds the first."""
    contended = len(batch) > 1  # it locks its device row, so that batches are counted one after the other
    try:
        with unit_of_work(contended=contended):
            return _record(batch, request)
    except Refused as error:
        if error.code not in MEANWHILE:
            raise
    with unit_of_work(contended=contended):
        return _record(batch, request)


def _record(batch: list[IncomingScan], request: idempotency.IdempotentRequest) -> list[ScanResult]:
    """Store the idempotency key, then the scans; a repeated request finds its nonces answered."""
    now = current.now()
    known = idempotency.find_answer(request)
    results = scans.record_of_system(batch, caller().name, keys=current.keys(), now=now)
    if known is None:
        idempotency.keep_answer(request, None, status=200, now=now)
    return results


def _scanned(scan: Mapping[str, Any]) -> IncomingScan:
    times = {"device_at": scan.get("device_at"), "sent_at": scan.get("sent_at")}
    return IncomingScan(scan["nonce"], scan["token"], scan["check_point"], scan["scanned_at"], **times)
