"""Pages about the site itself, and what an operator's monitor asks."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from eventreg.web.app import current

bp = Blueprint("site", __name__)


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
