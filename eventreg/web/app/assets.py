"""Static files: one style sheet made of many, compressed text, cached by browsers for a year.

An address contains a hash of the content (`?v=`), so a file may be cached for ever and a new one is fetched at once.
Only static files are compressed: a page holds secrets beside text of others, and its compressed length would leak
them (BREACH).
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request, url_for
from werkzeug.security import safe_join

bp = Blueprint("assets", __name__)

SHEET = "assets.sheet"
FIRST = ("vendor/bootstrap-5.3.9/bootstrap.min.css", "css/tokens.css", "css/base.css")
PARTS = "css/ui"
SQUEEZED = {".css", ".js", ".svg", ".wasm"}
YEAR = 365 * 24 * 3600


def init_assets(app: Flask) -> None:
    """Give templates `asset` and `sheet`, and register the view of static files."""
    app.jinja_env.globals.update(asset=_addresses(app), sheet=_sheet_address(app))
    app.view_functions["static"] = _squeezing(app)


@bp.get("/style.css")
def sheet() -> Response:
    """All style sheets as one file, those of the parts in order of their names."""
    return _sent(_joined(_folder(current_app))[0], "text/css")


def mark_of(content: bytes) -> str:
    """Twelve characters of a hash of this content."""
    return hashlib.sha256(content).hexdigest()[:12]


@lru_cache(maxsize=4)
def _joined(folder: Path) -> tuple[bytes, str]:
    """All style sheets as one, with its hash."""
    parts = sorted((folder / PARTS).glob("*.css"))
    whole = b"\n".join(path.read_bytes() for path in (*(folder / name for name in FIRST), *parts))
    return whole, mark_of(whole)


def _folder(app: Flask) -> Path:
    return Path(app.static_folder or "")


def _addresses(app: Flask) -> Callable[[str], str]:
    @lru_cache(maxsize=256)
    def marked(root: str, path: str) -> str:
        return url_for("static", filename=path, v=mark_of((_folder(app) / path).read_bytes()))

    def asset(path: str) -> str:
        """The address of a static file, with the prefix of a proxy if there is one."""
        return marked(request.script_root, path)

    return asset


def _sheet_address(app: Flask) -> Callable[[], str]:
    @lru_cache(maxsize=4)
    def marked(root: str) -> str:
        return url_for(SHEET, v=_joined(_folder(app))[1])

    def address() -> str:
        """The address of the one style sheet."""
        return marked(request.script_root)

    return address


def _squeezing(app: Flask) -> Callable[..., Response]:
    def static(filename: str) -> Response:
        """A file of ours."""
        path = safe_join(str(_folder(app)), filename)
        if path is None or Path(path).suffix not in SQUEEZED or not Path(path).is_file():
            return app.send_static_file(filename)
        content = Path(path).read_bytes()
        return _sent(content, mimetypes.guess_type(path)[0] or "application/octet-stream")

    return static


def _sent(content: bytes, mimetype: str) -> Response:
    """Set the caching headers; gzip if the client accepts it; 304 if its copy is current."""
    mark, squeezes = mark_of(content), request.accept_encodings["gzip"] > 0
    answer = Response(_gzipped(mark, content) if squeezes else content, mimetype=mimetype)
    answer.cache_control.max_age, answer.cache_control.public = YEAR, True
    answer.vary.add("Accept-Encoding")
    if squeezes:
        answer.content_encoding = "gzip"
    answer.set_etag(f"{mark}-gzip" if squeezes else mark)
    answer.make_conditional(request)
    return answer


_kept: dict[str, bytes] = {}


def _gzipped(mark: str, content: bytes) -> bytes:
    """The compressed content, cached: the files are few."""
    if mark not in _kept:
        _kept[mark] = gzip.compress(content, compresslevel=9, mtime=0)
    return _kept[mark]
