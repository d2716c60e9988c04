"""The door desk's pages: they hold nothing personal, a paired phone's script asks for the rest."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, render_template
from werkzeug.wrappers import Response

bp = Blueprint("scanner", __name__)


@bp.get("/desk")
def scanner() -> str:
    """Camera, verdict, last scans; on a phone that is not paired, how to pair it."""
    return render_template("desk/scanner/scanner.html")


@bp.get("/desk/pair")
def pair() -> str:
    """Where a pairing link leads: its code stands behind the # and reaches us only from the script."""
    return render_template("desk/scanner/pair.html")


@bp.get("/desk/worker.js")
def worker() -> Response:
    """The worker that reads codes; its own answer allows WebAssembly (see `headers`), no page does."""
    script = Path(current_app.static_folder or "") / "js" / "desk" / "worker.js"
    return Response(script.read_bytes(), mimetype="text/javascript")
