"""What an organiser needs the day before: the sheet to sign, the figures, and one person's page."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from eventreg.core.clock import utc_now
from eventreg.season import reschedule
from tests.rig import cast
from tests.rig.cast import Stage
from tests.rig.plan_pages import OUTING, ClientFor, made, organised
from tests.rig.plans import as_new, do, facts


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing: two women and a man have places, a woman waits; it starts at the east gate; A1 organises it."""
    found = organised(app, capacity=3)
    for activity in facts(app, "outing").activities:
        wanted = as_new(activity, place="青龙湖东门")
        do(app, "outing", reschedule.change_activity, activity.id, wanted, now=utc_now())
    for who in ("C3", "D4", "E5", "F6"):
        cast.sign_up(app, found, who, now=utc_now())
    return found


def test_the_sheet_has_the_place_staff_numbers_and_blank_rows(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    page = client_for("A1").get(f"{OUTING}/sign-in-sheet").text
    sheet = page.split('<table class="signsheet">')[1]

    assert sheet.split("</thead>")[0].count("青龙湖东门") == 1
    assert re.findall(r'<td class="num">(\w+)</td>', sheet) == ["1", "C3", "2", "D4", "3", "E5"]
    assert sheet.count('class="signsheet-blank"') == 10


def test_the_page_of_a_running_campaign_begins_with_its_figures(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    page = client_for("A1").get(OUTING).text
    figures = page.split('<dl class="tallies">')[1].split("</dl>")[0]

    assert re.findall(r"<dt>([^<]*)</dt><dd>(\d+)</dd>", figures) == [
        ("已报上", "3"), ("候补", "1"), ("其中女职工", "2"), ("其中男职工", "1"),
    ]  # fmt: skip
    assert page.index('class="tallies"') < page.index("<h2>")


def test_a_draft_has_no_figures(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")

    assert 'class="tallies"' not in client.get(made(client)).text


def test_the_name_in_the_roster_leads_to_answers_and_what_can_be_done(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    link = re.search(r'<td class="name" role="cell"><a href="([^"]+)">', client.get(f"{OUTING}/roster").text)
    assert link is not None

    page = client.get(link[1]).text

    assert [word in page for word in ("陈雨桐", "工号 C3", "/ticket", "/answers", "/removal")] == [True] * 5


def test_the_message_form_marks_the_fields_of_each_audience(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    page = client_for("A1").get(f"{OUTING}/messages/new").text

    unit = page.split('class="when when-unit"')[1].split("</div></div>")[0]
    answer = page.split('class="when when-answer"')[1].split('name="subject"')[0]
    assert ['name="unit"' in unit, 'name="question"' in answer, 'name="answer"' in answer] == [True] * 3
