"""Health checks for monitoring: whether the process is up, and whether it can work."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, Response, jsonify
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from eventreg.core import disk
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db
from eventreg.core.disk import DiskSpace
from eventreg.core.uploaded_files import store
from eventreg.outbox import service as outbox
from eventreg.web.app import current

bp = Blueprint("health", __name__)


OUTBOX_LATE = (
    900  # seconds that the oldest due letter may wait: longer than all but the last step between attempts
)


@bp.get("/healthz")
def healthz() -> Response:
    """The process is up."""
    return jsonify(status="up")


@bp.get("/readyz")
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
    """Free space in the instance folder, for files, for temporary files, and for the database.

    Of a database server's disk, only a write that it refused lately is known.
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
