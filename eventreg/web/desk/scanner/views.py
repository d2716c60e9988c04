"""The pages of a scanning phone. They hold nothing personal; the script of a paired phone loads the rest."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, render_template
from werkzeug.wrappers import Response

bp = Blueprint("scanner", __name__)


@bp.get("/desk")
def scanner() -> str:
    """Show camera, verdict and last scans; on a phone that is not paired, how to pair it."""
    return render_template("desk/scanner/scanner.html")


@bp.get("/desk/pair")
def pair() -> str:
    """The target of a pairing link. Its code is behind the #, so only the script sends it."""
    return render_template("desk/scanner/pair.html")


@bp.get("/desk/worker.js")
def worker() -> Response:
    """The worker that decodes QR codes. Its answer allows WebAssembly (see `headers`); pages do not."""
    script = Path(current_app.static_folder or "") / "js" / "desk" / "worker.js"
    return Response(script.read_bytes(), mimetype="text/javascript")
