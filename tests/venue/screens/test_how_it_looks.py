"""How the screens and the pages of the wall look: nothing for axe to find, and nothing beside the screen."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize

from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.venue.screens import rules, service
from eventreg.venue.screens.rules import Widget
from eventreg.venue.screens.service import NewScreen
from tests.rig.actors import acting
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.laws import breaches
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.speech import Speech

pytestmark = pytest.mark.browser

HOLDER = "HC0084"
AXE = Axe()
WALL: ViewportSize = {"width": 1920, "height": 1080}


def screen(live: Live, *widgets: Widget) -> str:
    """A screen of the outing at the door; its token."""
    with live.app.app_context(), unit_of_work():
        wanted = NewScreen("东门", widgets, check_point="door")
        return service.make(get_campaign(OUTING), wanted, actor=acting("test", utc_now()))


def code_on(live: Live, token: str) -> str:
    """The address behind the code that the screen shows now."""
    with live.app.app_context():
        found = service.find(token, now=utc_now())
        assert found is not None
        code = rules.wall_code(live.app.extensions["eventreg.keys"].tickets, found.id, now=utc_now())
    return f"/w/{found.id}-{code.code}"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_screen_fits_and_axe_finds_nothing(
    live: Live, new_phone: NewPhone, says: Speech, scheme: Literal["dark", "light"]
) -> None:
    live.fill(20)
    found: dict[Widget, list[str]] = {}
    for widget in Widget:
        phone = new_phone(live, says, java_script_enabled=True, color_scheme=scheme)
        phone.page.set_viewport_size(WALL)
        phone.open(f"/screen/{screen(live, widget)}")
        size = phone.page.evaluate("[document.body.scrollWidth, document.body.scrollHeight]")
        found[widget] = [fault["id"] for fault in AXE.run(phone.page).response["violations"]]
        found[widget] += ["too large"] * (size[0] > WALL["width"] or size[1] > WALL["height"])

    assert found == {widget: [] for widget in Widget}


def test_the_pages_of_the_wall_hold_their_shape(live: Live, new_phone: NewPhone, says: Speech) -> None:
    live.sign_up(HOLDER)
    token = screen(live, Widget.ARRIVALS)
    phone = new_phone(live, says, java_script_enabled=True, reduced_motion="reduce")
    phone.signed_in_as(HOLDER)
    phone.open(code_on(live, token))
    found = {"button": breaches(phone.page, AXE)}
    with phone.page.expect_navigation():
        phone.page.locator("main form button").click()
    found["in"] = breaches(phone.page, AXE)
    with phone.allowing("410"):
        phone.open("/w/1-aaaaaaaaaaaaaaaa")
        found["old"] = breaches(phone.page, AXE)

    assert found == {name: [] for name in found}
