"""Headers on every answer, errors and files included (D13, T34, T35)."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

from .gate import for_programs

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

WORKER = (
    "scanner.worker"  # the only script that compiles WebAssembly: a worker obeys the policy of its own answer
)
SCANNER = "scanner.scanner"  # the only page that uses the camera
FILES = {
    "static",
    "assets.sheet",
}  # public static files: cached for a year, because their address contains a hash
PICTURES = "public.file"  # pictures of published campaigns: cached for a day


def init_headers(app: Flask, *, hsts: bool) -> None:
    """Add the headers after every request; with `hsts` browsers insist on https from then on."""

    always = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
    if hsts:
        always.append(("Strict-Transport-Security", "max-age=31536000"))

    @app.after_request
    def add(response: Response) -> Response:
        endpoint, headers = request.endpoint, response.headers
        wasm = "; script-src 'self' 'wasm-unsafe-eval'" if endpoint == WORKER else ""
        camera = "(self)" if endpoint == SCANNER else "()"
        headers.add("Content-Security-Policy", POLICY + wasm)
        headers.add("Permissions-Policy", f"camera={camera}, microphone=(), geolocation=()")
        headers.extend(always)
        cached = endpoint in FILES or (endpoint == PICTURES and response.mimetype == "image/jpeg")
        if not cached or response.status_code >= 400:
            headers["Cache-Control"] = "no-store"
            headers.add("Vary", "Authorization, Accept-Language" if for_programs() else "Cookie")
        return response
