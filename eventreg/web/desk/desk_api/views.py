"""The desk's interface for paired phones: scans come in batches, and each is answered by its nonce after the commit.

A phone authenticates with a bearer token. Cookies are ignored, so a form of another site can do nothing here. Errors are
problem details, as in the API (`web.app.problems`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, g, jsonify, request
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import Actor, actor_of
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.venue import devices, scan_display
from eventreg.venue.devices import DeviceFacts
from eventreg.venue.incoming import IncomingScan, ScanResult
from eventreg.venue.offline import conflicts, labels, phone_roster
from eventreg.venue.offline.desk_entries import DeskEntry, EntryAnswer
from eventreg.venue.rules import ScanVerdict, find_code_fault
from eventreg.venue.scan_display import ScanDisplay
from eventreg.web.app import current
from eventreg.words import refusals, times, venue_words
from eventreg.words.day import team_words

from . import working
from .entries import RefusedEntry, read_batch, read_entries
from .roster_body import roster_body

bp = Blueprint("desk_api", __name__, url_prefix="/desk/api")

BODY_MOST = 256 * 1024
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
    """Redeem a pairing code; only this answer holds the phone's token. It also says what the phone is paired for."""
    asked = _asked()
    code = asked.get("code") if isinstance(asked, dict) else None
    if not isinstance(code, str) or not code.isascii():
        raise Refused("pairing.dead")
    with unit_of_work():
        token = devices.pair(code, now=current.now())
    device = devices.find_device(token, now=current.now())
    if device is None:
        raise Refused("pairing.dead")
    return jsonify(token=token, **_post(device), **_count(device))


@bp.get("/state")
def state() -> Response:
    """The campaign and check point of this phone, and how many people are admitted there."""
    _touch()
    return jsonify(**_post(_device()), **_count(_device()))


@bp.post("/scans")
def record() -> Response:
    """Store a batch of scans; the answer is given after the commit, in the order of the request.

    An entry that cannot be taken is refused for its own nonce and not stored, so the phone keeps it.
    """
    device, campaign = _device(), _campaign(_device())
    entries = read_batch(_asked(), device, slug=campaign.slug)
    batch = [entry for entry in entries if isinstance(entry, IncomingScan)]
    with unit_of_work():
        answers = working.record_scans(batch, device, actor=_actor())
        if device.touch_due:
            devices.touch(device.id, now=current.now())
    ids = [a.registration_id for a in answers if a.registration_id is not None]
    behind = scan_display.displays_of(ids, campaign_id=device.campaign_id, check_point=device.check_point)
    shown = labels.labels_of(ids, campaign, named=team_words.team)
    given = iter(answers)
    results = [
        _refusal_body(entry.nonce, entry.reason)
        if isinstance(entry, RefusedEntry)
        else _answer_body(next(given), entry, behind, campaign, shown)
        for entry in entries
    ]
    return jsonify(results=results, **_count(device))


@bp.post("/entries")
def work_off() -> Response:
    """Work off taps, walk-ins and releases; each is answered for its own nonce, after its commit."""
    device, campaign = _device(), _campaign(_device())
    read = read_entries(_asked(), device, slug=campaign.slug, now=current.now())
    entries = [entry for entry in read if isinstance(entry, DeskEntry)]
    given = iter(working.work_off(entries, device, campaign, actor=_actor()))
    answers = [
        EntryAnswer(entry.nonce or "", entry.reason, stored=False)
        if isinstance(entry, RefusedEntry)
        else next(given)
        for entry in read
    ]
    ids = [answer.registration_id for answer in answers if answer.registration_id]
    behind = scan_display.displays_of(ids, campaign_id=campaign.id, check_point=device.check_point)
    shown = labels.labels_of(ids, campaign, named=team_words.team)
    results = [_entry_body(answer, behind, shown) for answer in answers]
    _touch()
    return jsonify(results=results, **_count(device))


@bp.get("/roster")
def roster() -> Response:
    """The list that the phone decides by without a network; 304 if its copy is current."""
    device, campaign = _device(), _campaign(_device())
    found = phone_roster.roster_of(
        campaign, device.check_point, keys=current.keys(), named=team_words.team, now=current.now()
    )
    listed = roster_body(found, campaign, conflicts.list_of(campaign.id, device_id=device.id))
    answer = jsonify(**listed)
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
    return answer.make_conditional(request)


