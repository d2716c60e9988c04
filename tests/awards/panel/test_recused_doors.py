"""What a judge is recused from is behind no door of hers: every page is opened, before and after, on both databases."""

from __future__ import annotations

import random
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.awards.panel import recusals
from eventreg.awards.panel.rules import RecusalGround
from eventreg.core.db.session import unit_of_work
from tests.rig import cast, judging
from tests.rig.actors import acting
from tests.rig.clients import signed_in_client
from tests.rig.judging import Judging, canary

JUDGE = "X0002"
VALUES = {"slug": "award", "code": "x", "token": "x", "path": "x", "filename": "x", "audience": "signing"}


@pytest.fixture
def made(app: Flask) -> Judging:
    return judging.set_judging(app, now=cast.lately())


def addresses(app: Flask, made: Judging) -> list[str]:
    """Every address that answers GET, once for each nomination where it names one."""
    found = set()
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        for nomination in made.nominations.values():
            path = re.sub(r"<int:nomination_id>", str(nomination), rule.rule)
            path = re.sub(r"<int:round_id>", str(made.round_id), path)
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: VALUES.get(name[1], "1"), path)
            found.add(path)
    return sorted(found)


def heard(client: FlaskClient, paths: list[str], word: str) -> list[str]:
    """The pages that hold a word."""
    told = []
    for path in paths:
        answer = client.get(path, buffered=True)
        if word.encode() in answer.data:
            told.append(path)
        answer.close()
    return told


def test_after_a_recusal_no_page_holds_a_word_of_it(app: Flask, made: Judging) -> None:
    client, paths = signed_in_client(app, JUDGE), addresses(app, made)
    word, name = canary(made.people["A1"]), cast.NAMES["A1"][0]
    page = f"/judge/nominations/{made.nominations['A1']}"
    before = heard(client, paths, word)
    with app.app_context(), unit_of_work():
        recusals.recuse(
            made.round_id,
            made.people[JUDGE],
            made.nominations["A1"],
            RecusalGround.SET,
            "CanaryReason",
            actor=acting("test", made.late),
        )

    assert before == [page], "the control: it is heard where she reads it"
    assert heard(client, paths, word) == []
    assert heard(client, paths, "CanaryReason") == []
    assert heard(client, ["/judge", f"/judge/nominations/{made.nominations['E5']}"], name) == []
    assert client.get(page).status_code == client.get("/judge/nominations/99999").status_code == 404


def test_her_list_has_no_gap_and_no_number_that_tells(app: Flask, made: Judging) -> None:
    client = signed_in_client(app, JUDGE)
    text = client.get("/judge").text

    assert "共 2 份" in text
    assert "回避" not in re.sub(r"<[^>]+>", "", text)


def test_random_recusals_hide_exactly_what_they_name(sqlite_app: Flask) -> None:
    """Forty graphs: each judge reads what is left, no more and no less."""
    made = judging.set_judging(sqlite_app, now=cast.lately())
    dice = random.Random(38)
    clients = {judge: signed_in_client(sqlite_app, judge) for judge in judging.PANEL}
    with sqlite_app.app_context():
        hidden = set(recusals.pairs_of(made.round_id))
    for _graph in range(40):
        judge, nominee = dice.choice(list(judging.PANEL)), dice.choice(judging.CANDIDATES)
        with sqlite_app.app_context(), unit_of_work():
            recusals.recuse(
                made.round_id,
                made.people[judge],
                made.nominations[nominee],
                RecusalGround.DECLARED,
                "",
                actor=acting(made.people[judge], made.late),
            )
        hidden.add((made.people[judge], made.nominations[nominee]))
        for who, client in clients.items():
            for no, nomination in made.nominations.items():
                told = canary(made.people[no]) in client.get(f"/judge/nominations/{nomination}").text
                assert told is ((made.people[who], nomination) not in hidden)
