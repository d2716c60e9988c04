"""Screens: one JSON with ETag, names as far as the privacy notice covers them, and the organiser's page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns.service import campaign_by_id
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.registrations import tickets
from eventreg.venue.screens import service
from eventreg.venue.screens.rules import ScreenNames, Widget
from eventreg.venue.screens.service import NewScreen
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import OUTING, organised, sent
from tests.venue.test_scans import a_device, scan

ClientFor = Callable[..., FlaskClient]
NAME = cast.NAMES["A1"][0]
MASKED = f"{NAME[0]}*{NAME[-1]}" if len(NAME) > 2 else f"{NAME[0]}*"


def screen(app: Flask, stage: Stage, *widgets: Widget, names: ScreenNames = ScreenNames.MASKED) -> str:
    """A screen of the outing; its token."""
    with app.app_context(), unit_of_work():
        wanted = NewScreen("草坪", widgets or (Widget.ARRIVALS,), names)
        return service.make(campaign_by_id(stage.campaign_id), wanted, actor=acting("test", utc_now()))


def come(app: Flask, stage: Stage, staff_no: str) -> None:
    """Sign up and be scanned at the door."""
    receipt = cast.sign_up(app, stage, staff_no, now=utc_now())
    with app.app_context():
        token = tickets.find_token(receipt.id, keys=stage.keys)
    assert token is not None
    now = utc_now()
    door = a_device(app, stage, now=now)
    assert scan(app, door, token, at=now, now=now, nonce=staff_no)[0].verdict == "admitted"


def cover_wall_names(client: FlaskClient) -> None:
    """The organiser ticks that the notice covers names on the wall."""
    page = client.get(f"{OUTING}/basics")
    form = {
        name: value
        for name, value in re.findall(r'name="([a-z_]+)"[^>]*?value="([^"]*)"', page.text)
        if name != "csrf_token"
    }
    texts = dict(re.findall(r'<textarea[^>]*name="([a-z_]+)"[^>]*>\s*([^<]*)</textarea>', page.text))
    chosen = re.findall(
        r'<select[^>]*name="([a-z_]+)".*?<option selected value="([^"]*)"', page.text, re.DOTALL
    )
    form |= texts | dict(chosen) | {"wall_names": "y"}
    form.pop("version")
    answer = sent(client, f"{OUTING}/basics", **form)
    assert answer.status_code == 303, answer.text


def test_the_state_is_sent_once_and_then_304_until_somebody_comes(app: Flask) -> None:
    stage = cast.set_stage(app, now=cast.lately())
    token, client = screen(app, stage), app.test_client()

    first = client.get(f"/screen/{token}/state")
    again = client.get(f"/screen/{token}/state", headers={"If-None-Match": first.headers["ETag"]})
    come(app, stage, "A1")
    then = client.get(f"/screen/{token}/state", headers={"If-None-Match": first.headers["ETag"]})

    assert [page["widget"] for page in first.json["pages"]] == ["arrivals"]  # type: ignore[index]
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Server-Time"]
    assert then.status_code == 200
    assert MASKED in then.json["pages"][0]["html"]  # type: ignore[index]
    assert NAME not in then.text


def test_full_names_are_refused_until_the_notice_covers_them(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        screen(app, stage, names=ScreenNames.FULL)

    assert refused.value.code == "big_screen.not_covered"


def test_full_names_are_shown_of_whoever_signed_up_under_a_notice_that_covers_them(
    app: Flask, client_for: ClientFor
) -> None:
    stage = organised(app)
    come(app, stage, "A1")
    cover_wall_names(client_for("A1"))
    covered = cast.find_stage(app)
    come(app, covered, "B2")
    token = screen(app, stage, names=ScreenNames.FULL)

    html = app.test_client().get(f"/screen/{token}/state").json["pages"][0]["html"]  # type: ignore[index]

    assert cast.NAMES["B2"][0] in html
    assert NAME not in html
    assert MASKED in html
    assert "现场大屏幕上会显示你的姓名" in client_for("C3").get("/campaigns/outing/registration").text


@pytest.mark.parametrize("widget", list(Widget))
def test_every_page_shows_itself_while_there_is_nothing_yet(app: Flask, stage: Stage, widget: Widget) -> None:
    token = screen(app, stage, widget)

    assert app.test_client().get(f"/screen/{token}").status_code == 200


def test_an_organiser_makes_a_screen_and_takes_it_away(app: Flask, client_for: ClientFor) -> None:
    organised(app)
    client = client_for("A1")
    form = {"name": "草坪", "widgets": ["arrivals", "teams"], "names": "masked", "check_point": "door"}
    made = client.post(
        f"{OUTING}/screens", data=form | {"csrf_token": token_in(client.get(f"{OUTING}/screens"))}
    )
    link = re.search(r"(/screen/[\w-]+)", made.text)
    assert link is not None
    shown = app.test_client().get(link[1])
    page = client.get(f"{OUTING}/screens")
    phones = client.get(f"{OUTING}/devices").text
    gone = client.post(f"{OUTING}/screens/1/removal", data={"csrf_token": token_in(page)})

    assert shown.status_code == 200
    assert "草坪" in page.text
    assert "草坪" not in phones
    assert gone.status_code == 303
    assert app.test_client().get(link[1]).status_code == 404


@pytest.mark.parametrize(
    "form", [{"name": "", "widgets": ["teams"]}, {"name": "草坪"}, {"name": "长" * 41, "widgets": ["teams"]}]
)
def test_a_screen_without_name_or_content_is_refused_and_kept(
    app: Flask, client_for: ClientFor, form: dict[str, object]
) -> None:
    organised(app)
    client = client_for("A1")

    answer = client.post(
        f"{OUTING}/screens", data=form | {"csrf_token": token_in(client.get(f"{OUTING}/screens"))}
    )

    assert answer.status_code == 422
