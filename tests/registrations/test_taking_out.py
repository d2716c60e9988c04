"""By page: an organiser takes somebody out with a reason, and the import's preview says what leavers give up."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.core.clock import utc_now
from eventreg.registrations.reading import find_live
from tests.people.test_roster_import import ADMINISTRATOR, HEAD, bring, confirm, make_administrator
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.mailbox import newest
from tests.rig.plan_pages import OUTING, ClientFor, organised
from tests.rig.seen_first import seen

STAYING = HEAD + "".join(
    f"{no},{name},{gender.replace('female', '女').replace('male', '男')},{unit},\n"
    for no, (name, gender, unit) in cast.NAMES.items()
    if no != "B2"
)


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with two places: B2 and C3 have them, D4 waits; A1 organises it."""
    found = organised(app)
    for who in ("B2", "C3", "D4"):
        cast.sign_up(app, found, who, now=utc_now())
    return found


def removal_of(app: Flask, stage: Stage, who: str) -> str:
    """The address of the page that takes them out."""
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people[who])
    assert live is not None
    return f"{OUTING}/registrations/{live.id}/removal"


def press(organiser: FlaskClient, address: str, **fields: str) -> int:
    form = {"csrf_token": token_in(organiser.get(address)), **fields}
    return seen(organiser, organiser.post(address, data=form)).status_code


@pytest.mark.parametrize("reason", ["", "because", "asked' OR 1"])
def test_without_a_reason_of_the_list_nobody_is_taken_out(
    app: Flask, stage: Stage, client_for: ClientFor, reason: str
) -> None:
    address = removal_of(app, stage, "B2")

    assert press(client_for("A1"), address, reason=reason) == 422
    assert sight.places(app)["B2"] == "seated"


def test_pressed_twice_it_happens_once_and_the_person_is_told_why(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser, address = client_for("A1"), removal_of(app, stage, "B2")
    assert f'href="{address}"' in organiser.get(f"{OUTING}/roster").text

    assert [press(organiser, address, reason="absent") for _ in range(2)] == [303, 303]

    assert sight.places(app) == {"B2": "withdrawn", "C3": "seated", "D4": "seated"}
    kinds = [kind for kind, _ in sight.letters(app)]
    assert [kinds.count(kind) for kind in ("registration_withdrawn", "registration_promoted")] == [1, 1]
    receipt = client_for("B2").get(f"/my/registrations/{address.split('/')[-2]}").text
    assert "组织者已为你办理退出" in receipt
    assert "你已退出" not in receipt
    told = [str(newest(app, "registration_withdrawn", now=utc_now(), lang=lang)) for lang in ("zh-CN", "en")]
    assert ["没有到场" in told[0], "did not come" in told[1]] == [True, True]
    assert "由组织者办理退出（没有到场）" in organiser.get(address.replace("removal", "history")).text


def test_whoever_waits_is_taken_out_and_seats_nobody(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    assert press(client_for("A1"), removal_of(app, stage, "D4"), reason="asked") == 303

    assert sight.places(app) == {"B2": "seated", "C3": "seated", "D4": "withdrawn"}
    assert sight.drift(app) == []


def test_an_import_tells_before_it_is_confirmed_who_gives_up_and_who_moves_up(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    make_administrator(app, stage.people[ADMINISTRATOR])
    administrator = client_for(ADMINISTRATOR)
    preview = bring(administrator, STAYING, whole="whole").location

    shown = administrator.get(preview).text
    assert ["让出 1 个名额" in shown, f"递补：{cast.NAMES['D4'][0]}" in shown] == [True, True]
    assert sight.places(app)["B2"] == "seated"
    assert confirm(administrator, preview, leaving="1").status_code == 303

    assert sight.places(app) == {"B2": "withdrawn", "C3": "seated", "D4": "seated"}
    assert [kind for kind, _ in sight.letters(app)].count("leavers_gave_up") == 1
