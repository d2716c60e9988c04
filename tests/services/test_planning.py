"""A campaign's life: draft, changes, publication, closing; letters and SEQUENCE when a day moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.campaigns import activities, copying, grants, planning, questions, seasons, writing
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.models import Question
from eventreg.campaigns.planning import Basics
from eventreg.campaigns.questions import Asked
from eventreg.campaigns.rules import Schedule
from eventreg.campaigns.seasons import SeasonWanted
from eventreg.campaigns.writing import NewActivity
from eventreg.core.db import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.outbox.models import Letter
from eventreg.registrations import announcing
from eventreg.registrations import questions as asking
from eventreg.registrations import service as registrations
from eventreg.registrations.models import Answer, Registration
from tests.rig import cast, sight
from tests.rig.cast import CLOSES, DAY, NOW, Stage
from tests.rig.statements import statements

NOTICE = ("用途：当天签到。",)
SEASON = SeasonWanted("2027 年三八", "三月", "三项活动。", "禾川三八", "党群工作部", None, DAY.date())
HOUR = timedelta(hours=1)


def facts(app: Flask, slug: str) -> CampaignFacts:
    with app.app_context():
        return campaigns.get_managed(slug)


def do(app: Flask, slug: str, work: Callable[..., Any], *args: Any, now: datetime = NOW, **how: Any) -> Any:
    """One change by somebody who has just looked, in a unit of work of its own."""
    seen = facts(app, slug)
    with app.app_context(), unit_of_work():
        return work(seen.id, *args, seen=seen.version, by="test", now=now, **how)


def draft(app: Flask, stage: Stage, slug: str = "copy") -> CampaignFacts:
    """A copy of the outing, made by A1."""
    with app.app_context():
        copy = copying.copy_of(campaigns.get_campaign("outing"), slug=slug, title="再来一次")
        with unit_of_work():
            planning.make_draft(copy, notice=NOTICE, by=stage.people["A1"], now=NOW)
    return facts(app, slug)


def basics(campaign: CampaignFacts, **changes: Any) -> Basics:
    whole = Basics(
        title=campaign.title,
        slug=campaign.slug,
        intro=campaign.intro,
        audience=campaign.audience,
        lang=campaign.lang,
        opens_at=None if campaign.opens_on_publication else campaign.opens_at,
        closes_at=campaign.deadline,
        retain_until=campaign.retain_until,
        notice=NOTICE,
    )
    return replace(whole, **changes)


def as_new(activity: ActivityFacts, **changes: Any) -> NewActivity:
    whole = NewActivity(
        activity.kind, activity.title, activity.starts_at, activity.ends_at, activity.time_known,
        activity.schedule, activity.parameters, activity.place,
    )  # fmt: skip
    return replace(whole, **changes)


def test_an_empty_product_takes_one_first_season(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            made = seasons.make_first(SEASON, by="test", now=NOW)
        with pytest.raises(Refused, match="plan.season_exists"), unit_of_work():
            seasons.make_first(SEASON, by="test", now=NOW)
        with unit_of_work():
            seasons.change(made, replace(SEASON, title="新名字"), seen=1, by="test", now=NOW)
        with pytest.raises(Refused, match="plan.changed_meanwhile"), unit_of_work():
            seasons.change(made, replace(SEASON, title="旧页面"), seen=1, by="test", now=NOW)
        season = campaigns.find_season()

    assert season is not None
    assert (season.title, season.version) == ("新名字", 2)
    assert sight.audit_actions(app) == ["season.made", "season.changed"]


def test_without_a_season_there_is_no_campaign(app: Flask) -> None:
    with app.app_context(), pytest.raises(Refused, match="plan.no_season"), unit_of_work():
        planning.make_draft(cast.outing(3), notice=NOTICE, by=1, now=NOW)


def test_a_copy_is_a_draft_of_its_maker_with_all_parts_and_nobody_in_it(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    copy = draft(app, stage)

    assert (copy.published, copy.last_arrival, copy.waiting) == (False, 0, 0)
    assert [(a.kind, a.title, a.sequence) for a in copy.activities] == [
        ("hike", "徒步游", 0), ("contest", "风筝赛", 0),
    ]  # fmt: skip
    assert [(p.capacity, p.taken) for p in copy.pools] == [(2, 0)]
    with app.app_context():
        assert [q.key for q in campaigns.list_questions(copy.id)] == ["phone", "remark"]
        assert grants.roles_of(stage.people["A1"], now=NOW) == {"organiser"}
        assert grants.roles_of(stage.people["B2"], now=NOW) == frozenset()


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
            copy.id, basics(copy, title="第二个人写的"), seen=copy.version, by="test", now=NOW
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
            return work(seen.id, by="test", now=at)

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
        planning.close(stage.campaign_id, by="test", now=NOW + HOUR)
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
        assert grants.roles_of(stage.people["A1"], now=NOW) == frozenset()


def test_a_moved_day_raises_the_sequence_and_tells_each_in_the_list_once(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3", "D4"):
        cast.sign_up(app, stage, who)
    cast.withdraw(app, stage, "A1")
    posted = len(sight.letters(app))
    hike = facts(app, "outing").activities[0]
    moved = as_new(hike, starts_at=DAY + 9 * HOUR, ends_at=DAY + 10 * HOUR, time_known=True, place="东门")

    told = do(app, "outing", announcing.change_activity, hike.id, moved)

    after = facts(app, "outing").activities
    assert (told, [(a.title, a.sequence) for a in after]) == (3, [("风筝赛", 0), ("徒步游", 1)])
    assert sight.letters(app)[posted:] == [("activity_changed", "queued")] * 2 + [
        ("activity_changed", "withheld")
    ]
    assert sight.audit_actions(app)[-1] == "campaign.activity_changed"


def test_another_title_or_parameter_is_nobody_s_mail(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    hike = facts(app, "outing").activities[0]

    assert do(app, "outing", announcing.change_activity, hike.id, as_new(hike, title="健步走")) == 0
    assert facts(app, "outing").activities[0].sequence == 0


def test_telling_takes_as_many_statements_for_forty_as_for_two(app: Flask) -> None:
    stage, counts = cast.set_stage(app, capacity=60, extra=40), list[int]()
    crowd = [no for no in stage.people if no.startswith("X")]
    for hour, people in ((8, crowd[:2]), (9, crowd[2:])):
        for who in people:
            cast.sign_up(app, stage, who)
        hike = next(a for a in facts(app, "outing").activities if a.kind == "hike")
        moved = as_new(hike, starts_at=DAY + hour * HOUR, ends_at=DAY + 12 * HOUR, time_known=True)
        with statements(app) as seen:
            do(app, "outing", announcing.change_activity, hike.id, moved)
        counts.append(len(seen))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("starts_at", "now", "code"),
    [
        (NOW + HOUR, NOW + 2 * HOUR, "plan.starts_in_past"),
        (CLOSES - HOUR, NOW, "plan.starts_before_deadline"),
        (DAY + 99 * HOUR, DAY, "plan.started"),
    ],
)
def test_an_activity_is_not_moved_where_it_breaks_a_promise(
    app: Flask, stage: Stage, starts_at: datetime, now: datetime, code: str
) -> None:
    hike = facts(app, "outing").activities[0]
    moved = as_new(hike, starts_at=starts_at, ends_at=starts_at + HOUR)

    with pytest.raises(Refused, match=code):
        do(app, "outing", announcing.change_activity, hike.id, moved, now=now)
    assert facts(app, "outing").activities[0].sequence == 0


def test_activities_of_a_draft_are_added_ordered_and_removed(app: Flask, stage: Stage) -> None:
    copy = draft(app, stage)
    hike, contest = copy.activities
    added = do(app, "copy", activities.add, as_new(contest, title="拔河"))

    moves = [do(app, "copy", activities.move_up, id_) for id_ in (added, added, hike.id, hike.id)]
    do(app, "copy", activities.remove, contest.id)

    assert moves == [True, True, True, False]
    assert [a.title for a in facts(app, "copy").activities] == ["徒步游", "拔河"]


def test_after_publication_no_activity_comes_or_goes(app: Flask, stage: Stage) -> None:
    hike = facts(app, "outing").activities[0]

    for work in (partial(do, app, "outing", activities.add, as_new(hike)),
                 partial(do, app, "outing", activities.remove, hike.id),
                 partial(do, app, "outing", activities.move_up, hike.id)):  # fmt: skip
        with pytest.raises(Refused, match="plan.published"):
            work()


def test_another_campaign_s_activity_is_not_there(app: Flask, stage: Stage) -> None:
    draft(app, stage)
    foreign = facts(app, "outing").activities[0]

    with pytest.raises(NotFound):
        do(app, "copy", announcing.change_activity, foreign.id, as_new(foreign))


def test_an_answered_question_is_replaced_by_its_next_version(app: Flask, stage: Stage) -> None:
    with app.app_context():
        phone, remark = campaigns.list_questions(stage.campaign_id)
        application = replace(cast.application(stage, "A1"), answers={phone.id: "13800138000"})
        with unit_of_work():
            registrations.register(stage.campaign_id, application, keys=stage.keys, now=NOW)

    asked = Asked("phone", "联系电话", "", required=True)
    replaced = do(app, "outing", asking.change, phone.id, asked)
    edited = do(app, "outing", asking.change, remark.id, Asked("text", "备注二", "", required=False))

    with app.app_context():
        now = [(q.id, q.key, q.label, q.required) for q in campaigns.list_questions(stage.campaign_id)]
        kept = db.session.scalars(select(Question.label).where(Question.id == phone.id)).one()
        assert db.session.scalars(select(Answer.question_id)).all() == [phone.id]
    assert now == [(replaced, "phone", "联系电话", True), (edited, "remark", "备注二", False)]
    assert (kept, replaced != phone.id, edited == remark.id) == ("手机号", True, True)


def test_questions_are_added_ordered_and_retired(app: Flask, stage: Stage) -> None:
    with app.app_context():
        phone, remark = campaigns.list_questions(stage.campaign_id)
    added = do(app, "outing", questions.add, Asked("phone", "第二个电话", "", required=False))
    do(app, "outing", questions.move_up, added)
    do(app, "outing", asking.retire, remark.id)
    last = do(app, "outing", questions.add, Asked("text", "尺码", "", required=False))

    with app.app_context():
        current = [(q.id, q.key) for q in campaigns.list_questions(stage.campaign_id)]
    assert current == [(phone.id, "phone"), (added, "q1"), (last, "q2")]


def test_a_letter_is_kept_with_what_it_was_before(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    hike = facts(app, "outing").activities[0]
    do(app, "outing", announcing.change_activity, hike.id, as_new(hike, schedule=Schedule.CONFIRMED))

    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "activity_changed")).one()
    assert letter.facts["was"] == {
        "starts_at": DAY.astimezone(UTC).isoformat(),
        "time_known": False,
        "schedule": "tentative",
    }
