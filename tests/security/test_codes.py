"""Guessing a code, and learning from the sign-in page who works here (T29 to T32)."""

from __future__ import annotations

import re
import threading
from collections import Counter

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.accounts.models import SignInCode
from eventreg.accounts.rules import CODE_TRIES, CODE_WAITS
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db
from eventreg.outbox.models import Letter
from tests.security.test_redirect import _statements
from tests.security.world import STAFF_NO, World, csrf_of

KNOWN, UNKNOWN = STAFF_NO["employee"], "HC9999"
GUESSERS = 12


def _asked(world: World, identifier: str) -> tuple[FlaskClient, str]:
    """A browser that has asked for a code, and its token."""
    client = world.app.test_client()
    token = csrf_of(client)
    client.post("/sign-in", data={"csrf_token": token, "identifier": identifier})
    return client, token


def _try(client: FlaskClient, token: str, code: str) -> int:
    return client.post("/sign-in/code", data={"csrf_token": token, "code": code}).status_code


def _code(world: World) -> str:
    """The code of the newest letter, unsealed."""
    with world.app.app_context():
        sealed = db.session.scalar(select(Letter.sealed).order_by(Letter.id.desc()).limit(1))
        db.session.remove()
    assert sealed is not None
    return world.keys.opened(sealed)


def _tries_left(world: World) -> list[int]:
    with world.app.app_context():
        left = db.session.scalars(select(SignInCode.tries_left).order_by(SignInCode.id)).all()
        db.session.remove()
    return list(left)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_signs_in(world: World) -> None:
    client, token = _asked(world, KNOWN)

    assert (_try(client, token, _code(world)), client.get("/my").status_code) == (303, 200)


def test_after_five_wrong_tries_the_right_code_is_dead(world: World) -> None:
    client, token = _asked(world, KNOWN)
    code = _code(world)

    tried = [_try(client, token, _wrong(code)) for _ in range(5)]

    assert (tried, _try(client, token, code), _tries_left(world)) == ([422] * 5, 422, [0])


def test_the_fifth_try_may_still_be_right(world: World) -> None:
    client, token = _asked(world, KNOWN)
    code = _code(world)
    for _ in range(4):
        _try(client, token, _wrong(code))

    assert _try(client, token, code) == 303


