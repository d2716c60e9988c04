"""The pages of a scanning phone. They hold nothing personal; the script of a paired phone loads the rest."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, current_app, jsonify, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.web.app.assets import mark_of

from .asset_set import AssetSet, asset_set

bp = Blueprint("scanner", __name__)


@bp.get("/desk")
def scanner() -> str:
    """Show camera, verdict and last scans; on a phone that is not paired, how to pair it."""
    return _set().page


@bp.get("/desk/pair")
def pair() -> str:
    """The target of a pairing link. Its code is behind the #, so only the script sends it."""
    return render_template("desk/scanner/pair.html")


@bp.get("/desk/worker.js")
def worker() -> Response:
    """The worker that decodes QR codes. Its answer allows WebAssembly (see `headers`); pages do not."""
    return Response(_script("worker"), mimetype="text/javascript")


@bp.get("/desk/service-worker.js")
def service_worker() -> Response:
    """The script that stores the desk's files on the phone. It may also serve `/desk`, which is outside its own folder."""
    ours = _set()
    listed = {"id": ours.id, "page": url_for("scanner.scanner"), "files": ours.files}
    script = f"const SET = {json.dumps(listed)};\n".encode() + _script("service_worker")
    return Response(
        script, mimetype="text/javascript", headers={"Service-Worker-Allowed": url_for("scanner.scanner")}
    )


@bp.get("/desk/manifest.webmanifest")
def manifest() -> Response:
    """What a phone needs to put the desk on its home screen."""
    icon = url_for("static", filename="img/favicon.svg")
    answer = jsonify(
        name=_("签到台"),
        short_name=_("签到台"),
        start_url=url_for("scanner.scanner"),
        scope=url_for("scanner.scanner"),
        display="standalone",
        background_color="#1f1d1a",
        theme_color="#1f1d1a",
        icons=[{"src": icon, "sizes": "any", "type": "image/svg+xml"}],
    )
    answer.mimetype = "application/manifest+json"
    return answer


def _set() -> AssetSet:
    return asset_set(worker=mark_of(_script("worker")))


def _script(name: str) -> bytes:
    return (Path(current_app.static_folder or "") / "js" / "desk" / f"{name}.js").read_bytes()
