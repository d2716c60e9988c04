"""Pages about the site itself: privacy, help, phones, certificate."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from eventreg.campaigns import service as campaigns
from eventreg.web.app import current
from eventreg.words.operations import retention_words

bp = Blueprint("site", __name__)


@bp.get("/privacy")
def privacy() -> str:
    """Show what the company does with personal data."""
    kept = [
        (one.title, one.lang, retention_words.sentence(one.retain_until, one.archive_until))
        for one in campaigns.list_campaigns()
    ]
    return render_template("site/privacy.html", kept=kept)


@bp.get("/help")
def help() -> str:  # noqa: A001  (the page's name)
    """Show how things work, in plain words."""
    return render_template("site/help.html")


@bp.get("/help/phone")
def phone() -> str:
    """Show what a phone needs to scan, and what works without."""
    held, settings = _certificate(), current.settings()
    return render_template(
        "site/phone.html",
        secure=settings.secure,
        address=f"{settings.base_url}/desk",
        fingerprint=held[1] if held else None,
    )


@bp.get("/help/phone/eventreg.crt")
def certificate() -> Response:
    """Send the certificate of the installation's own authority, which phones have to trust."""
    held = _certificate()
    if held is None:
        abort(404)
    return Response(held[0], mimetype="application/x-x509-ca-cert")


def _certificate() -> tuple[bytes, str] | None:
    """The certificate of the installation's own authority in DER, and its fingerprint."""
    settings = current.settings()
    if not settings.tls:
        return None
    from eventreg.core import authority  # X.509 is loaded only if the product serves https itself

    found = authority.find_authority(settings.tls_folder)
    return (found, authority.fingerprint(found)) if found else None
