"""What every template can use: the company's name, the visitor, the language, dates in words."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, refresh

from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.access import ORGANISERS
from eventreg.core.process_cache import cache_of
from eventreg.nominations import access
from eventreg.web.forms import returned_forms
from eventreg.words import locale, times
from eventreg.words.sign_up import default_texts

from . import current, gate

SITE_LIFE = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Site:
    """The name of the site; an empty installation uses the product's name."""

    brand: str = "eventreg"
    owner: str = "eventreg"
    phone: str | None = None
    season_title: str = ""
    headline: str = ""
    lead: str = ""
    lang: str = "zh-CN"


def _in_one_piece(said: Callable[[Any], str]) -> Callable[[Any], str]:
    """A time as pages show it: no line ends inside its bracket, as in “18:00 (China time)”."""

    def shown(at: Any) -> str:
        before, bracket, zone = said(at).partition(" (")
        return before + bracket + zone.replace(" ", "\u00a0")

    return shown


ONE_ROW, FEWEST_COLUMNS = 10, 5
ROWS = ((3, 20), (2, 12), (4, 15), (5, 12))  # rows of marks for places, and the most columns of each


def init_pages(app: Flask) -> None:
    """Set up languages, filters and globals for all templates."""
    Babel(
        app,
        default_locale=locale.BABEL[locale.DEFAULT],
        default_timezone=app.extensions["eventreg.settings"].timezone,
        default_translation_directories=str(Path(app.root_path) / "translations"),
        locale_selector=lambda: locale.LOCALES[language()],
    )
    # Flask-Babel looks the catalogue up for each word; a page has some forty.
    app.jinja_env.install_gettext_callables(locale.gettext, locale.ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.teardown_request(lambda _error: locale.unsettle())
    filters = (
        "day",
        "clock",
        "moment",
        "moment_full",
        "deadline",
        "deadline_day",
        "deadline_clock",
        "date_full",
        "ordinal",
    )
    app.jinja_env.filters.update({name: _in_one_piece(getattr(times, name)) for name in filters})
    app.jinja_env.filters |= {"rows_of_places": rows_of_places, "for_reader": default_texts.for_reader}
    app.context_processor(_page)


def rows_of_places(capacity: int) -> int:
    """In how many rows the marks of places stand: whole columns where that can be, 20 as 10 by 2, 30 as 10 by 3."""
    if capacity <= ONE_ROW:
        return 1
    whole = (
        rows for rows, most in ROWS if capacity % rows == 0 and FEWEST_COLUMNS <= capacity // rows <= most
    )
    return next(whole, ROWS[0][0])


def language() -> str:
    """The reader's language: the chosen one, else that of their roster entry, else the browser's.

    For programs, Accept-Language alone decides.
    """
    if not has_request_context():
        return locale.DEFAULT
    if gate.for_programs():
        return locale.choose(accepted=request.accept_languages)
    if "language" not in g:
        chosen = session.get(current.LANGUAGE)
        stored = None if chosen or request.routing_exception else current.visitor().locale
        g.language = locale.choose(chosen, stored, accepted=request.accept_languages)
    spoken: str = g.language
    return spoken


def speak_anew() -> None:
    """Use the language that was just chosen for the rest of the request."""
    g.pop("language", None)
    refresh()


def site() -> Site:
    """The site, cached for the request and for five seconds by each process."""
    if "site" not in g:
        read: tuple[float, Site] | None = cache_of("site").get("now")
        if read is None or read[0] <= monotonic():
            read = cache_of("site")["now"] = (monotonic() + SITE_LIFE, _read_site())
        g.site = read[1]
    found: Site = g.site
    return found


def spare_the_database() -> None:
    """Render the page without the database: what is not known yet about reader and site is left out."""
    if "visitor" not in g:
        current.ignore_cookie()
    read: tuple[float, Site] | None = cache_of("site").get("now")
    g.setdefault("site", read[1] if read else Site())


def forget_site() -> None:
    """Drop the cached site after a change: this process shows it at once, others within five seconds."""
    cache_of("site").clear()
    g.pop("site", None)


def _read_site() -> Site:
    season = campaigns.find_season()
    if season is None:
        return Site()
    return Site(season.brand, season.owner, season.phone, season.title, season.headline, season.lead)


@dataclass(frozen=True, slots=True)
class LayoutReader:
    """The reader of a page, as far as the layout shows them."""

    signed_in: bool
    name: str
    unit: str
    is_unit_contact: bool
    is_head: bool
    is_admin: bool
    manages: bool
    reviews: bool


def layout() -> tuple[Hashable, ...]:
    """All that the layout depends on: pages of two readers with equal layouts look the same."""
    reader = _reader()
    roles = (reader.is_unit_contact, reader.is_head, reader.is_admin, reader.manages, reader.reviews)
    return language(), site(), reader.signed_in, *roles


def _reader() -> LayoutReader:
    who = current.visitor()
    held = current.roles() if who.signed_in else frozenset()
    return LayoutReader(
        signed_in=who.signed_in,
        name=who.name,
        unit=who.unit,
        is_unit_contact=bool(held & access.CONTACTS),
        is_head=Role.DEPARTMENT_HEAD in held,
        is_admin=Role.ADMINISTRATOR in held,
        manages=bool(held & ORGANISERS),
        reviews=bool(held & access.HR),
    )


def _page() -> dict[str, Any]:
    if not has_request_context():
        return {}  # the text of a letter is made, not a page
    locale.settle()
    return {
        "site": site(),
        "page_lang": locale.current(),
        "here_path": request.full_path.rstrip("?"),
        "typed": returned_forms.typed(),
        "visitor": _reader(),
    }
