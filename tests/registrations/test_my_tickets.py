"""The page of one's own tickets says what fits them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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
