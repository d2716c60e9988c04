"""A campaign's life: draft, changes, publication, closing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from eventreg.campaigns import campaign_grants, seasons, writing
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.plan import activities, planning
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.registrations.models import Registration
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import CLOSES, DAY, NOW, Stage
from tests.rig.plans import HOUR, NOTICE, SEASON, basics, do, draft, facts


def test_an_empty_product_takes_one_first_season(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            made = seasons.make_first(SEASON, actor=acting("test", NOW))
        with pytest.raises(Refused, match="plan.season_exists"), unit_of_work():
            seasons.make_first(SEASON, actor=acting("test", NOW))
        with unit_of_work():
            seasons.change(made, replace(SEASON, title="新名字"), seen=1, actor=acting("test", NOW))
        with pytest.raises(Refused, match="plan.changed_meanwhile"), unit_of_work():
            seasons.change(made, replace(SEASON, title="旧页面"), seen=1, actor=acting("test", NOW))
        season = campaigns.find_season()

    assert season is not None
    assert (season.title, season.version) == ("新名字", 2)
    assert sight.audit_actions(app) == ["season.made", "season.changed"]


def test_without_a_season_there_is_no_campaign(app: Flask) -> None:
    with app.app_context(), pytest.raises(Refused, match="plan.no_season"), unit_of_work():
        planning.make_draft(cast.outing(3), notice=NOTICE, actor=acting(1, NOW))


def test_a_copy_is_a_draft_of_its_maker_with_all_parts_and_nobody_in_it(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    copy = draft(app, stage)

    assert copy.published is False
    assert copy.last_arrival == 0
    assert copy.waiting == 0
    assert [(a.kind, a.title, a.sequence) for a in copy.activities] == [
        ("hike", "徒步游", 0), ("contest", "风筝赛", 0),
    ]  # fmt: skip
    assert [(p.capacity, p.taken) for p in copy.pools] == [(2, 0)]
    with app.app_context():
        assert [q.key for q in campaigns.list_questions(copy.id)] == ["phone", "remark"]
        assert campaign_grants.roles_of(stage.people["A1"], now=NOW) == {"organiser"}
        assert campaign_grants.roles_of(stage.people["B2"], now=NOW) == frozenset()


def test_a_copy_into_another_season_moves_with_its_day(app: Flask, stage: Stage) -> None:
    with app.app_context(), unit_of_work():
        writing.make_season(replace(cast.season(), slug="next", day=DAY.date() + timedelta(days=365)))
    source, copy = facts(app, "outing"), draft(app, stage)

    assert copy.starts_at == source.starts_at + timedelta(days=365)
    assert copy.deadline == source.deadline + timedelta(days=365)
    assert copy.retain_until == source.retain_until + timedelta(days=365)


def test_nobody_sees_a_draft_until_it_is_published(app: Flask, stage: Stage) -> None:
    copy = draft(app, stage)
    with app.app_context():
        with pytest.raises(NotFound):
            campaigns.get_campaign("copy")
        with pytest.raises(NotFound):
            campaigns.get_entry("copy")
        before = [c.slug for c in campaigns.list_campaigns()]

    assert do(app, "copy", planning.publish) is True
    assert do(app, "copy", planning.publish) is False
    with app.app_context():
        after = {c.slug for c in campaigns.list_campaigns()}
    assert (before, after) == (["outing"], {"outing", "copy"})
    assert facts(app, "copy").opens_at == NOW
    assert sight.audit_actions(app, "campaign.")[1:] == ["campaign.drafted", "campaign.published"]
    assert copy.version + 1 == facts(app, "copy").version


def test_a_draft_that_lacks_something_is_not_published(app: Flask, stage: Stage) -> None:
    copy = draft(app, stage)
    for activity in copy.activities:
        do(app, "copy", activities.remove, activity.id)

    with pytest.raises(Refused, match="plan.not_ready"):
        do(app, "copy", planning.publish)
    assert facts(app, "copy").published is False


def test_an_older_page_changes_nothing(app: Flask, stage: Stage) -> None:
    copy = draft(app, stage)
    do(app, "copy", planning.change_basics, basics(copy, title="第一个人写的"))

    with app.app_context(), pytest.raises(Refused, match="plan.changed_meanwhile"), unit_of_work():
        planning.change_basics(
            copy.id, basics(copy, title="第二个人写的"), seen=copy.version, actor=acting("test", NOW)
        )
    assert facts(app, "copy").title == "第一个人写的"


def test_the_same_again_is_no_change(app: Flask, stage: Stage) -> None:
    copy = draft(app, stage)

    assert do(app, "copy", planning.change_basics, basics(copy)) is False
    assert facts(app, "copy").version == copy.version


def test_an_address_that_is_taken_is_said_at_its_field(app: Flask, stage: Stage) -> None:
    copy = draft(app, stage)

    with pytest.raises(Refused, match="plan.slug_taken") as refused:
        do(app, "copy", planning.change_basics, basics(copy, slug="outing"))
    assert refused.value.facts["field"] == "slug"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"slug": "elsewhere"}, "plan.slug_fixed"),
        ({"closes_at": NOW - HOUR}, "plan.closes_in_past"),
        ({"closes_at": DAY + HOUR}, "plan.closes_after_start"),
        ({"retain_until": date(2030, 1, 1)}, "plan.retention_longer"),
    ],
)
def test_what_was_promised_at_publication_holds(
    app: Flask, stage: Stage, changes: dict[str, Any], code: str
) -> None:
    cast.sign_up(app, stage, "A1")

    with pytest.raises(Refused, match=code):
        do(app, "outing", planning.change_basics, basics(facts(app, "outing"), **changes), now=NOW + HOUR)


def test_a_later_deadline_is_no_longer_the_product_s_default(app: Flask, stage: Stage) -> None:
    do(app, "outing", planning.change_basics, basics(facts(app, "outing"), closes_at=CLOSES + HOUR))

    assert facts(app, "outing").defaults == ()


def test_who_agreed_to_a_notice_keeps_it_when_the_text_changes(app: Flask, stage: Stage) -> None:
    receipt = cast.sign_up(app, stage, "A1")
    old = facts(app, "outing").notice_id
    do(app, "outing", planning.change_basics, basics(facts(app, "outing"), notice=("新的说明。",)))

    with app.app_context():
        row = db.session.get_one(Registration, receipt.id)
        assert (row.notice_id, campaigns.get_notice(facts(app, "outing").notice_id).paragraphs) == (
            old,
            ("新的说明。",),
        )


def test_closed_early_and_opened_again(app: Flask, stage: Stage) -> None:
    seen = facts(app, "outing")

    def say(work: Callable[..., bool], at: datetime) -> bool:
        with app.app_context(), unit_of_work():
            return work(seen.id, actor=acting("test", at))

    assert [say(planning.close, NOW + HOUR), say(planning.close, NOW + HOUR)] == [True, False]
    with pytest.raises(Refused, match="registration.closed"):
        cast.sign_up(app, stage, "A1", now=NOW + 2 * HOUR)
    assert facts(app, "outing").closed_early is True
    assert [say(planning.reopen, NOW + 3 * HOUR), say(planning.reopen, NOW + 3 * HOUR)] == [True, False]
    assert cast.sign_up(app, stage, "A1", now=NOW + 4 * HOUR).state == "seated"
    say(planning.close, NOW + 5 * HOUR)
    with pytest.raises(Refused, match="plan.deadline_passed"):
        say(planning.reopen, CLOSES)


def test_the_line_stays_alive_after_closing_early(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    with app.app_context(), unit_of_work():
        planning.close(stage.campaign_id, actor=acting("test", NOW + HOUR))
    cast.withdraw(app, stage, "A1", now=NOW + 2 * HOUR)

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "seated"}


def test_only_a_draft_is_deleted_with_all_its_parts(app: Flask, stage: Stage) -> None:
    draft(app, stage)
    do(app, "copy", planning.delete_draft)

    with pytest.raises(NotFound):
        facts(app, "copy")
    with pytest.raises(Refused, match="plan.not_draft"):
        do(app, "outing", planning.delete_draft)
    with app.app_context():
        assert campaign_grants.roles_of(stage.people["A1"], now=NOW) == frozenset()
