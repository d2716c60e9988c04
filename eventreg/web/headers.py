"""Headers on every answer, errors and files included (reliability 4.1)."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

from .gate import for_programs

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

WORKER = "desk.worker"  # the one script that compiles WebAssembly: a worker obeys its own answer's policy
SCANNER = "desk.scanner"  # the one page that asks for the camera
FILES = {"static", "assets.sheet"}  # ours and nobody's in particular: kept for a year by their mark


def init_headers(app: Flask, *, hsts: bool) -> None:
    """Add the headers after every request; with `hsts` browsers insist on https from then on."""

    @app.after_request
    def add(response: Response) -> Response:
        wasm = "; script-src 'self' 'wasm-unsafe-eval'" if request.endpoint == WORKER else ""
        camera = "(self)" if request.endpoint == SCANNER else "()"
        response.headers["Content-Security-Policy"] = POLICY + wasm
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = f"camera={camera}, microphone=(), geolocation=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if hsts:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint not in FILES or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
            response.headers.add("Vary", "Authorization, Accept-Language" if for_programs() else "Cookie")
        return response