def _actor() -> Actor:
    return actor_of(f"device:{_device().id}", now=current.now())


def _entry_body(
    answer: EntryAnswer, behind: Mapping[int, ScanDisplay], shown: Mapping[int, str]
) -> dict[str, Any]:
    if not answer.stored and answer.refused:
        return _refusal_body(answer.nonce or None, answer.refused)
    face = behind.get(answer.registration_id or 0, NOBODY)
    refused = answer.refused
    return {
        "nonce": answer.nonce,
        "verdict": str(ScanVerdict.REFUSED if refused else ScanVerdict.ADMITTED),
        "reason": refused,
        "words": venue_words.why_refused(refused, n=answer.n)
        if refused
        else venue_words.entered_at_door(face.rank),
        "name": face.name,
        "unit": face.unit,
        "label": shown.get(answer.registration_id or 0, ""),
        "stored": True,
    }


def _asked() -> object:
    """The body as JSON; 400 also if it is nested too deeply to be parsed."""
    try:
        return request.get_json()
    except RecursionError:
        abort(400)


def _device() -> DeviceFacts:
    found: DeviceFacts = g.device
    return found


def _campaign(device: DeviceFacts) -> CampaignFacts:
    return campaigns.campaign_by_id(device.campaign_id)


def _post(device: DeviceFacts) -> dict[str, Any]:
    """What a phone is paired for: it stores every scan under this."""
    campaign = _campaign(device)
    return {
        "device": device.id,
        "paired_at": device.paired_at.isoformat(),
        "campaign": campaign.title,
        "slug": campaign.slug,
        "lang": campaign.lang,
        "door": device.name,
        "check_point": device.check_point,
        "check_point_name": venue_words.point(device.check_point, device.point_name),
        "role": str(device.role),
    }


def _count(device: DeviceFacts) -> dict[str, Any]:
    count = devices.count_admitted(device.campaign_id, device.check_point)
    return {"count": count, "server_time": current.now().isoformat()}


def _touch() -> None:
    if _device().touch_due:
        with unit_of_work():
            devices.touch(_device().id, now=current.now())


def _answer_body(
    answer: ScanResult,
    scan: IncomingScan,
    behind: Mapping[int, ScanDisplay],
    campaign: CampaignFacts,
    shown: Mapping[int, str],
) -> dict[str, Any]:
    if answer.reason == "scan.nonce_reused":
        return _refusal_body(answer.nonce, answer.reason)
    face = behind.get(answer.registration_id or 0, NOBODY)
    return {
        "nonce": answer.nonce,
        "verdict": str(answer.verdict),
        "reason": answer.reason,
        "words": _words(answer, scan, face, campaign),
        "name": face.name,
        "unit": face.unit,
        "label": shown.get(answer.registration_id or 0, ""),
        "first_at": answer.first_at.isoformat() if answer.first_at else None,
        "stored": True,
    }


def _refusal_body(nonce: str | None, reason: str) -> dict[str, Any]:
    """The answer to an entry that is not stored."""
    said = {"verdict": str(ScanVerdict.REFUSED), "reason": reason, "words": refusals.say(reason, {})}
    return {"nonce": nonce, **said, "name": "", "unit": "", "first_at": None, "stored": False}


def _words(answer: ScanResult, scan: IncomingScan, face: ScanDisplay, campaign: CampaignFacts) -> str:
    if answer.reason is not None:
        fault = find_code_fault(scan.text, typed=scan.typed)
        facts = {"length": fault.length, "marks": fault.marks} if fault else {}
        return refusals.say(answer.reason, facts)
    at = times.clock(answer.first_at.astimezone(campaign.zone)) if answer.first_at else ""
    if answer.verdict is ScanVerdict.REPEATED:
        return venue_words.repeated(at=at, door=face.door)
    device = _device()
    at_door = device.check_point == "door" and not device.point_name
    point_name = "" if at_door else venue_words.point(device.check_point, device.point_name)
    return venue_words.admitted(at=at, point_name=point_name, rank=face.rank)
