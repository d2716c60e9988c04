"""The page of one's own tickets says what fits them."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update
from werkzeug.test import TestResponse

from eventreg.campaigns.models import Activity, Campaign
from eventreg.core import sandbox
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery import qr
from eventreg.people.service import get_person_by_staff_no
from eventreg.registrations import tickets
from eventreg.registrations.reading import find_live
from eventreg.reports import limited
from tests.rig import cast
from tests.rig.clients import send, token_in

SHOW_IT = "到场时打开票"


def test_only_who_has_a_ticket_is_told_to_show_it(app: Flask, client_for: Callable[..., FlaskClient]) -> None:
    cast.set_stage(app, now=cast.lately())
    client = client_for("A1")
    receipt = send(client, "/campaigns/outing/registration", consent="1").location
    seated = client.get("/my").text

    client.post(f"{receipt}/withdrawal", data={"csrf_token": token_in(client.get("/my"))})

    assert [SHOW_IT in page for page in (seated, client.get("/my").text)] == [True, False]


def test_answers_to_a_registration_that_ended_meanwhile_lead_to_its_page(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    """The form was open when an organiser took the person out, or they withdrew in another tab."""
    stage = cast.set_stage(app, now=cast.lately())
    client = client_for("A1")
    receipt = send(client, "/campaigns/outing/registration", consent="1").location
    token = token_in(client.get(f"{receipt}/answers"))
    cast.withdraw(app, stage, "A1", now=cast.lately())

    def told(answer: TestResponse) -> tuple[int, str | None, bool]:
        return answer.status_code, answer.location, "这份报名已经退出，没有再办。" in client.get(receipt).text

    assert told(client.get(f"{receipt}/answers")) == (303, receipt, True)
    typed = {"csrf_token": token, "phone": "13900139000"}
    assert told(client.post(f"{receipt}/answers", data=typed)) == (303, receipt, True)


def _kept_picture(client: FlaskClient, receipt: str) -> tuple[TestResponse, bytes]:
    answer = client.get(f"{receipt}/ticket.png")
    content = answer.data
    answer.close()
    return answer, content


def _modules_in(picture: bytes, *, across: int) -> list[list[bool]]:
    """The dark modules of the code that is drawn in the middle of a ticket, 72 of 100 mm wide, with `across` modules."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    light, wide = image.tobytes(), image.width
    module, left = wide * 0.72 / across, wide * 0.14
    finder = range(round(left + 4.5 * module), round(left + 10.5 * module))
    top = next(y for y in range(250, image.height) if max(light[y * wide + x] for x in finder) < 90)
    columns = [round(left + (n + 0.5) * module) for n in range(4, across - 4)]
    rows = [round(top + (n - 3.5) * module) for n in range(4, across - 4)]
    return [[light[y * wide + x] < 128 for x in columns] for y in rows]


def _modules_of(address: str) -> list[list[bool]]:
    code = Image.open(io.BytesIO(qr.png(address))).convert("L")
    light, wide = code.tobytes(), code.width
    centres = [n * qr.SCALE + qr.SCALE // 2 for n in range(4, wide // qr.SCALE - 4)]
    return [[light[y * wide + x] < 128 for x in centres] for y in centres]


def _ticket_address(app: Flask, staff_no: str) -> str:
    with app.app_context():
        person = get_person_by_staff_no(staff_no).id
        live = find_live(1, person)
        held = tickets.find_held(live.id, keys=app.extensions["eventreg.keys"]) if live else None
        return f"http://localhost/t/{held.token}" if held else ""


def test_the_picture_to_keep_holds_the_code_of_the_ticket(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    cast.set_stage(app, now=cast.lately())
    client = client_for("A1")
    receipt = str(send(client, "/campaigns/outing/registration", consent="1").location)

    answer, picture = _kept_picture(client, receipt)
    address = _ticket_address(app, "A1")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Cache-Control"] == "no-store"
    assert _modules_in(picture, across=qr.drawn(address).size) == _modules_of(address)


def test_no_answer_stands_on_the_ticket_or_its_picture(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    cast.set_stage(app, now=cast.lately())
    client = client_for("A1")
    form = "/campaigns/outing/registration"
    receipt = str(send(client, form, phone="13900139000", remark="怀孕四个月", consent="1").location)
    before = _kept_picture(client, receipt)[1]
    page = client.get(receipt).text

    send(client, f"{receipt}/answers", phone="13700137000", remark="")

    ticket, below = page.split("</article>")
    assert [word in ticket for word in ("13900139000", "怀孕四个月")] == [False, False]
    assert [word in below for word in ("13900139000", "怀孕四个月", "<details")] == [True, True, True]
    assert _kept_picture(client, receipt)[1] == before


def test_the_picture_says_another_place(app: Flask, client_for: Callable[..., FlaskClient]) -> None:
    cast.set_stage(app, now=cast.lately())
    client = client_for("A1")
    receipt = str(send(client, "/campaigns/outing/registration", consent="1").location)
    before = _kept_picture(client, receipt)[1]

    _set_place(app, "新的地点")

    assert (_kept_picture(client, receipt)[1] == before) is False


def test_the_ticket_leads_to_its_event_and_the_list_keeps_tentative_and_place(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    cast.set_stage(app, now=cast.lately())
    client = client_for("A1")
    receipt = str(send(client, "/campaigns/outing/registration", consent="1").location)
    _set_place(app, "青龙湖风景区东门")

    listed, page = client.get("/my").text, client.get(receipt).text

    assert 'href="/campaigns/outing"' in page
    assert ["暂定" in listed, "青龙湖风景区东门" in listed] == [True, True]


def test_who_waits_has_no_picture(app: Flask, client_for: Callable[..., FlaskClient]) -> None:
    cast.set_stage(app, capacity=0, now=cast.lately())
    client = client_for("A1")
    receipt = str(send(client, "/campaigns/outing/registration", consent="1").location)

    assert _kept_picture(client, receipt)[0].status_code == 404


def _set_place(app: Flask, place: str) -> None:
    """Change the place of all activities, as a change of the plan does."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(Activity).values(place=place))
        db.session.execute(update(Campaign).values(version=Campaign.version + 1))


def test_while_too_many_pictures_are_made_the_code_alone_is_sent(
    app: Flask, client_for: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rush on pictures leaves nobody without a code to keep."""
    cast.set_stage(app, now=cast.lately())
    client = client_for("A1")
    receipt = str(send(client, "/campaigns/outing/registration", consent="1").location)
    monkeypatch.setattr(limited, "TURN", sandbox.SandboxSlots(0, waiting=0))

    answer, picture = _kept_picture(client, receipt)

    assert answer.status_code == 200
    assert picture == qr.png(_ticket_address(app, "A1"))
