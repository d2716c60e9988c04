"""What an organiser meets in the first hour: no link of a draft leads nowhere, and a tick that is taken back is gone."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import update

from eventreg.campaigns.models import Campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.people import service as people
from eventreg.words import refusals
from tests.rig import cast
from tests.rig.plan_pages import OUTING, ClientFor, made, organised, sent
from tests.rig.plans import facts
from tests.rig.seen_first import carried, confirmed


@pytest.mark.parametrize("page", ["", "/history", "/organisers", "/reminders"])
def test_every_link_beside_a_draft_leads_somewhere(app: Flask, client_for: ClientFor, page: str) -> None:
    organised(app)
    client = client_for("A1")
    plan = made(client, "再来一次", "copy:outing")

    shown = client.get(f"{plan}{page}")

    links = sorted(set(re.findall(r'href="(/manage[^"#]*)"', shown.text)))
    assert shown.status_code == 200
    assert len(links) > 3
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_end_of_a_day_that_is_taken_back_in_the_preview_of_a_move_is_gone(
    app: Flask, client_for: ClientFor
) -> None:
    stage = organised(app)
    cast.sign_up(app, stage, "C3", now=utc_now())
    client, day = client_for("A1"), facts(app, "outing").starts_at.date()
    later = day.replace(year=day.year + 1)
    preview = sent(client, f"{OUTING}/move", what="moved", day=later.isoformat())
    at = f"{day.isoformat()}T10:00"
    ticked = confirmed(client, preview, step="again", asks="ask", confirm_by=at, **{"confirm_by-end": "y"})
    assert deadline_of(ticked.text) == (f"{day.isoformat()}T23:59", True)
    assert "confirm_by-end" not in carried(ticked.text)

    unticked = confirmed(client, ticked, step="again", asks="ask", confirm_by=at)

    assert deadline_of(unticked.text) == (at, False)


def deadline_of(page: str) -> tuple[str, bool]:
    """What the field of the confirmation's deadline shows, and whether its tick is set."""
    shown = re.search(r'<input[^>]*id="confirm_by"[^>]*value="([^"]*)"', page)
    assert shown is not None
    return shown[1], 'name="confirm_by-end" value="y" checked' in page


def test_who_has_made_the_season_is_not_sent_to_make_it(
    app: Flask, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The roster holds nobody else yet; the season stands, without events."""
    organised(app)
    monkeypatch.setattr(people, "count_people", lambda: 1)
    with app.app_context(), unit_of_work():
        db.session.execute(update(Campaign).values(state="draft"))

    said = client_for("B2").get("/").text.split("<main")[1]

    assert ["/manage/people/import" in said, "建活动季" in said, "flask demo" in said] == [True, False, True]


def test_a_picture_that_is_too_large_is_not_to_be_saved_as_a_document(app: Flask) -> None:
    with app.test_request_context():
        said = refusals.say("file.bomb", {})

    assert "图片请改小" in said
