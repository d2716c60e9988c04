"""By page: teams are formed, drawn, filled up at the start line, timed and noted; the forfeits write themselves."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from eventreg.campaigns.models import Campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from tests.rig import cast
from tests.rig.cast import Stage
from tests.rig.plan_pages import OUTING, ClientFor, made, organised, sent
from tests.venue.teams import kites

TEAMS = f"{OUTING}/teams"
FORFEITS = f"{OUTING}/forfeits"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Nine of ten places are taken, A1 organises."""
    found = organised(app, capacity=9, extra=11)
    for staff_no in kites.names(9):
        cast.sign_up(app, found, staff_no, now=utc_now())
    return found


def formed(client: FlaskClient, how: str = "mixed") -> TestResponse:
    return sent(client, TEAMS, how=how, among="seated")


def test_teams_are_formed_and_listed(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")

    answer = formed(organiser)

    page = organiser.get(answer.location).text
    assert [answer.status_code, "编好了 3 组。" in page, page.count('class="team"')] == [303, True, 3]
    assert "第 3 组" in page


def test_a_draw_shows_the_hash_before_and_the_seed_after(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser, anybody = client_for("A1"), app.test_client()
    formed(organiser, how="draw")
    before = anybody.get("/campaigns/outing/draws").text
    draw_id = re.search(r'name="draw" value="(\d+)"', organiser.get(TEAMS).text)
    assert draw_id is not None

    sent(organiser, TEAMS, f"{TEAMS}/draw", draw=draw_id[1])

    after = anybody.get("/campaigns/outing/draws").text
    [fingerprint] = set(re.findall(r"<code>([0-9a-f]{64})</code>", before))
    assert ["抽签以后公布" in before, fingerprint in after, "抽签以后公布" in after] == [True, True, False]
    assert "python recompute_draw.py" in after
    assert "/campaigns/outing/draws" in anybody.get("/campaigns/outing").text
    assert organiser.get(TEAMS).text.count('class="team"') == 3


def test_people_are_exchanged_by_hand_and_what_does_not_fill_is_asked(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("A1")
    formed(organiser)
    ids = {who: kites.registration(app, stage, who) for who in kites.names(9)}
    numbers = kites.numbers(app)
    fields = {f"team_{ids[who]}": str(number) for who, number in numbers.items()}

    refused = sent(organiser, f"{TEAMS}/members", **{**fields, f"team_{ids['X0001']}": ""})
    done = sent(organiser, f"{TEAMS}/members", **{**fields, f"team_{ids['X0001']}": "", "short": "y"})

    assert [refused.status_code, "还差 1 人" in refused.text, done.status_code] == [409, True, 303]
    assert "没有编进组的 1 人" in organiser.get(TEAMS).text


def test_at_the_start_line_one_goes_and_the_next_comes(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("A1")
    formed(organiser)
    for who in ("X0010", "X0011"):
        cast.sign_up(app, stage, who, now=utc_now())
    absent, standing = kites.registration(app, stage, "X0002"), kites.registration(app, stage, "X0011")
    team = kites.numbers(app)["X0002"]

    nobody = sent(organiser, f"{TEAMS}/start-line", absent=absent)
    done = sent(organiser, f"{TEAMS}/start-line", absent=absent, standing=[standing])

    assert [nobody.status_code, "请勾上站在这里的候补的人" in nobody.text] == [422, True]
    assert [done.status_code, "补上了：职工11" in organiser.get(done.location).text] == [303, True]
    assert kites.states(app, "X0002", "X0010", "X0011") == ["withdrawn", "waiting", "seated"]
    assert kites.numbers(app)["X0011"] == team


def test_the_round_starts_once(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")
    formed(organiser)

    first = sent(organiser, f"{TEAMS}/members", f"{TEAMS}/round")
    second = sent(organiser, f"{TEAMS}/members", f"{TEAMS}/round")

    assert [first.status_code, second.status_code, "已经开始计时" in second.text] == [303, 409, True]
    assert "限时 30 分钟" in organiser.get(TEAMS).text
    sent(organiser, f"{TEAMS}/members", f"{TEAMS}/round", undo="1")
    assert "开始计时" in organiser.get(TEAMS).text


def test_flights_are_noted_on_one_form(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")
    formed(organiser)
    url = f"{TEAMS}/flights"

    wrong = sent(organiser, url, flown_1="no", rank_1="1", flown_2="yes", rank_2="2", flown_3="", rank_3="")
    asked = sent(
        organiser, url, flown_1="yes", rank_1="1", flown_2="yes", rank_2="2", flown_3="yes", rank_3="2"
    )
    assert [wrong.status_code, "没有放飞的组没有名次" in wrong.text] == [422, True]
    assert [asked.status_code, "一样高吗" in asked.text, 'value="2-3"' in asked.text] == [422, True, True]
    done = sent(
        organiser, url,
        flown_1="yes", rank_1="1", flown_2="yes", rank_2="2", flown_3="yes", rank_3="2", equal=["2-3"],
    )  # fmt: skip
    again = sent(
        organiser, url,
        flown_1="yes", rank_1="1", flown_2="yes", rank_2="2", flown_3="yes", rank_3="2",
    )  # fmt: skip

    assert (done.status_code, again.status_code) == (303, 303)
    assert "表演节目的：第 2 组、第 3 组。" in organiser.get(url).text


def test_forfeits_write_themselves_and_are_filled_in(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")
    assert "还没有人要表演" in organiser.get(FORFEITS).text
    formed(organiser)
    sent(
        organiser, f"{TEAMS}/flights",
        flown_1="yes", rank_1="1", flown_2="no", rank_2="", flown_3="yes", rank_3="2",
    )  # fmt: skip
    page = organiser.get(FORFEITS).text
    first, second = re.findall(r'name="title_(t\d+)"', page)

    refused = sent(organiser, FORFEITS, **{f"state_{first}": "excused", f"title_{first}": "茉莉花"})
    done = sent(
        organiser, FORFEITS,
        **{f"state_{first}": "done", f"title_{first}": "茉莉花", f"position_{first}": "2", f"position_{second}": "1"},
    )  # fmt: skip

    assert refused.status_code == 422
    assert ["免了节目，请写原因" in refused.text, "茉莉花" in refused.text] == [True, True]
    assert done.status_code == 303
    page = organiser.get(FORFEITS).text
    assert ["茉莉花" in page, "演过了" in page, page.index("第 3 组") < page.index("第 2 组")] == [True] * 3


@pytest.mark.parametrize(("start", "says"), [("blank:outing", "要编 10 组"), ("blank:forum", "没有分组比赛")])
def test_a_draft_has_no_teams_yet_and_a_campaign_without_a_contest_says_so(
    app: Flask, stage: Stage, client_for: ClientFor, start: str, says: str
) -> None:
    organiser = client_for("B2")
    draft = made(organiser, start=start)
    before = [organiser.get(f"{draft}/{page}").status_code for page in ("teams", "forfeits")]
    with app.app_context(), unit_of_work():
        there = update(Campaign).where(Campaign.slug == draft.rsplit("/", 1)[1])
        db.session.execute(there.values(state="published", version=Campaign.version + 1))

    pages = [organiser.get(f"{draft}/{page}") for page in ("teams", "forfeits")]

    assert before == [404, 404]
    assert [page.status_code for page in pages] == [200, 200]
    assert says in pages[0].text


def test_both_lists_are_csv_files(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")
    formed(organiser)
    sent(
        organiser, f"{TEAMS}/flights",
        flown_1="yes", rank_1="1", flown_2="no", rank_2="", flown_3="yes", rank_3="2",
    )  # fmt: skip

    teams, forfeits = organiser.get(f"{TEAMS}.csv"), organiser.get(f"{FORFEITS}.csv")

    assert (teams.mimetype, forfeits.mimetype) == ("text/csv", "text/csv")
    assert len(teams.data.decode("utf-8-sig").splitlines()) == 10
    assert len(forfeits.data.decode("utf-8-sig").splitlines()) == 3
