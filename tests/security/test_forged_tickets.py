"""A hundred thousand forged tickets at one door: random, one bit off, re-cased. None is admitted (T9)."""

from __future__ import annotations

import random
from collections import Counter

from flask import Flask

from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.registrations import tickets
from eventreg.registrations.rules import TOKEN_LENGTH
from eventreg.venue import scans
from eventreg.venue.incoming import IncomingScan, Scanner
from eventreg.venue.models import Admission, Scan
from eventreg.venue.rules import BATCH_MOST
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.sizes import SIZES
from tests.venue.test_scans import a_device

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
HOLDERS = 40


def forged(good: list[str], count: int) -> list[str]:
    """Tokens that no key made, in three kinds, each unlike every good one."""
    luck, made = random.Random(308), list[str]()
    kinds = (_random, _one_bit_off, _re_cased)
    while len(made) < count:
        token = kinds[len(made) % 3](luck, luck.choice(good))
        if token not in good:
            made.append(token)
    return made


def _random(luck: random.Random, _token: str) -> str:
    return "".join(luck.choices(ALPHABET, k=TOKEN_LENGTH))


def _one_bit_off(luck: random.Random, token: str) -> str:
    place = luck.randrange(TOKEN_LENGTH)
    other = ALPHABET[ALPHABET.index(token[place]) ^ (1 << luck.randrange(6))]
    return token[:place] + other + token[place + 1 :]


def _re_cased(luck: random.Random, token: str) -> str:
    return "".join(mark.swapcase() if luck.random() < 0.2 else mark for mark in token)


def good_tokens(app: Flask, stage: Stage) -> list[str]:
    """The tickets of everybody who signed up."""
    ids = [cast.sign_up(app, stage, f"X{n:04d}").id for n in range(1, HOLDERS + 1)]
    with app.app_context():
        return [tickets.find_token(id_, keys=stage.keys) or "" for id_ in ids]


def shown(app: Flask, scanner: Scanner, texts: list[str]) -> Counter[str]:
    """What the door says to all of them, as a phone sends them: a thousand at a time."""
    said: Counter[str] = Counter()
    now, keys = utc_now(), app.extensions["eventreg.keys"]
    for first in range(0, len(texts), BATCH_MOST):
        batch = [
            IncomingScan(f"n{n}", text, "door", now)
            for n, text in enumerate(texts[first : first + BATCH_MOST], first)
        ]
        with app.app_context(), unit_of_work():
            said.update(str(answer.reason) for answer in scans.record(batch, scanner, keys=keys, now=now))
    return said


def test_no_forged_ticket_is_admitted_and_each_is_on_record(sqlite_app: Flask) -> None:
    """On SQLite alone: both databases compare the same 32 bytes, as the test below shows on both."""
    stage = cast.set_stage(sqlite_app, capacity=HOLDERS, extra=HOLDERS)
    good, door = good_tokens(sqlite_app, stage), a_device(sqlite_app, stage)

    said = shown(sqlite_app, door, forged(good, SIZES.forged_tickets))

    assert said == {"scan.unknown": SIZES.forged_tickets}
    assert (sight.count(sqlite_app, Admission), sight.count(sqlite_app, Scan)) == (0, SIZES.forged_tickets)


def test_the_same_door_admits_what_the_key_made(app: Flask) -> None:
    """The control: a door that says no to all would pass the test above."""
    stage = cast.set_stage(app, capacity=HOLDERS, extra=HOLDERS)
    good, door = good_tokens(app, stage), a_device(app, stage)

    assert shown(app, door, [*forged(good, 300), *good]) == {"scan.unknown": 300, "None": HOLDERS}
    assert sight.count(app, Admission) == HOLDERS
