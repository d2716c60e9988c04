"""A colleague cannot lock somebody out by asking for codes in her name, and guesses stay bounded (T29, T30; ADR 37)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.accounts import browser_marks, sign_in_codes
from eventreg.accounts import rules as account_rules
from eventreg.accounts.rules import (
    CODE_QUIET,
    CODE_TRIES,
    CODE_WAITS,
    CODES_TO_CONFIRM_AN_HOUR,
    guesses_an_hour,
)
from eventreg.accounts.sign_in_codes import CodeOutcome
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.keyring import key_watch
from eventreg.core.keyring.keys import key_file, keys_in_use
from eventreg.outbox.models import Letter
from eventreg.people.models import Person
from tests.house.repository import ROOT
from tests.rig.cast import NOW, Stage
from tests.rig.keys import flask, key_ids, rotate
from tests.security.test_codes import KNOWN, _asked, _code, _try
from tests.security.world import STAFF_NO, World, csrf_of

OTHER = STAFF_NO["other"] if "other" in STAFF_NO else next(n for n in STAFF_NO.values() if n != KNOWN)
MARK = "eventreg-known"


def ask(app: Flask, who: str, *, now: datetime, known: tuple[str, ...] = (), before: str = "") -> str:
    """Ask in a unit of its own; returns the browser's token. Raises Refused."""
    keys = app.extensions["eventreg.keys"]
    with app.app_context(), unit_of_work():
        return sign_in_codes.ask(
            who, address="::1", locale="zh-CN", keys=keys, now=now, marks=known, before=before
        )


def enter(app: Flask, browser: str, code: str, *, now: datetime) -> CodeOutcome:
    """Try a code in a unit of its own."""
    with app.app_context(), unit_of_work():
        return sign_in_codes.enter(code, browser=browser, keys=app.extensions["eventreg.keys"], now=now).what


def mailed(app: Flask) -> list[str]:
    """The codes of all letters, in the order in which they were asked for."""
    with app.app_context():
        boxes = db.session.scalars(
            select(Letter.sealed).where(Letter.kind == "sign_in_code").order_by(Letter.id)
        )
        return [app.extensions["eventreg.keys"].opened(box) for box in boxes if box]


def next_free(app: Flask, who: str, *, now: datetime) -> datetime:
    """When a refused request says that the next may be."""
    with pytest.raises(Refused) as refused:
        ask(app, who, now=now)
    assert refused.value.code == "sign_in.too_many_codes"
    at = refused.value.facts["again_at"]
    assert isinstance(at, datetime)
    return at


@pytest.mark.parametrize("who", ["A1", "NOBODY"])
def test_the_wait_grows_to_ten_minutes_and_no_further(app: Flask, stage: Stage, who: str) -> None:
    now, waits = NOW, []
    for _ in range(6):
        ask(app, who, now=now)
        free = next_free(app, who, now=now)
        assert next_free(app, who, now=free - timedelta(seconds=1)) == free
        waits.append((free - now) / timedelta(minutes=1))
        now = free

    assert waits == [1, 2, 5, 10, 10, 10]


def test_after_a_quiet_hour_the_waits_begin_anew(app: Flask, stage: Stage) -> None:
    now = NOW
    for wait in CODE_WAITS:
        ask(app, "A1", now=now)
        now += wait
    now += CODE_QUIET
    ask(app, "A1", now=now)

    assert next_free(app, "A1", now=now) == now + CODE_WAITS[0]


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("spelling", ["a1", "Ａ１", "a1@example.cn", "A1@EXAMPLE.CN", " a1＠example.cn "])
def test_staff_number_and_mail_address_are_one_account(app: Flask, spelling: str) -> None:
    ask(app, "A1", now=NOW)

    assert next_free(app, spelling, now=NOW) == NOW + CODE_WAITS[0]


