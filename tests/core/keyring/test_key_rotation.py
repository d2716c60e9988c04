"""What was made before a key was rotated is still good; what another key made is not (ADR 34)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventreg.accounts import confirming, sign_in_codes
from eventreg.accounts.sign_in_codes import CodeOutcome
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound
from eventreg.core.keyring.keys import Keys, KeyState, keys_in_use, new_key
from eventreg.nominations.papers import check_codes
from eventreg.outbox.models import Letter
from eventreg.people import service as people
from eventreg.registrations import tickets
from eventreg.venue import roster
from tests.delivery.test_letters import deliver_all, mails
from tests.rig import awards, cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.keys import flask, key_ids, rotate
from tests.rig.papers import handed_in, keys_of, printed
from tests.venue.test_scans import a_device, scan, ticket_of, verdicts


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Keys are made and replaced at the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


def test_tickets_of_before_open_the_door_scanned_or_typed(app: Flask, stage: Stage) -> None:
    token, door = ticket_of(app, stage, "A1"), a_device(app, stage)
    with app.app_context():
        code = tickets.find_code(1, keys=keys_in_use()) or ""
        offline = [one.ticket_sha256 for one in roster.list_expected(stage.campaign_id, after=0, most=9)]
    rotate(app, "tickets")

    assert verdicts(scan(app, door, token, code)) == [("admitted", None), ("repeated", None)]
    with app.app_context():
        held = tickets.find_held(1, keys=keys_in_use())
        known = [one.ticket_sha256 for one in roster.list_expected(stage.campaign_id, after=0, most=9)]
    assert (held, known) == (tickets.HeldTicket(token, code), offline)


def test_tickets_of_after_are_made_by_the_new_key(app: Flask, stage: Stage) -> None:
    rotate(app, "tickets")
    token, door = ticket_of(app, cast.find_stage(app), "A1"), a_device(app, stage)

    with app.app_context():
        assert token == tickets.token_of(1, 1, key=keys_in_use().tickets)
        assert token == tickets.find_token(1, keys=keys_in_use())
        assert token != tickets.token_of(1, 1, key=keys_in_use().good("tickets")[1])
    assert verdicts(scan(app, door, token)) == [("admitted", None)]


@pytest.mark.parametrize("rotations", [0, 1, 2])
def test_what_no_key_of_ours_made_opens_no_door(app: Flask, stage: Stage, rotations: int) -> None:
    ticket_of(app, stage, "A1")
    door = a_device(app, stage)
    for _ in range(rotations):
        rotate(app, "tickets")
    stranger = new_key("tickets", KeyState.CURRENT).secret
    forged = tickets.token_of(1, 1, key=stranger), tickets.code_of(1, 1, 0, key=stranger)

    assert verdicts(scan(app, door, *forged)) == [
        ("refused", "scan.unknown"),
        ("refused", "scan.unknown_code"),
    ]


def test_a_new_key_gives_no_second_ticket_to_an_old_registration(app: Flask, stage: Stage) -> None:
    """Somebody who has got at the current key still cannot make a ticket that the database does not know."""
    ticket_of(app, stage, "A1")
    door = a_device(app, stage)
    rotate(app, "tickets")
    with app.app_context():
        made = tickets.token_of(1, 1, key=keys_in_use().tickets)

    assert verdicts(scan(app, door, made)) == [("refused", "scan.unknown")]


def test_mailed_codes_of_before_are_good(app: Flask, stage: Stage, settings: Settings) -> None:
    """The hash of the code, and what is sealed in its letter, were made by keys of before."""
    with app.app_context(), unit_of_work():
        browser = sign_in_codes.ask(
            "A1", address="127.0.0.1", locale="zh-CN", keys=keys_in_use(), now=utc_now()
        )
    rotate(app, "codes", "seal")
    deliver_all(app)
    code = str(mails(settings)[0]["subject"]).split()[-1]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    with app.app_context():
        said = []
        for typed in (wrong, code):
            with unit_of_work():
                said.append(
                    sign_in_codes.enter(typed, browser=browser, keys=keys_in_use(), now=utc_now()).what
                )
    assert said == [CodeOutcome.WRONG, CodeOutcome.RIGHT]


def test_printed_codes_and_codes_that_confirm_of_before_are_good(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    with app.app_context():
        with unit_of_work():
            keys, d4 = keys_in_use(), stage.people["D4"]
            printed_one = sign_in_codes.print_codes([d4], actor=acting(stage.people["A1"], utc_now(), keys))[
                d4
            ]
            asked = sign_in_codes.ask("D4", address="127.0.0.1", locale="zh-CN", keys=keys, now=utc_now())
        rotate(app, "codes")
        with unit_of_work():
            done = sign_in_codes.enter(printed_one, browser=asked, keys=keys_in_use(), now=utc_now())
        with unit_of_work():
            again = sign_in_codes.enter(printed_one, browser=asked, keys=keys_in_use(), now=utc_now())
        assert (done.what, done.person_id, again.what) == (CodeOutcome.RIGHT, d4, CodeOutcome.DEAD)
        with unit_of_work():
            a1 = people.person_facts(stage.people["A1"])
            kind, facts = "sign_in_code", {"expires_at": NOW.isoformat()}
            asked = confirming.ask(
                a1, "x", kind=kind, facts=facts, locale="zh-CN", keys=keys_in_use(), now=utc_now()
            )
            db.session.flush()
        box = db.session.scalar(select(Letter.sealed).order_by(Letter.id.desc()).limit(1))
        code = keys_in_use().opened(box or b"")
        rotate(app, "codes")
        with unit_of_work():
            sure = confirming.enter(
                code, "x", person_id=a1.id, browser=asked, keys=keys_in_use(), now=utc_now()
            )
        assert sure.what is CodeOutcome.RIGHT


def test_papers_of_before_are_known_by_address_and_by_typed_code(app: Flask, stage: Stage) -> None:
    contest = awards.set_award(app, stage)
    before = printed(app, handed_in(app, contest))
    rotate(app, "tickets")
    after = printed(app, before.nomination_id, before.version)

    assert before.code != after.code
    with app.app_context():
        for named in (before, after):
            assert check_codes.get_named(check_codes.token_of(named), keys=keys_of(app)) == named
            assert check_codes.find_typed(named.code, None, keys=keys_of(app)) == named
        stranger = Keys(
            new_key(key.purpose, key.state) for key in keys_of(app).ring if key.state == "current"
        )
        forged = check_codes.named_of(before.nomination_id, before.version, keys=stranger)
        with pytest.raises(NotFound):
            check_codes.get_named(check_codes.token_of(forged), keys=keys_of(app))


def test_a_sealing_key_goes_only_when_nothing_is_sealed_under_it(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    with app.app_context(), unit_of_work():
        sign_in_codes.ask("A1", address="127.0.0.1", locale="zh-CN", keys=keys_in_use(), now=utc_now())
    old = key_ids(app, "seal")[0]
    rotate(app, "seal")

    refused, stubborn = flask(app, "keys", "retire", old), flask(app, "keys", "retire", old, "--anyway")
    sealed_anew, retired = flask(app, "keys", "reseal"), flask(app, "keys", "retire", old)
    deliver_all(app)

    assert (refused.exit_code, stubborn.exit_code) == (1, 1)
    assert "flask keys reseal" in refused.stderr
    assert (sealed_anew.output, retired.exit_code) == ("resealed: 1\n", 0)
    assert str(mails(settings)[0]["subject"]).startswith("登录验证码 ")


def test_a_ticket_key_goes_when_tickets_are_replaced_or_the_event_is_over(app: Flask, stage: Stage) -> None:
    old_token, door = ticket_of(app, stage, "A1"), a_device(app, stage)
    old = key_ids(app, "tickets")[0]
    rotate(app, "tickets")

    refused = flask(app, "keys", "retire", old)
    replaced = flask(app, "ticket", "reissue", "outing")
    retired = flask(app, "keys", "retire", old)

    assert refused.exit_code == 1
    assert "flask ticket reissue" in refused.stderr
    assert (replaced.output, retired.exit_code) == ("reissued: 1\n", 0)
    with app.app_context():
        new_token = tickets.find_token(1, keys=keys_in_use()) or ""
    assert verdicts(scan(app, door, old_token, new_token)) == [
        ("refused", "scan.cancelled"),
        ("admitted", None),
    ]


def test_a_retired_ticket_key_after_the_event_takes_nothing_but_the_picture(app: Flask, stage: Stage) -> None:
    ticket_of(app, stage, "A1")
    old = key_ids(app, "tickets")[0]
    rotate(app, "tickets")
    with time_machine.travel(NOW + timedelta(days=60), tick=True):
        assert flask(app, "keys", "retire", old).exit_code == 0
    with app.app_context():
        assert tickets.find_held(1, keys=keys_in_use()) is None
