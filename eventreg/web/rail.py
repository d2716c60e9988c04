"""The organiser's way about: what the rail beside her pages leads to."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _

from eventreg.accounts.rules import Role

from . import visiting


@dataclass(frozen=True, slots=True)
class RailLink:
    """One line of the rail; `here` is the page that is open."""

    icon: str
    text: str
    url: str
    here: bool


def rail(slug: str | None = None, *, draft: bool = False) -> list[RailLink]:
    """The overview, and the pages of one campaign; pages that are not there are not offered."""
    links = [_link("calendar3", _("总览"), "manage.overview")]
    if Role.ADMINISTRATOR in visiting.roles():
        links.append(_link("lightbulb", _("活动季"), "seasons.season"))
    if slug is None:
        return links
    links.append(_link("info-circle", _("活动设置"), "planning.campaign", slug=slug))
    if draft:
        return links
    links += [
        _link("people", _("报名名单"), "manage.roster", slug=slug),
        _link("printer", _("签到表"), "manage.sign_in_sheet", slug=slug),
    ]
    if there("devices.devices"):
        links.append(_link("key", _("现场设备"), "devices.devices", slug=slug))
    return links


def there(endpoint: str) -> bool:
    """Whether the product has this page."""
    return endpoint in current_app.view_functions


def _link(icon: str, text: str, endpoint: str, slug: str | None = None) -> RailLink:
    return RailLink(icon, text, url_for(endpoint, slug=slug), request.endpoint == endpoint)
