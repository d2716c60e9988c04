"""A campaign has a zone of its own, chosen by page while it is a draft; everybody is told which one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.core.errors import Refused
from eventreg.season import reschedule
from tests.rig.plan_pages import made, organised, sent
from tests.rig.plans import basics, do, facts

ClientFor = Callable[..., FlaskClient]
NEW_YORK = "America/New_York"
SLUG = "zai-lai-yi-ci"


def _draft(app: Flask, client_for: ClientFor) -> tuple[FlaskClient, str]:
    """A1's browser, and the page of a draft of theirs."""
    organised(app)
    client = client_for("A1")
    return client, made(client, "再来一次", "copy:outing")


def _form(app: Flask, slug: str) -> dict[str, str]:
    found = facts(app, slug)
    return {
        "title": found.title,
        "slug": found.slug,
        "lang": found.lang,
        "opens": "publication",
        "closes_at": f"{found.deadline:%Y-%m-%dT%H:%M}",
        "retain_until": found.retain_until.isoformat(),
        "notice": "一段说明",
    }


def test_a_drafts_hours_stay_in_another_zone(app: Flask, client_for: ClientFor) -> None:
    client, plan = _draft(app, client_for)
    before = facts(app, SLUG)
    answer = sent(client, f"{plan}/basics", None, timezone=NEW_YORK, **_form(app, SLUG))
    after = facts(app, SLUG)

    assert (answer.status_code, after.zone.key) == (303, NEW_YORK)
    hours = [
        (one.starts_at.replace(tzinfo=None), one.ends_at.replace(tzinfo=None)) for one in before.activities
    ]
    assert [
        (one.starts_at.replace(tzinfo=None), one.ends_at.replace(tzinfo=None)) for one in after.activities
    ] == hours
    assert f"{after.deadline:%d %H:%M %z}" == f"{before.deadline:%d %H:%M} -0500"


def test_pages_say_the_zone_and_the_installations_own_is_not_said(app: Flask, client_for: ClientFor) -> None:
    client, at = _draft(app, client_for)
    own = client.get(f"{at}/preview").text
    sent(client, f"{at}/basics", None, timezone=NEW_YORK, **_form(app, SLUG))
    there = client.get(f"{at}/preview").text

    assert "北美东部" not in own
    assert "北美东部标准时间" in there
    assert "按北美东部时间" in client.get(f"{at}/basics").text


def test_a_zone_that_no_form_offers_is_refused(app: Flask, client_for: ClientFor) -> None:
    client, plan = _draft(app, client_for)
    answer = sent(client, f"{plan}/basics", None, timezone="Mars/Olympus", **_form(app, SLUG))

    assert (answer.status_code, facts(app, SLUG).zone.key) == (422, "Asia/Shanghai")


def test_a_published_campaign_keeps_its_zone(app: Flask, client_for: ClientFor) -> None:
    organised(app)

    with pytest.raises(Refused, match="zone_fixed"):
        do(
            app,
            "outing",
            reschedule.change_basics,
            basics(facts(app, "outing"), slug=None, timezone=NEW_YORK),
            now=datetime.now(UTC),
        )
    assert 'name="timezone"' not in client_for("A1").get("/manage/campaigns/outing/basics").text
