"""HR's button that reminds whoever has something left to do in an award, and the organiser's view of the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations.signing.rules import ConsentAnswer
from eventreg.outbox.models import Letter
from eventreg.reminders import by_button
from tests.rig import awards, cast, screening, signing
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.cast import NOW, Stage
from tests.rig.clients import signed_in_client, token_in
from tests.rig.mailbox import newest

DAY = timedelta(days=1)


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """A submitted nomination of A1 that nobody signed or answered; E5 is head."""
    contest = awards.set_award(app, stage, places=2)
    signing.name_head(app, contest)
    signing.handed_in(app, contest)
    return contest


def due(app: Flask) -> dict[str, tuple[int, int]]:
    """Audience → (people, of them not reminded today)."""
    with app.app_context():
        return {one.code: (one.people, one.due) for one in by_button.list_due(get_campaign("award"), now=NOW)}


def remind(app: Flask, code: str, *, at: timedelta = timedelta(0)) -> int:
    with app.app_context(), unit_of_work():
        return by_button.remind(get_campaign("award").id, code, actor=acting("test", NOW + at))


def written_to(app: Flask) -> list[int | None]:
    with app.app_context():
        return list(db.session.scalars(select(Letter.person_id).where(Letter.kind == by_button.KIND)))


def test_it_counts_who_has_what_left_to_do(app: Flask, contest: Contest) -> None:
    assert due(app) == {"signing": (1, 1), "consenting": (1, 1), "unreceived": (1, 1)}


def test_each_gets_one_letter_a_day(app: Flask, contest: Contest) -> None:
    assert remind(app, "signing") == 1
    assert due(app)["signing"] == (1, 0)
    with pytest.raises(Refused, match="gaps.reminded_today"):
        remind(app, "signing")
    assert remind(app, "signing", at=DAY) == 1
    assert written_to(app) == [contest.person("E5")] * 2


@pytest.mark.parametrize("code", ["unsigned", "organisers", "nobody", "drafting"])
def test_only_the_award_s_own_audiences_and_no_drafts_after_the_deadline(
    app: Flask, contest: Contest, code: str
) -> None:
    with app.app_context():
        late = get_campaign("award").closes_at - NOW
    with pytest.raises(NotFound):
        remind(app, code, at=late)


def test_who_has_done_it_meanwhile_gets_no_letter(app: Flask, contest: Contest) -> None:
    remind(app, "consenting")
    asked = newest(app, by_button.KIND, now=NOW)
    screening.agree(app, 1, ConsentAnswer.DECLINED)

    assert asked is not None
    assert asked.heading == "请你看一遍推荐并回复"
    assert newest(app, by_button.KIND, now=NOW) is None


def test_hr_presses_it_and_an_organiser_only_reads(sqlite_app: Flask) -> None:
    since = cast.lately()
    stage = cast.set_stage(sqlite_app, now=since)
    contest = awards.set_award(sqlite_app, stage, now=since, places=2)
    awards.save(
        sqlite_app,
        contest,
        "B2",
        made := awards.begin(sqlite_app, contest, "B2", "A1", now=since),
        awards.written(chosen_on="2026-02-10"),
        now=since,
    )
    awards.submit(sqlite_app, contest, "B2", made, now=since)
    with sqlite_app.app_context(), unit_of_work():
        actor = acting("test", since)
        grants.grant(stage.people["F6"], Role.HR_REVIEWER, unit_id=None, actor=actor)
        campaign_grants.grant(stage.people["D4"], Role.ORGANISER, "award", actor=actor)
    hr, page = signed_in_client(sqlite_app, "F6"), "/review/campaigns/award/nominations"
    seen = hr.get(page)
    press = hr.post("/review/campaigns/award/reminders/consenting", data={"csrf_token": token_in(seen)})
    organiser, mine = signed_in_client(sqlite_app, "D4"), "/manage/campaigns/award/nominations"
    listed, read = organiser.get(mine).text, organiser.get(f"{mine}/{made}").text

    assert "写信提醒" in seen.text
    assert "已写信提醒 1 人" in hr.get(press.location).text
    assert "今天提醒过了" in hr.get(page).text
    assert cast.NAMES["A1"][0] in listed
    assert "写信提醒" not in listed
    assert "字" * 100 in read
    assert organiser.get("/review/nominations/1").status_code == 404
