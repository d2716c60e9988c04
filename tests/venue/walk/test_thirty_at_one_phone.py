"""Thirty people cross within ten seconds at one phone: taps on its page time each within a second."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.service import list_employed
from eventreg.venue.walk import readings, results, starts
from eventreg.venue.walk.day import results_of
from tests.rig.actors import acting
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import OUTING, Live, until
from tests.rig.browser.phone import WAIT
from tests.rig.browser.speech import ZH
from tests.venue.test_desk import ORGANISER, pairing_link

pytestmark = pytest.mark.browser

PEOPLE = 30
TEN_SECONDS = timedelta(seconds=10)


TAPS = """async (people) => {
  const times = [];
  for (let n = 0; n < people; n++) {
    times.push(Date.now());
    document.getElementById("tap").click();
    await new Promise((done) => setTimeout(done, 200));
  }
  return times;
}"""


def found(live: Live) -> results.WalkResults:
    """The results as they are now."""
    with live.app.app_context():
        campaign = get_campaign(OUTING)
        said = results.list_results(campaign, readings.get_hike(campaign))
        db.session.rollback()
    return said


def test_thirty_within_ten_seconds_are_timed_by_taps_and_the_control_is_late(
    live: Live, new_phone: NewPhone
) -> None:
    live.fill(PEOPLE)
    with live.app.app_context():
        crowd = [person.staff_no for person in list_employed() if person.email][-PEOPLE:]
    texts = [live.ticket_address(staff_no) for staff_no in crowd]
    page = new_phone(live, ZH, java_script_enabled=True, locale="zh-CN").page
    page.goto(f"{live.base_url}{pairing_link(live, point='finish', name='终点')}")
    expect(page.locator("#tap")).to_be_visible(timeout=WAIT)
    began = utc_now() - timedelta(minutes=30) + TEN_SECONDS
    keys = live.app.extensions["eventreg.keys"]
    with live.app.app_context():
        campaign = get_campaign(OUTING)
        with unit_of_work():
            organiser = acting(live.person(ORGANISER).id, utc_now(), keys)
            starts.start(readings.get_hike(campaign), campaign.id, at=began, actor=organiser)

    # Tapped by the page's own script: a driver that sends thirty clicks is slower than thirty people on a busy machine.
    crossed = [datetime.fromtimestamp(at / 1000, tz=UTC) for at in page.evaluate(TAPS, PEOPLE)]
    assert crossed[-1] - crossed[0] < TEN_SECONDS
    page.wait_for_timeout(
        max(0, (began + timedelta(minutes=30, seconds=2) - utc_now()).total_seconds() * 1000)
    )
    for text in texts:
        page.locator("#code").fill(text)
        page.locator("#typed button[type=submit]").click()
    until(lambda: len(found(live).lines) == PEOPLE or None, "thirty results")

    said = found(live)
    timed = {line.staff_no: line.result for line in said.lines}
    off = [abs((timed[who].finish or began) - at) for who, at in zip(crowd, crossed, strict=True)]
    assert max(off) < timedelta(seconds=1)
    assert {str(result.standing) for result in timed.values()} == {"in_time"}
    alone = results_of(replace(said.day, taps=()), said.hike)
    assert {str(result.standing) for result in alone.values()} == {"late"}
