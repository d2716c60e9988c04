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


def rail(slug: str | None = None) -> list[RailLink]:
    """The overview, the pages of one campaign, letters, people; pages that are not there are not offered."""
    links = [_link("calendar3", _("总览"), "manage.overview")]
    if slug is not None:
        links += _of_campaign(slug)
    links.append(_link("envelope", _("信件"), "letters.letters"))
    if Role.ADMINISTRATOR in visiting.roles():
        links.append(_link("person-lines-fill", _("人员"), "people.people"))
        links.append(_link("upload", _("导入名册"), "roster_import.upload"))
    return links


def there(endpoint: str) -> bool:
    """Whether the product has this page."""
    return endpoint in current_app.view_functions


def _of_campaign(slug: str) -> list[RailLink]:
    links = [
        _link("people", _("报名名单"), "manage.roster", slug=slug),
        _link("printer", _("签到表"), "manage.sign_in_sheet", slug=slug),
    ]
    if there("devices.devices"):
        links.append(_link("key", _("现场设备"), "devices.devices", slug=slug))
    links.append(_link("person-plus", _("活动组织者"), "organisers.organisers", slug=slug))
    links.append(_link("clock-history", _("办理记录"), "history.campaign", slug=slug))
    return links


def _link(icon: str, text: str, endpoint: str, slug: str | None = None) -> RailLink:
    return RailLink(icon, text, url_for(endpoint, slug=slug), request.endpoint == endpoint)
