"""Short codes: typed at a door of their campaign they are the ticket; anywhere else they are nothing."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select, update

from eventreg.campaigns import writing
from eventreg.campaigns.service import get_campaign
from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.registrations import tickets
from eventreg.registrations.models import Ticket
from eventreg.registrations.rules import in_groups
from eventreg.venue.incoming import Scanner
from eventreg.venue.models import Admission, Scan
from eventreg.venue.rules import WRONG_CODES_AN_HOUR
from tests.conftest import close, make_app
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

from .test_scans import a_device, scan, ticket_of, verdicts


def code_of(app: Flask, stage: Stage, staff_no: str) -> str:
    """Sign somebody up; the short code on her ticket."""
    receipt = cast.sign_up(app, stage, staff_no)
    with app.app_context():
        code = tickets.find_code(receipt.id, keys=stage.keys)
    assert code is not None
    return code


def wrong(number: int) -> str:
    """A short code of no ticket."""
    return f"ZZZZ{number:04d}"


def another_campaign(app: Flask, stage: Stage) -> Stage:
    """A second outing, and the same people."""
    with app.app_context(), unit_of_work():
        season_id = writing.make_season(cast.season())
        campaign = cast.outing(5, slug="other")
        writing.publish(campaign, season_id=season_id, notice_id=stage.notice_id, actor=acting("test", NOW))
    with app.app_context():
        return Stage(get_campaign("other").id, stage.notice_id, stage.people, stage.keys)


def test_a_typed_code_is_green_once_and_amber_beside_its_qr_code(app: Flask, stage: Stage) -> None:
    token, door = ticket_of(app, stage, "A1"), a_device(app, stage)
    with app.app_context():
        code = tickets.find_code(1, keys=stage.keys) or ""

    answers = scan(app, door, in_groups(code).lower(), token, code)

    assert verdicts(answers) == [("admitted", None), ("repeated", None), ("repeated", None)]
    assert [a.registration_id for a in answers] == [1, 1, 1]
    assert (sight.count(app, Scan), sight.count(app, Admission)) == (3, 1)


def test_a_code_of_another_campaign_is_no_code_here(app: Flask, stage: Stage) -> None:
    code, door = code_of(app, another_campaign(app, stage), "A1"), a_device(app, stage)

    assert verdicts(scan(app, door, code)) == [("refused", "scan.unknown_code")]


def test_a_code_of_a_ticket_given_back_says_so(app: Flask, stage: Stage) -> None:
    code, door = code_of(app, stage, "A1"), a_device(app, stage)
    cast.withdraw(app, stage, "A1")

    assert verdicts(scan(app, door, code)) == [("refused", "scan.cancelled")]


def test_another_system_s_gates_take_no_codes(app: Flask, stage: Stage) -> None:
    """It scans for all campaigns: a code alone does not say whose it is."""
    code, door = code_of(app, stage, "A1"), a_device(app, stage)

    assert verdicts(scan(app, Scanner(door.device_id, None), code)) == [("refused", "scan.unknown")]


def test_a_code_is_no_address(app: Flask, stage: Stage) -> None:
    code = code_of(app, stage, "A1")

    with app.app_context():
        assert [tickets.find_registration(text) for text in (code, in_groups(code))] == [None, None]


def test_the_database_holds_no_code_that_could_be_tried_out(app: Flask, stage: Stage) -> None:
    code = code_of(app, stage, "A1")
    with app.app_context():
        held = db.session.scalars(select(Ticket.code_hash)).one()

    assert held == tickets.code_hash_of(code, stage.campaign_id, key=stage.keys.tickets)
    assert code.encode() not in (held or b"")


def test_after_sixty_wrong_codes_a_phone_scans_qr_codes_only_for_an_hour(app: Flask, stage: Stage) -> None:
    code, door, other = code_of(app, stage, "A1"), a_device(app, stage), a_device(app, stage)
    token = ticket_of(app, stage, "B2")
    guesses = [wrong(n) for n in range(WRONG_CODES_AN_HOUR)]
    scan(app, door, *guesses[:-1], nonce="a")

    last = scan(app, door, guesses[-1], code, token, nonce="b")
    elsewhere = scan(app, other, code, nonce="c")
    later = scan(app, door, code, nonce="d", now=NOW + timedelta(hours=1))

    assert verdicts(last) == [
        ("refused", "scan.unknown_code"),
        ("refused", "scan.codes_paused"),
        ("admitted", None),
    ]
    assert last[1].registration_id is None
    assert verdicts(elsewhere) == [("admitted", None)]
    assert verdicts(later) == [("repeated", None)]


def test_two_tickets_never_have_one_code(app: Flask, stage: Stage) -> None:
    """The second, whose first draw is taken, gets its next draw, and its page shows that one."""
    draws = [tickets.code_of(2, 1, turn, key=stage.keys.tickets) for turn in (0, 1)]
    code_of(app, stage, "A1")
    taken = tickets.code_hash_of(draws[0], stage.campaign_id, key=stage.keys.tickets)
    with app.app_context(), unit_of_work():
        db.session.execute(update(Ticket).values(code_hash=taken))

    assert code_of(app, stage, "B2") == draws[1]


def test_tickets_from_before_there_were_codes_get_theirs_at_the_next_start(settings: Settings) -> None:
    app = make_app(settings)
    stage = cast.set_stage(app)
    codes = [code_of(app, stage, who) for who in ("A1", "B2")]
    with app.app_context(), unit_of_work():
        db.session.execute(update(Ticket).values(code_hash=None))
    with app.app_context():
        assert tickets.find_code(1, keys=stage.keys) is None
    close(app)

    again = make_app(settings)

    with again.app_context():
        found = [tickets.find_code(id_, keys=stage.keys) for id_, _ in zip(count(1), codes, strict=False)]
        with unit_of_work():
            assert tickets.give_codes(keys=stage.keys) == 0
    close(again)
    assert found == codes
