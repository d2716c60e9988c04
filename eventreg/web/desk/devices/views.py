"""The organiser's list of scanning phones: invite one, see its last contact, revoke it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import unit_of_work
from eventreg.delivery import qr
from eventreg.delivery.qr import QrPicture
from eventreg.venue import devices as venue
from eventreg.venue.devices import ListedDevice
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import organiser_scope
from eventreg.words import venue_words

from .forms import DeviceForm, device_form

bp = Blueprint("devices", __name__)


@dataclass(frozen=True, slots=True)
class PairingInvitation:
    """A pairing link and its code, shown once."""

    name: str
    link: str
    qr: QrPicture


@bp.get("/manage/campaigns/<slug>/devices")
def devices(slug: str) -> str:
    """List the campaign's devices, with the form that invites one."""
    campaign = organiser_scope.get_published(slug)
    return _page(campaign, device_form(check_points.offered(campaign)))


@bp.post("/manage/campaigns/<slug>/devices")
def invite(slug: str) -> Page:
    """Make a pairing code and show it once."""
    campaign = organiser_scope.get_published(slug)
    points = check_points.offered(campaign)
    form = device_form(points)
    if form.check_point.data not in {point.code for point in points}:
        form.say("check_point", "pairing.no_point")
        return _page(campaign, form), 422
    name, point = (form.door.data or "").strip(), form.check_point.data
    with saying_at(form, "door"), unit_of_work():
        code = venue.invite(campaign.id, point, name, actor=current.actor())
    if form.errors:
        return _page(campaign, form), 422
    link = f"{current.settings().base_url}{url_for('scanner.pair')}#{code}"
    return _page(
        campaign,
        device_form(points, blank=True),
        PairingInvitation(name, link, qr.drawn(link)),
    )


@bp.post("/manage/campaigns/<slug>/devices/<int:device_id>/revocation")
def revoke(slug: str, device_id: int) -> Response:
    """Revoke a phone; it is refused from its next request on."""
    campaign = organiser_scope.get_published(slug)
    with unit_of_work():
        venue.revoke(device_id, campaign_id=campaign.id, actor=current.actor())
    return redirect(url_for("devices.devices", slug=slug), 303)


def _page(campaign: CampaignFacts, form: DeviceForm, invitation: PairingInvitation | None = None) -> str:
    found = venue.list_devices(campaign.id)
    return render_template(
        "desk/devices/devices.html",
        side_nav=organiser_nav(campaign.slug),
        c=campaign,
        form=form,
        invitation=invitation,
        devices=[_shown(device, campaign) for device in found],
    )


def _shown(device: ListedDevice, campaign: CampaignFacts) -> dict[str, object]:
    return {
        "name": device.name,
        "point": venue_words.point(device.check_point, device.point_name),
        "seen_at": device.seen_at.astimezone(campaign.zone),
        "scans": device.scans,
        "revoked": device.revoked,
        "revoke_url": url_for("devices.revoke", slug=campaign.slug, device_id=device.id),
    }
