"""A kind of activity is one module: a lecture is added by its `KIND` alone, and every page knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants, kinds, writing
from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.kinds import ActivityKind, Blank, CheckPointRole, Parameters
from eventreg.campaigns.kinds.bounds import one_of, whole
from eventreg.campaigns.rules import ScheduleState
from eventreg.campaigns.service import find_season
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.msgids import N_, Sentence
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import made, organised, sent
from tests.rig.plans import facts

ClientFor = Callable[..., FlaskClient]
TALK = "/manage/campaigns/talk"
BADGES = {"door": "入场", "start": "起点", "finish": "终点"}


@dataclass(frozen=True, slots=True)
class Lecture(Parameters):
    """So many pages to read before, in one language."""

    pages: int = whole(3, label=N_("课前读几页"), unit=N_("页"), least=0, most=40)
    tongue: str = one_of("zh", label=N_("用什么语言讲"), choices={"zh": N_("普通话"), "gd": N_("广东话")})


def _rule(lecture: Lecture) -> Sentence | None:
    tongues = {"zh": N_("用普通话讲"), "gd": N_("用广东话讲")}
    return Sentence(
        N_("课前读 %(n)s 页，%(tongue)s。"),
        {"n": lecture.pages, "tongue": Sentence(tongues[lecture.tongue])},
    )


LECTURE = ActivityKind(
    code="lecture",
    name=N_("讲座"),
    parameters=Lecture,
    rule=_rule,
    roles=(CheckPointRole.IN,),
    blank=Blank(N_("空白的讲座"), N_("两个小时，80 个名额"), time(14), timedelta(hours=2), 80),
)


@pytest.fixture(autouse=True)
def lecture(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tuple that lists all kinds names one more."""
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, LECTURE))


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing and a published campaign with a lecture; B2 administers the house."""
    stage = organised(app)
    start = cast.lately() + cast.UNTIL_THE_DAY
    talk = NewActivity(
        "lecture", "急救课", start, start, True, ScheduleState.CONFIRMED, Lecture(pages=7, tongue="gd")
    )
    campaign = replace(cast.outing(None, slug="talk", published_at=cast.lately()), activities=(talk,))
    now = utc_now()
    with app.app_context():
        season = find_season()
        assert season is not None
        with unit_of_work():
            writing.publish(
                campaign, season_id=season.id, notice_id=stage.notice_id, actor=acting("test", cast.lately())
            )
            campaign_grants.grant(stage.people["A1"], Role.ORGANISER, "talk", actor=acting("test", now))
    return stage


@pytest.mark.usefixtures("stage")
def test_the_public_page_says_what_a_lecture_asks_for(client_for: ClientFor) -> None:
    page = client_for("E5").get("/campaigns/talk")

    assert page.status_code == 200
    assert "课前读 7 页，用广东话讲。" in page.text


@pytest.mark.usefixtures("stage")
def test_the_plan_page_and_the_list_of_activities_name_it(client_for: ClientFor) -> None:
    client = client_for("A1")

    assert client.get(TALK).status_code == 200
    assert "讲座，" in client.get(f"{TALK}/activities").text


@pytest.mark.usefixtures("stage")
def test_the_form_of_a_lecture_asks_its_parameters(app: Flask, client_for: ClientFor) -> None:
    client = client_for("A1")
    slug = made(client, "健步走").rsplit("/", 1)[1]
    form_at = f"/manage/campaigns/{slug}/activities/new/lecture"
    typed = {"title": "急救课", "day": "2027-03-04", "schedule": "confirmed", "p_tongue": "gd"}

    assert f'href="{form_at}"' in client.get(f"/manage/campaigns/{slug}/activities").text
    shown = unescape(client.get(form_at).text)
    words = ("加一个项目：讲座", "课前读几页", "单位：页，0 到 40", "用什么语言讲", "普通话", "广东话")
    assert [word for word in words if word not in shown] == []
    assert sent(client, form_at, p_pages="41", **typed).status_code == 422
    assert sent(client, form_at, p_pages="12", **typed).status_code == 303
    assert [a.parameters for a in facts(app, slug).activities if a.kind == "lecture"] == [Lecture(12, "gd")]


@pytest.mark.usefixtures("stage")
def test_a_new_campaign_can_start_from_a_lecture(app: Flask, client_for: ClientFor) -> None:
    client = client_for("A1")

    page = client.get("/manage/new-campaign").text
    slug = made(client, "急救课", start="blank:lecture").rsplit("/", 1)[1]

    assert [word for word in ("空白的讲座", "两个小时，80 个名额") if word not in page] == []
    found = facts(app, slug)
    (activity,) = found.activities
    assert (activity.kind, activity.title, activity.parameters) == ("lecture", "讲座", Lecture())
    assert (activity.starts_at.time(), activity.ends_at - activity.starts_at) == (
        time(14),
        timedelta(hours=2),
    )
    assert found.total is not None
    assert found.total.capacity == 80


@pytest.mark.usefixtures("stage")
def test_phones_stand_only_at_the_check_points_of_a_lecture(client_for: ClientFor) -> None:
    client = client_for("A1")
    page = client.get(f"{TALK}/devices")

    def invited(point: str) -> int:
        form = {"csrf_token": token_in(page), "door": "东门", "check_point": point}
        return client.post(f"{TALK}/devices", data=form).status_code

    assert [code for code in BADGES if f'value="{code}"' in page.text] == ["door"]
    assert {code: invited(code) for code in BADGES} == {"door": 200, "start": 422, "finish": 422}


@pytest.mark.usefixtures("stage")
def test_phones_stand_at_all_check_points_of_the_outing(client_for: ClientFor) -> None:
    page = client_for("A1").get("/manage/campaigns/outing/devices").text

    assert [code for code, words in BADGES.items() if f'value="{code}"' in page and words in page] == [
        *BADGES
    ]


def test_without_its_line_in_the_tuple_nobody_knows_it(
    stage: Stage, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the tuple is what the pages ask."""
    monkeypatch.setattr(kinds, "KINDS", tuple(kind for kind in kinds.KINDS if kind is not LECTURE))

    page = client_for("A1").get("/manage/campaigns/outing/activities/new/lecture")

    assert page.status_code == 404