def test_a_browser_in_which_she_signed_in_before_has_a_count_of_its_own(app: Flask, stage: Stage) -> None:
    hers, another = (browser_marks.make(stage.people["A1"], keys=stage.keys) for _ in range(2))
    now = NOW
    for wait in CODE_WAITS:
        ask(app, "A1", now=now)
        now += wait
    now -= CODE_WAITS[-1]
    first = ask(app, "A1", now=now, known=(hers,))
    again = ask(app, "A1", now=now, known=(another,))

    assert next_free(app, "A1", now=now) == now + CODE_WAITS[-1]
    assert (enter(app, first, mailed(app)[-2], now=now), enter(app, again, mailed(app)[-1], now=now)) == (
        CodeOutcome.RIGHT,
        CodeOutcome.RIGHT,
    )


def test_a_mark_of_somebody_else_or_a_forged_one_is_worth_nothing(app: Flask, stage: Stage) -> None:
    other = browser_marks.make(stage.people["B2"], keys=stage.keys)
    hers = browser_marks.make(stage.people["A1"], keys=stage.keys)
    forged = hers[:-1] + ("A" if hers[-1] != "A" else "B")
    ask(app, "A1", now=NOW)
    refused = 0
    for mark in (other, forged, "x.y", "", "é.", hers.replace(".", "")):
        with pytest.raises(Refused):
            ask(app, "A1", now=NOW, known=(mark,))
        refused += 1

    assert (refused, browser_marks.find([hers], 0, keys=stage.keys), browser_marks.split("é~é")) == (
        6,
        "",
        [],
    )


def test_a_code_that_was_sent_stays_good_when_another_is_asked_for(app: Flask, stage: Stage) -> None:
    later = NOW + CODE_WAITS[0]
    first = ask(app, "A1", now=NOW)
    second = ask(app, "A1", now=later, before=first)
    stranger = ask(app, "B2", now=later)
    [code, _newer, _hers] = mailed(app)

    assert second != first
    assert enter(app, stranger, code, now=later) is CodeOutcome.WRONG
    assert enter(app, second, code, now=later) is CodeOutcome.RIGHT


def test_a_guess_costs_a_try_of_every_code_that_it_may_hit(app: Flask, stage: Stage) -> None:
    later = NOW + CODE_WAITS[0]
    second = ask(app, "A1", now=later, before=ask(app, "A1", now=NOW))
    codes_sent = mailed(app)
    wrong = next(f"{n:06d}" for n in range(9) if f"{n:06d}" not in codes_sent)
    tries = [enter(app, second, wrong, now=later) for _ in range(CODE_TRIES)]

    assert tries == [CodeOutcome.WRONG] * (CODE_TRIES - 1) + [CodeOutcome.DEAD]
    assert [enter(app, second, code, now=later) for code in codes_sent] == [CodeOutcome.DEAD] * 2


def test_a_right_code_does_not_count(app: Flask, stage: Stage) -> None:
    browser = ask(app, "A1", now=NOW)
    enter(app, browser, mailed(app)[0], now=NOW)
    ask(app, "A1", now=NOW)

    assert next_free(app, "A1", now=NOW) == NOW + CODE_WAITS[0]


def test_a_flood_from_one_network_stops_no_marked_browser_and_ends_in_ten_minutes(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_codes, "CODES_A_NETWORK", 3)
    hers = browser_marks.make(stage.people["A1"], keys=stage.keys)
    for n in range(3):
        ask(app, f"NOBODY{n}", now=NOW)
    free = next_free(app, "A1", now=NOW)
    ask(app, "A1", now=NOW, known=(hers,))
    ask(app, "A1", now=free)

    assert free == NOW + timedelta(minutes=10)


def _sign_in(world: World) -> FlaskClient:
    client, token = _asked(world, KNOWN)
    assert _try(client, token, _code(world)) == 303
    return client


def _ask_again(client: FlaskClient, who: str) -> int:
    form = {"csrf_token": csrf_of(client), "identifier": who}
    return client.post("/sign-in", data=form).status_code


def test_who_has_signed_in_here_before_gets_a_code_whatever_a_colleague_does(world: World) -> None:
    """The colleague asks five times with her staff number; she signed out in her own browser meanwhile."""
    hers = _sign_in(world)
    hers.post("/sign-out", data={"csrf_token": csrf_of(hers)})
    colleague = world.app.test_client()
    told = [_ask_again(colleague, KNOWN) for _ in range(5)]

    assert told == [303] + [429] * 4
    assert (_ask_again(hers, KNOWN), _try(hers, csrf_of(hers), _code(world))) == (303, 303)


