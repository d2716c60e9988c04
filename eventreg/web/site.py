"""Pages about the site itself, and what an operator's monitor asks."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, render_template
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from eventreg.core import disk
from eventreg.core.clock import utc_now
from eventreg.core.db import db
from eventreg.core.disk import DiskSpace
from eventreg.nominations.files import store
from eventreg.outbox import service as outbox

from . import current

bp = Blueprint("site", __name__)
health_bp = Blueprint("health", __name__)

OUTBOX_LATE = 900  # seconds: the oldest letter that could go waits longer than any retry step but one


@bp.get("/privacy")
def privacy() -> str:
    """What the house does with personal data."""
    return render_template("site/privacy.html")


@bp.get("/help")
def help() -> str:  # noqa: A001  (the page's name)
    """How things work, in plain words."""
    return render_template("site/help.html")


@bp.get("/help/phone")
def phone() -> str:
    """What a phone needs before it can scan, and what goes without."""
    held, settings = _certificate(), current.settings()
    return render_template(
        "site/phone.html",
        secure=settings.secure,
        address=f"{settings.base_url}/desk",
        fingerprint=held[1] if held else None,
    )


@bp.get("/help/phone/eventreg.crt")
def certificate() -> Response:
    """Our own authority's certificate, for a phone to trust."""
    held = _certificate()
    if held is None:
        abort(404)
    return Response(held[0], mimetype="application/x-x509-ca-cert")


def _certificate() -> tuple[bytes, str] | None:
    """Our own authority's, DER, and its fingerprint."""
    settings = current.settings()
    if not settings.tls:
        return None
    from eventreg.core import authority  # X.509: loaded only where we serve https ourselves

    found = authority.find_authority(settings.tls_folder)
    return (found, authority.fingerprint(found)) if found else None


@health_bp.get("/healthz")
def healthz() -> Response:
    """The process is up."""
    return jsonify(status="up")


@health_bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database answers, somebody holds the scheduler's lease, the outbox is not stuck, the disks have room."""
    disks = _disks()
    try:
        holder = outbox.lease_holder("scheduler")
        waiting = outbox.oldest_due(now=utc_now())
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(status="not ready", database="unreachable", disks=disks), 503
    age = int(waiting.total_seconds()) if waiting is not None else 0
    body = {
        "database": "ok",
        "scheduler": "held" if holder else "nobody",
        "outbox_age_s": age,
        "disks": disks,
    }
    status = "ready"
    if disk.worst(disks.values()) is DiskSpace.FULL:
        status = "disk is full"
    elif age > OUTBOX_LATE:
        status = "outbox is late"
    return jsonify(status=status, **body), 200 if status == "ready" else 503


def _disks() -> dict[str, DiskSpace]:
    """Room in the instance folder, for files and for temporary ones, and where the database lies.

    Of the disk of a database server only that it refused a write of this process lately is known.
    """
    instance, files = current.settings().instance, store.folder()
    url = make_url(current.settings().database)
    server = DiskSpace.FULL if disk.refused_lately() else DiskSpace.UNKNOWN
    return {
        "instance": disk.room_at(instance),
        "files": disk.room_at(files if files.is_dir() else instance),
        "temporary": disk.room_at(Path(tempfile.gettempdir())),
        "database": disk.room_at(Path(url.database).parent)
        if url.get_backend_name() == "sqlite" and url.database
        else server,
    }
