"""The desk's interface for paired phones: scans come in batches, and each is answered by its nonce after the commit.

A phone authenticates with a bearer token. Cookies are ignored, so a form of another site can do nothing here. Errors are
problem details, as in the API (`web.app.problems`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, g, jsonify, request
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.venue import devices, scan_display, scans
from eventreg.venue.devices import DeviceFacts
from eventreg.venue.rules import BATCH_MOST, NONCE_MOST, ScanVerdict
from eventreg.venue.scan_display import ScanDisplay
from eventreg.venue.scans import IncomingScan, Scanner, ScanResult
from eventreg.web.app import current
from eventreg.words import refusals, times, venue_words

bp = Blueprint("desk_api", __name__, url_prefix="/desk/api")

BODY_MOST = 256 * 1024
NONCE = re.compile(rf"[A-Za-z0-9_.-]{{1,{NONCE_MOST}}}")
NOBODY = ScanDisplay("", "", "")


def by_device() -> None:
    """The guard: open to paired phones; pairing is open to anybody who has a code."""
    current.ignore_cookie()
    request.max_content_length = BODY_MOST
    if request.endpoint != f"{bp.name}.pair":
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        found = devices.find_device(token.strip(), now=current.now()) if scheme == "Bearer" else None
        if found is None:
            raise Refused("pairing.no_device")
        g.device = found
    if request.method == "POST" and request.mimetype != "application/json":
        abort(415)


@bp.post("/pair")
def pair() -> Response:
    """Redeem a pairing code; only this answer holds the phone's token."""
    asked = _asked()
    code = asked.get("code") if isinstance(asked, dict) else None
    if not isinstance(code, str) or not code.isascii():
        raise Refused("pairing.dead")
    with unit_of_work():
        token = devices.pair(code, now=current.now())
    return jsonify(token=token)


@bp.get("/state")
def state() -> Response:
    """The campaign and check point of this phone, and how many people are admitted there."""
    _touch()
    device, campaign = _device(), _campaign()
    return jsonify(
        campaign=campaign.title,
        lang=campaign.lang,
        door=device.name,
        check_point=str(device.check_point),
        check_point_name=venue_words.point(device.check_point),
        **_count(),
    )


@bp.post("/scans")
def record() -> Response:
    """Store a batch of scans; the answer is given after the commit, in the order of the request."""
    device, batch = _device(), _batch(_asked())
    with unit_of_work():
        answers = scans.record(
            batch,
            Scanner(device.id, device.campaign_id),
            keys=current.keys(),
            now=current.now(),
        )
        if device.touch_due:
            devices.touch(device.id, now=current.now())
    ids = [a.registration_id for a in answers if a.registration_id is not None]
    behind = scan_display.displays_of(ids, campaign_id=device.campaign_id, check_point=device.check_point)
    campaign = _campaign()
    results = [
        _answer_body(answer, behind.get(answer.registration_id or 0, NOBODY), campaign) for answer in answers
    ]
    return jsonify(results=results, **_count())


def _asked() -> object:
    """The body as JSON; 400 also if it is nested too deeply to be parsed."""
    try:
        return request.get_json()
    except RecursionError:
        abort(400)


def _device() -> DeviceFacts:
    found: DeviceFacts = g.device
    return found


def _campaign() -> CampaignFacts:
    return campaigns.campaign_by_id(_device().campaign_id)


def _count() -> dict[str, Any]:
    device = _device()
    count = devices.count_admitted(device.campaign_id, device.check_point)
    return {"count": count, "server_time": current.now().isoformat()}


def _touch() -> None:
    if _device().touch_due:
        with unit_of_work():
            devices.touch(_device().id, now=current.now())


def _batch(asked: object) -> list[IncomingScan]:
    listed = asked.get("scans") if isinstance(asked, dict) else None
    if not isinstance(listed, list):
        raise Refused("scan.form")
    if len(listed) > BATCH_MOST:
        raise Refused("scan.too_many", most=BATCH_MOST)
    return [_scan(one) for one in listed]


def _scan(one: object) -> IncomingScan:
    """One scan. A wrong shape refuses the whole batch; an unknown text is answered as a scan."""
    fields = one if isinstance(one, dict) else {}
    nonce, text, at = (fields.get(name) for name in ("nonce", "text", "scanned_at"))
    if not (isinstance(nonce, str) and isinstance(text, str) and isinstance(at, str)):
        raise Refused("scan.form")
    if not NONCE.fullmatch(nonce):
        raise Refused("scan.form")
    try:
        scanned_at = datetime.fromisoformat(at)
        if scanned_at.tzinfo is None:
            raise Refused("scan.form")
        scanned_at = scanned_at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused("scan.form") from None
    plain = text.encode("utf-8", "replace").decode()  # a lone surrogate cannot be encoded
    return IncomingScan(nonce, plain, _device().check_point, scanned_at)


def _answer_body(answer: ScanResult, face: ScanDisplay, campaign: CampaignFacts) -> dict[str, Any]:
    return {
        "nonce": answer.nonce,
        "verdict": str(answer.verdict),
        "reason": answer.reason,
        "words": _words(answer, face, campaign),
        "name": face.name,
        "unit": face.unit,
        "first_at": answer.first_at.isoformat() if answer.first_at else None,
    }


def _words(answer: ScanResult, face: ScanDisplay, campaign: CampaignFacts) -> str:
    if answer.reason is not None:
        return refusals.say(answer.reason, {})
    at = times.clock(answer.first_at.astimezone(campaign.zone)) if answer.first_at else ""
    if answer.verdict is ScanVerdict.REPEATED:
        return venue_words.repeated(at=at, door=face.door)
    return venue_words.admitted(at=at, point_name=venue_words.point(_device().check_point))
