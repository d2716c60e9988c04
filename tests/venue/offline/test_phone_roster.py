"""What a phone stores for times without a network: the server's verdicts, and nothing that the phone need not know."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from flask import Flask

from eventreg.campaigns.models import Pool, Question
from eventreg.core.db.session import db, unit_of_work
from eventreg.registrations import tickets
from eventreg.registrations.models import Answer
from eventreg.venue.offline.phone_roster import mark_of_code
from tests.rig import cast
from tests.rig.cast import NOW, Stage

from .desks import a_desk, ends, token_of


def test_each_ticket_has_the_verdict_of_the_server(app: Flask, stage: Stage) -> None:
    made = {who: cast.sign_up(app, stage, who) for who in ("A1", "B2", "C3")}
    tokens = {who: token_of(app, stage, made[who].id) for who in ("A1", "B2")}
    desk, other = a_desk(app, stage), a_desk(app, stage, point="finish", name="终点")
    desk.scan("s1", tokens["A1"])
    cast.withdraw(app, stage, "B2")

    roster, finish = desk.ask("roster"), other.ask("roster")

    marks = {who: hashlib.sha256(token.encode()).hexdigest()[:32] for who, token in tokens.items()}
    lines = {line[0]: line[5:] for line in roster["lines"]}
    assert lines[marks["A1"]][:2] == ["", "repeated"]
    assert "东门" in lines[marks["A1"]][2]
    assert lines[marks["B2"]] == ["", "refused", "这张票已经退掉，不能入场"]
    assert [line[2] for line in roster["lines"]] == [1, 2, 3]  # C3 was seated in place of B2
    assert [line[5:] for line in finish["lines"] if line[0] == marks["A1"]] == [[]]
    assert roster["forget_at"] == (ends(app, stage) + timedelta(hours=24)).isoformat()


def test_it_holds_no_full_name_no_staff_number_no_phone_and_no_token(app: Flask, stage: Stage) -> None:
    made = cast.sign_up(app, stage, "A1")
    desk = a_desk(app, stage)
    with app.app_context():
        held = tickets.find_held(made.id, keys=stage.keys)
    assert held is not None

    said = json.dumps(desk.ask("roster"), ensure_ascii=False)
    name = {row.staff_no: row.name for row in cast.roster_rows()}["A1"]

    assert [part for part in (name, "A1", held.token, held.code or "-") if part in said] == []
    assert mark_of_code(held.code or "", "outing") in said


def test_an_unchanged_list_is_not_sent_again(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    desk = a_desk(app, stage)
    client, headers = app.test_client(), {"Authorization": f"Bearer {desk.token}"}

    first = client.get("/desk/api/roster", headers=headers)
    again = client.get("/desk/api/roster", headers={**headers, "If-None-Match": first.headers["ETag"]})
    cast.sign_up(app, stage, "B2", now=NOW)
    changed = client.get("/desk/api/roster", headers={**headers, "If-None-Match": first.headers["ETag"]})

    assert [first.status_code, again.status_code, changed.status_code] == [200, 304, 200]


def test_green_names_the_bus_and_no_other_answer(app: Flask, stage: Stage) -> None:
    made = cast.sign_up(app, stage, "A1")
    desk = a_desk(app, stage)
    with app.app_context(), unit_of_work():
        bus, food = (
            Question(
                campaign_id=stage.campaign_id, key=key, kind="choice", hint="", label=key, position=n, required=False,
                options=[{"code": "one", "label": label}],
            )
            for n, (key, label) in enumerate((("bus", "2 号车"), ("food", "清真")), 10)
        )  # fmt: skip
        db.session.add_all((bus, food))
        db.session.flush()
        db.session.add_all(
            Answer(registration_id=made.id, question_id=question.id, value="one") for question in (bus, food)
        )
        pool = Pool(campaign_id=stage.campaign_id, scope="option", capacity=9, taken=1)
        pool.question_key, pool.option = "bus", "one"
        db.session.add(pool)

    [line] = desk.ask("roster")["lines"]
    online = desk.scan("s1", token_of(app, stage, made.id))

    assert line[5] == online["label"] == "2 号车"


def test_somebody_is_found_by_their_number_and_counted_by_it(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    desk = a_desk(app, stage)

    found = [
        desk.scan(f"s{n}", text, typed=True)["verdict"] for n, text in enumerate(("arrival:1", "arrival:2"))
    ]
    unread = desk.scan("s9", "arrival:1", typed=False)  # no camera reads a number

    assert [*found, unread["verdict"]] == ["admitted", "refused", "refused"]
