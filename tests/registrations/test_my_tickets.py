"""The page of one's own tickets says what fits them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

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