def test_the_mark_is_a_cookie_of_its_own_that_signing_out_leaves(world: World) -> None:
    client, token = _asked(world, KNOWN)
    form = {"csrf_token": token, "code": _code(world)}
    answer = client.post("/sign-in/code", data=form)
    [set_] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{MARK}=")]
    out = client.post("/sign-out", data={"csrf_token": csrf_of(client)})
    left = client.get_cookie(MARK)

    assert re.search(r"; Max-Age=34560000; HttpOnly; Path=/; SameSite=Lax$", set_.replace("Expires", "")) or (
        {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(set_.split("; "))
    )
    assert left is not None
    assert not [line for line in out.headers.getlist("Set-Cookie") if MARK in line]


@pytest.fixture
def rotated_world(world: World) -> Iterator[World]:
    """A world whose keys may change: the file and the keys in use are put back, as the database is."""
    path, keys = key_file(Path(world.app.instance_path)), world.keys
    whole = path.read_bytes()
    yield world
    path.write_bytes(whole)
    key_watch.use(world.app, keys)
    key_watch.watch(world.app, Path(world.app.instance_path))


@pytest.mark.parametrize("again", [True, False], ids=["signed in again", "control: not signed in again"])
def test_signing_in_makes_the_mark_anew_under_the_current_key(rotated_world: World, again: bool) -> None:
    world = rotated_world
    hers = _sign_in(world)
    before = _mark(hers)
    [old] = key_ids(world.app, "codes")
    rotate(world.app, "codes")
    if again:
        hers.post("/sign-out", data={"csrf_token": csrf_of(hers)})
        with time_machine.travel(utc_now() + timedelta(minutes=2)):
            assert _ask_again(hers, KNOWN) == 303
            assert _try(hers, csrf_of(hers), _code(world)) == 303
    assert flask(world.app, "keys", "retire", old, "--anyway").exit_code == 0

    with world.app.app_context():
        everybody = db.session.scalars(select(Person.id)).all()
        found = {browser_marks.find([_mark(hers)], person, keys=keys_in_use()) for person in everybody}
    number = before.partition(".")[0]
    assert (number in found) == again
    assert _mark(hers).startswith(f"{number}.")


def _mark(client: FlaskClient) -> str:
    held = client.get_cookie(MARK)
    assert held is not None
    return held.value


def test_the_page_says_when_she_may_ask_again_and_that_the_code_is_still_good(world: World) -> None:
    with time_machine.travel(utc_now(), tick=False):
        client, token = _asked(world, KNOWN)
        code = _code(world)
        page = client.post("/sign-in", data={"csrf_token": token, "identifier": KNOWN})
        again = client.post("/sign-in/again", data={"csrf_token": token}, follow_redirects=True)

        assert page.status_code == 429
        assert 'href="/sign-in/code"' in page.text
        assert [bool(re.search(r"\d\d:\d\d.*10 分钟内仍然有效", p.text)) for p in (page, again)] == [True] * 2
        assert _try(client, token, code) == 303


def test_the_document_prints_the_bound_that_the_constants_make() -> None:
    text = re.sub(r"\s+", " ", (ROOT / "docs/threats.md").read_text("utf-8"))

    assert f"at most {guesses_an_hour()} guesses in any hour for one account" in text
    assert f"{account_rules.CODES_A_NETWORK:,} requests in ten minutes" in text
    assert f"{CODES_TO_CONFIRM_AN_HOUR} codes an hour" in text


def test_no_hour_sees_more_guesses_than_the_bound(app: Flask, stage: Stage) -> None:
    """Somebody asks at every second at which it can be, over some hours, with pauses that reset the waits."""
    now, asked = NOW, list[datetime]()
    for pause in (timedelta(0), CODE_QUIET, timedelta(minutes=30)):
        now += pause
        for _ in range(12):
            ask(app, "A1", now=now)
            asked.append(now)
            now = next_free(app, "A1", now=now)
    most = max(sum(start <= at < start + timedelta(hours=1) for at in asked) for start in asked)

    assert most * CODE_TRIES <= guesses_an_hour()