@pytest.mark.race
def test_guesses_at_the_same_instant_share_the_five_tries(world: World) -> None:
    client, token = _asked(world, KNOWN)
    code, cookie = _code(world), client.get_cookie("eventreg")
    assert cookie is not None
    start, verdicts = threading.Barrier(GUESSERS), list[str]()

    def guess() -> None:
        browser = world.app.test_client()
        browser.set_cookie("eventreg", cookie.value)
        start.wait()
        page = browser.post("/sign-in/code", data={"csrf_token": token, "code": _wrong(code)}).text
        verdicts.append("counted" if re.search(r"还可以试 [1-4] 次", page) else "dead")

    threads = [threading.Thread(target=guess) for _ in range(GUESSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(verdicts) == {"counted": 4, "dead": GUESSERS - 4}
    assert (_tries_left(world), _try(client, token, code)) == ([0], 422)


def test_a_code_counts_only_in_the_browser_that_asked(world: World) -> None:
    """Login CSRF: the attacker's code in the victim's browser (T14)."""
    _asked(world, KNOWN)
    code = _code(world)
    other, token = _asked(world, UNKNOWN)

    assert (_try(other, token, code), other.get("/my").status_code) == (422, 302)


@pytest.mark.parametrize("path", ["/sign-in/again", "/sign-in"])
def test_the_first_code_stays_good_after_another_was_sent(world: World, path: str) -> None:
    with time_machine.travel(utc_now(), tick=False) as clock:
        client, token = _asked(world, KNOWN)
        first = _code(world)
        clock.shift(CODE_WAITS[0])
        client.get("/sign-in/code")
        client.post(path, data={"csrf_token": token, "identifier": KNOWN})
        second = _code(world)

        assert len(_tries_left(world)) == 2
        assert _try(client, token, _wrong(first) if _wrong(first) != second else _wrong(second)) == 422
        assert _tries_left(world) == [CODE_TRIES - 1] * 2
        assert _try(client, token, first) == 303


def test_a_code_works_once(world: World) -> None:
    client, token = _asked(world, KNOWN)
    code, cookie = _code(world), client.get_cookie("eventreg")
    assert cookie is not None
    again = world.app.test_client()
    again.set_cookie("eventreg", cookie.value)

    assert [_try(client, token, code), _try(again, token, code)] == [303, 422]


def test_wrong_tries_lock_nobody_out(world: World) -> None:
    """The attacker asks whenever it can be and guesses; the owner waits her turn and gets in (T30)."""
    with time_machine.travel(utc_now(), tick=False) as clock:
        for _ in range(5):
            client, token = _asked(world, KNOWN)
            wrong = _wrong(_code(world))
            for _ in range(5):
                assert _try(client, token, wrong) == 422
            clock.shift(CODE_WAITS[-1])
        owner, token = _asked(world, KNOWN)

        assert _try(owner, token, _code(world)) == 303
        assert owner.get("/my").status_code == 200


def test_too_many_codes_are_refused_in_the_same_words_for_known_and_unknown(world: World) -> None:
    def second(identifier: str) -> tuple[list[str], list[tuple[int, str]]]:
        client = world.app.test_client()
        form = {"csrf_token": csrf_of(client), "identifier": identifier}
        with _statements(world) as asked:
            pages = [client.post("/sign-in", data=form) for _ in range(2)]
        answers = [(page.status_code, _bare(page.text, identifier)) for page in pages]
        return [re.sub(r"\s+", " ", s) for s in asked if not s.startswith("PRAGMA busy_timeout")], answers

    with time_machine.travel(utc_now(), tick=False):
        known, unknown = second(KNOWN), second(UNKNOWN)

    assert ([status for status, _page in known[1]], known) == ([303, 429], unknown)


@pytest.mark.parametrize("forged", ["203.0.113.9", "203.0.113.9, 198.51.100.1"])
def test_an_invented_forwarding_address_buys_no_more_codes(world: World, forged: str) -> None:
    client = world.app.test_client()
    form = {"csrf_token": csrf_of(client), "identifier": KNOWN}

    told = [
        client.post("/sign-in", data=form, headers={"X-Forwarded-For": f"{forged[:-1]}{n}"}).status_code
        for n in range(6)
    ]

    assert told == [303] + [429] * 5


@pytest.mark.parametrize("spelling", ["hc0003", " HC0003 ", "ＨＣ０００３"])
def test_another_spelling_is_the_same_account(world: World, spelling: str) -> None:
    _asked(world, KNOWN)
    client = world.app.test_client()

    assert (
        client.post("/sign-in", data={"csrf_token": csrf_of(client), "identifier": spelling}).status_code
        == 429
    )


def _bare(page: str, identifier: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page).replace(identifier, "WHO")


def _whole(world: World, identifier: str) -> tuple[list[str], list[tuple[int, str, list[str]]]]:
    """Asking and trying: the statements that ran, and the answers with the names of their headers."""
    client = world.app.test_client()
    token = csrf_of(client)
    answers = []
    with _statements(world) as asked:
        for path, form in [("/sign-in", {"identifier": identifier}), ("/sign-in/code", {"code": "000000"})]:
            answer = client.post(path, data={**form, "csrf_token": token})
            page = client.get("/sign-in/code")
            answers += [
                (a.status_code, _bare(a.text, identifier), sorted(a.headers.keys())) for a in (answer, page)
            ]
    return [re.sub(r"\s+", " ", s) for s in asked if not s.startswith("PRAGMA busy_timeout")], answers


def test_an_unknown_account_takes_the_same_statements_and_gets_the_same_answers(world: World) -> None:
    known, unknown = _whole(world, KNOWN), _whole(world, UNKNOWN)

    assert unknown == known
