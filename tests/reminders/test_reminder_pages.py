"""The pages of reminders, and their letters: worded, stale when overtaken, refused where they make no sense."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventreg import jobs
from eventreg.campaigns import wording
from eventreg.campaigns.wording import LetterWords
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.reminders import service as reminders
from eventreg.reminders.models import ReminderRule
from eventreg.reminders.rules import ReminderInput
from tests.delivery.test_letters import deliver_all, mails, part
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import DAY, NOW, Stage
from tests.rig.clients import signed_in_client
from tests.rig.plan_pages import OUTING, made, organised, sent
from tests.rig.plans import do, facts
from tests.rig.reminding import MORNING, SLOT, move, remind_of, run

ClientFor = Callable[..., FlaskClient]
PAGE = f"{OUTING}/reminders"
SEATED = {"audience": "seated", "anchor": "start.before", "amount": "3", "measure": "days", "at": "09:00"}


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    """Pages and letters do not differ by database."""
    return sqlite_app


@pytest.fixture
def letters(sqlite_app: Flask) -> Settings:
    """Where the letters go."""
    found: Settings = sqlite_app.extensions["eventreg.settings"]
    return found


@pytest.fixture
def organiser(app: Flask) -> FlaskClient:
    """A1, who organises the outing."""
    organised(app)
    return signed_in_client(app, "A1")


def test_from_nothing_to_the_usual_two(app: Flask, organiser: FlaskClient) -> None:
    empty = organiser.get(PAGE).text
    answer = sent(organiser, f"{PAGE}", f"{PAGE}/usual")
    page = unescape(organiser.get(PAGE).text)

    assert "还没有提醒" in empty
    assert answer.status_code == 303
    assert "活动开始前 3 天，09:00" in page
    assert "活动开始前 2 小时" in page
    assert "项目的钟点还没有定，定了才发" in page
    again = sent(organiser, PAGE, f"{PAGE}/usual")
    assert again.status_code == 409
    assert "常用的提醒都有了" in again.text


def test_a_rule_is_added_changed_stopped_and_removed(app: Flask, organiser: FlaskClient) -> None:
    assert sent(organiser, f"{PAGE}/new", **SEATED, unit_id="").status_code == 303
    with app.app_context():
        [rule] = reminders.list_rules(facts(app, "outing").id)
    one = f"{PAGE}/{rule.id}"

    assert sent(organiser, one, **SEATED | {"amount": "5"}, unit_id="").status_code == 303
    assert "活动开始前 5 天，09:00" in unescape(organiser.get(PAGE).text)
    assert sent(organiser, PAGE, f"{one}/switch", on="0").status_code == 303
    assert "停着" in organiser.get(PAGE).text
    assert "重新启用" in organiser.get(PAGE).text
    assert sent(organiser, PAGE, f"{one}/removal").status_code == 303
    assert sight.count(app, ReminderRule) == 0
    assert sight.audit_actions(app, "campaign.remind") == [
        "campaign.reminder_added", "campaign.reminder_changed", "campaign.reminder_switched",
        "campaign.reminder_removed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"amount": "91"}, 422, "请写 0 到 90 之间的整数"),
        ({"amount": "三"}, 422, "请写一个整数"),
        ({"at": ""}, 422, "还没有填，请补上"),
        ({"at": "25:00"}, 422, "请写 24 小时制的时间"),
        ({"audience": "judges"}, 422, "请选一项"),
        ({"anchor": "start:999.before"}, 422, "请选一项"),
        ({"amount": "80"}, 409, "已经过了，请改晚"),
        ({"audience": "waiting", "anchor": "start.after"}, 409, "这时活动已经开始"),
        ({"audience": "unsigned", "amount": "1"}, 409, "这时报名已经截止"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    app: Flask, organiser: FlaskClient, fields: dict[str, str], status: int, said: str
) -> None:
    answer = sent(organiser, f"{PAGE}/new", **SEATED | fields)

    page = unescape(answer.text)
    typed = [fields[name] for name in ("amount", "at") if fields.get(name)]
    assert answer.status_code == status
    assert said in page
    assert [f'value="{text}"' in page for text in typed] == [True] * len(typed)
    assert sight.count(app, ReminderRule) == 0


def test_a_double_click_adds_one(app: Flask, organiser: FlaskClient) -> None:
    page = organiser.get(f"{PAGE}/new").text
    hidden = {
        name: page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
        for name in ("csrf_token", "version")
    }

    answers = [organiser.post(f"{PAGE}/new", data=hidden | SEATED).status_code for _ in range(2)]

    assert (answers, sight.count(app, ReminderRule)) == ([303, 409], 1)


def test_the_letter_is_shown_in_both_languages_with_the_campaign_s_own_data(
    app: Flask, organiser: FlaskClient
) -> None:
    sent(organiser, f"{PAGE}/new", **SEATED)
    with app.app_context():
        [rule] = reminders.list_rules(facts(app, "outing").id)

    page = unescape(organiser.get(f"{PAGE}/{rule.id}/letter").text)

    assert [word in page for word in ("提醒：踏春嘉年华、健康伴我行", "Reminder: 踏春嘉年华", "徒步游")] == [
        True, True, True,
    ]  # fmt: skip


def test_another_campaign_s_rule_is_not_there(app: Flask, organiser: FlaskClient) -> None:
    sent(organiser, f"{PAGE}/new", **SEATED)
    with app.app_context():
        [rule] = reminders.list_rules(facts(app, "outing").id)
    other = f"{made(organiser)}/reminders"

    asked = [organiser.get(f"{other}/{id_}").status_code for id_ in (rule.id, 999)]
    done = [
        sent(organiser, f"{other}/new", f"{other}/{id_}{way}").status_code
        for way in ("/switch", "/removal", "")
        for id_ in (rule.id, 999)
    ]

    assert (asked, done) == ([404, 404], [404] * 6)
    assert organiser.get(f"{other}/{rule.id}/letter").status_code == 404


def test_an_award_reminds_who_has_drafts_and_nobody_of_a_sign_up(app: Flask) -> None:
    organised(app)
    with app.app_context(), unit_of_work():
        from eventreg.campaigns import service as campaigns
        from eventreg.campaigns import writing
        from eventreg.campaigns.rules import Intake

        season = campaigns.find_season()
        assert season is not None
        award = cast.outing(None, slug="award", accepts=Intake.NOMINATIONS, published_at=utc_now())
        notice = facts(app, "outing").notice_id
        writing.publish(award, season_id=season.id, notice_id=notice, actor=acting("test", utc_now()))

    page = signed_in_client(app, "B2").get("/manage/campaigns/award/reminders/new").text

    assert [words in page for words in ("推荐还是草稿的部门联系人", "还没有报名的在职职工")] == [True, False]


@pytest.fixture
def stage(app: Flask) -> Iterator[Stage]:
    """The cast at its own instant: the sender reads the clock."""
    with time_machine.travel(NOW, tick=True):
        yield cast.set_stage(app)


def send_at(app: Flask, at: datetime) -> None:
    """The job and the sender at an instant."""
    with time_machine.travel(at, tick=True):
        run(app, at)
        deliver_all(app)


def reminding(letters: Settings) -> list[tuple[str, str]]:
    """(to, subject) of the reminders that went out."""
    return [(m["to"], str(m["subject"])) for m in mails(letters) if "提醒" in str(m["subject"])]


def test_each_audience_gets_its_own_words(app: Flask, stage: Stage, letters: Settings) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    for audience in ("seated", "waiting"):
        remind_of(app, ReminderInput(audience, MORNING))

    send_at(app, SLOT)

    title = "提醒：踏春嘉年华、健康伴我行"
    assert reminding(letters) == [(f"{who}@example.cn", title) for who in ("a1", "b2", "c3")]
    texts = [part(mail, "text/plain").get_content() for mail in mails(letters)[-3:]]
    assert [("二维码" in text, "还在候补" in text) for text in texts] == [
        (True, False), (True, False), (False, True),
    ]  # fmt: skip


def test_a_reminder_goes_out_in_the_organiser_s_words(app: Flask, stage: Stage, letters: Settings) -> None:
    cast.sign_up(app, stage, "A1")
    words = LetterWords("{{活动}}：三天以后", ("{{姓名}}，你是第 {{编号}} 号。",))
    own = {"zh-CN": words, "en": None}
    campaign, version = facts(app, "outing").id, facts(app, "outing").version
    with app.app_context(), unit_of_work():
        wording.change(campaign, "reminder_seated", own, seen=version, actor=acting("test", NOW))
    remind_of(app)

    send_at(app, SLOT)

    mail = mails(letters)[-1]
    assert mail["subject"] == "踏春嘉年华、健康伴我行：三天以后"
    assert "，你是第 1 号。" in part(mail, "text/plain").get_content()


def test_a_reminder_speaks_its_reader_s_language(app: Flask, stage: Stage, letters: Settings) -> None:
    cast.sign_up(app, stage, "A1")
    with app.app_context(), unit_of_work():
        people.choose_locale(stage.people["A1"], "en")
    remind_of(app)

    send_at(app, SLOT)

    assert mails(letters)[-1]["subject"] == "Reminder: 踏春嘉年华、健康伴我行"


@pytest.mark.parametrize("overtaken", ["withdrawn", "off", "removed", "moved", "begun"])
def test_what_was_made_and_then_overtaken_is_withheld(
    app: Flask, stage: Stage, letters: Settings, overtaken: str
) -> None:
    cast.sign_up(app, stage, "A1")
    rule, late = remind_of(app), SLOT + timedelta(minutes=1)
    run(app, SLOT)
    if overtaken == "withdrawn":
        cast.withdraw(app, stage, "A1", now=late)
    elif overtaken == "off":
        do(app, "outing", reminders.switch, rule, on=False, now=late)
    elif overtaken == "removed":
        do(app, "outing", reminders.remove, rule, now=late)
    elif overtaken == "moved":
        move(app, DAY + timedelta(days=7), now=late)

    with time_machine.travel(DAY if overtaken == "begun" else late, tick=True):
        deliver_all(app)

    assert reminding(letters) == []


def test_the_job_has_a_name_on_the_console(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    remind_of(app)
    with time_machine.travel(SLOT, tick=True):
        done = app.test_cli_runner().invoke(args=["job", "remind"])

    assert (done.exit_code, done.output) == (0, "remind: 1\n")
    assert "remind" in jobs.LEADERS_JOBS
