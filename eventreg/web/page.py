"""What every template finds: the house's name, the visitor, the language, dates in words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request, session, url_for
from flask_babel import Babel, refresh

from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.words import locale, times

from . import gate, visiting


@dataclass(frozen=True, slots=True)
class Site:
    """Whose site this is; an empty product goes by its own name."""

    brand: str = "eventreg"
    owner: str = "eventreg"
    phone: str | None = None
    season_title: str = ""
    headline: str = ""
    lead: str = ""
    lang: str = "zh-CN"


def init_pages(app: Flask) -> None:
    """Languages, filters and globals of all templates."""
    Babel(
        app,
        default_locale=locale.BABEL[locale.DEFAULT],
        default_translation_directories=str(Path(app.root_path) / "translations"),
        locale_selector=lambda: locale.BABEL[language()],
    )
    filters = ("day", "clock", "moment", "moment_full", "deadline", "date_full", "ordinal")
    app.jinja_env.filters.update({name: getattr(times, name) for name in filters})
    app.jinja_env.globals["asset"] = _asset(app)
    app.context_processor(_page)


def language() -> str:
    """The reader's language: what she chose, else her roster entry's, else her browser's.

    A program says it by Accept-Language alone.
    """
    if not has_request_context():
        return locale.DEFAULT
    if gate.for_programs():
        return locale.choose(accepted=request.accept_languages)
    if "language" not in g:
        chosen = session.get(visiting.LANGUAGE)
        hers = None if chosen or request.routing_exception else visiting.visitor().locale
        g.language = locale.choose(chosen, hers, accepted=request.accept_languages)
    spoken: str = g.language
    return spoken


def speak_anew() -> None:
    """The rest of this request speaks what was just chosen."""
    g.pop("language", None)
    refresh()


def site() -> Site:
    """Read once a request."""
    if "site" not in g:
        season = campaigns.find_season()
        g.site = (
            Site(season.brand, season.owner, season.phone, season.title, season.headline, season.lead)
            if season
            else Site()
        )
    found: Site = g.site
    return found


def _page() -> dict[str, Any]:
    if not has_request_context():
        return {}  # a letter is being worded, not a page
    who = visiting.visitor()
    held = visiting.roles() if who.signed_in else frozenset()
    return {
        "site": site(),
        "page_lang": locale.current(),
        "here_path": request.full_path.rstrip("?"),
        "typed": gate.typed_pairs(),
        "visitor": {
            "signed_in": who.signed_in,
            "name": who.name,
            "unit": who.unit,
            "is_unit_contact": Role.UNIT_CONTACT in held,
            "is_admin": Role.ADMINISTRATOR in held,
            "manages": bool(held & {Role.ORGANISER, Role.ADMINISTRATOR}),
        },
    }


def _asset(app: Flask) -> Any:
    @lru_cache(maxsize=256)
    def mark(path: str) -> str:
        content = (Path(app.static_folder or "") / path).read_bytes()
        return hashlib.sha256(content).hexdigest()[:12]

    def asset(path: str) -> str:
        """The address of a file of ours, with its content's mark, so that it is cached for ever."""
        return url_for("static", filename=path, v=mark(path))

    return asset
