"""A phone whose scans do not arrive: pair it, cut it off, and read what it still holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.venue import devices
from eventreg.venue.models import Admission
from tests.rig.actors import acting
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.phone import Phone

from .test_desk import ORGANISER, pairing_link

SCANS = "**/desk/api/scans"


def pair(phone: Phone, point: str, name: str, slug: str = OUTING) -> None:
    """Pair the phone; the desk names its post."""
    phone.open(pairing_link(phone.live, slug, point=point, name=name))
    phone.is_at("/desk")
    phone.title_is(name)
    expect(phone.page.locator("#age")).to_contain_text("名单是")


def cut(page: Page) -> None:
    """Let no scan arrive any more."""
    page.route(SCANS, lambda route: route.abort("connectionfailed"))


def join(page: Page) -> None:
    """The network is back."""
    page.unroute(SCANS)
    page.evaluate("window.dispatchEvent(new Event('online'))")


def counted(app: Flask) -> list[str]:
    """The check points at which people were counted."""
    with app.app_context():
        found = list(db.session.scalars(select(Admission.check_point).order_by(Admission.check_point)))
        db.session.rollback()
        return found


def revoke(live: Live, device_id: int) -> None:
    with live.app.app_context():
        campaign_id, by = get_campaign(OUTING).id, live.person(ORGANISER).id
        with unit_of_work():
            devices.revoke(device_id, campaign_id=campaign_id, actor=acting(by, utc_now()))


def kept(page: Page) -> list[list[str]]:
    """The lists of kept scans: post, how many and when, why; the times left out."""
    groups = page.locator("#kept-groups li").all()
    return [
        [line.split("：")[0] for line in (row.locator(part).inner_text() for part in ("b", "span", "small"))]
        for row in groups
    ]


def exported(page: Page, folder: Path) -> dict[str, Any]:
    """The file that the phone saves."""
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出扫码记录").click()
    saved.value.save_as(folder / "scans.json")
    assert saved.value.suggested_filename.endswith(".json")
    found: dict[str, Any] = json.loads((folder / "scans.json").read_text("utf-8"))
    return found
