"""Whoever a phone let through without a network is on the hillside: listed, red over the limit, until seen or found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventreg.core.db.session import unit_of_work
from eventreg.registrations import tickets
from eventreg.venue import devices, scans
from eventreg.venue.incoming import IncomingScan
from eventreg.venue.offline import let_in
from eventreg.venue.offline.models import LetIn
from tests.rig import cast
from tests.rig.cast import DAY

from .hillside import Hillside, clock, hillside
from .test_walk_pages import HIKE, PRESENCE, press

ClientFor = Callable[..., FlaskClient]


@pytest.fixture
def hill(app: Flask) -> Iterator[tuple[Hillside, Callable[[str, str], str]]]:
    """10:31; A1 gave up on the day before, and a phone that did not know it showed green at 9:55. B2 came by the rules.

    With a function that reads A1's old ticket at a check point and time, as a phone that shows green.
    """
    with time_machine.travel(clock("10:31"), tick=True):
        hill = hillside(app)
        hill.sign_up("A1", "B2")
        with app.app_context():
            token = tickets.find_token(hill.registration("A1"), keys=hill.stage.keys)
        assert token is not None
        cast.withdraw(app, hill.stage, "A1", now=DAY)

        def read(point: str, at: str) -> str:
            phone = hill.phone(point)
            scan = IncomingScan(f"old {point}", token, point, clock(at), shown="green")
            with app.app_context():
                device = next(
                    one for one in devices.list_devices(hill.stage.campaign_id) if one.id == phone.device_id
                )
                facts = devices.DeviceFacts(
                    device.id, hill.stage.campaign_id, point, device.name, device.paired_at
                )
                with unit_of_work():
                    answers = scans.record([scan], phone, keys=hill.stage.keys, now=clock("10:30"))
                    let_in.note_scans([scan], answers, facts)
            return str(answers[0].reason)

        hill.scan("B2", "door", "9:50", received=clock("10:30"))
        assert read("door", "9:55") == "scan.cancelled"
        yield hill, read


Scene = tuple[Hillside, Callable[[str, str], str]]


def test_they_are_listed_with_both_answers_and_take_no_place(hill: Scene, client_for: ClientFor) -> None:
    hill[0].start("10:00")

    hike, presence = (client_for("F6").get(page).text for page in (HIKE, PRESENCE))

    assert "安娜" in hike.split("手机放行、系统没有认的人")[1]
    assert "09:55:00，手机显示：绿；系统答复：这张票已经退掉，不能入场" in hike
    assert "安娜" not in hike.split("手机放行、系统没有认的人")[0]
    assert "<b>1</b><span>人到了，应到 1 人" in presence
    assert "安娜" in presence.split("手机放行、系统没有认的人")[1]
    assert hike.count("超过限时") == 2


def test_seen_at_the_finish_they_leave_the_list_and_have_no_result(
    hill: Scene, client_for: ClientFor
) -> None:
    stood, read = hill
    stood.start("10:00")

    read("finish", "10:20")

    assert "手机放行、系统没有认的人" not in client_for("F6").get(HIKE).text
    assert "安娜" not in client_for("F6").get(HIKE).text
    assert list(stood.told()) == ["B2"]


def test_found_elsewhere_they_are_taken_off_with_a_reason(hill: Scene, client_for: ClientFor) -> None:
    organiser = client_for("F6")
    row = organiser.get(HIKE).text.split('name="row" value="')[1].split('"')[0]

    without = press(organiser, HIKE, act="off", row=row)
    unknown = press(organiser, HIKE, act="off", row="999:x", reason="看到了")
    done = press(organiser, PRESENCE, act="off", row=row, reason="在停车场")

    assert [answer.status_code for answer in (without, unknown, done)] == [409, 404, 303]
    assert "手机放行、系统没有认的人" not in organiser.get(HIKE).text


def test_let_through_at_the_finish_alone_they_are_back(app: Flask) -> None:
    hill = hillside(app)
    hill.sign_up("A1")
    phone, a1 = hill.phone("finish"), hill.registration("A1")
    row = LetIn(
        device_id=phone.device_id,
        nonce="x",
        campaign_id=hill.stage.campaign_id,
        registration_id=a1,
        check_point="finish",
        at=clock("10:20"),
        shown="green",
        answered="scan.cancelled",
    )
    with app.app_context(), unit_of_work():
        let_in.keep(row)

    assert hill.told() == {}
