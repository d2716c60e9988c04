"""Letters in an organiser's words: looked at, saved, sent so, put back; nothing typed is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns.rules import Intake
from eventreg.campaigns.service import get_campaign
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery.contents.default_wording import DEFAULTS
from eventreg.people import service as people
from eventreg.people.models import Person
from eventreg.registrations import service as registrations
from tests.delivery.test_letters import deliver_all, mails, part
from tests.rig import awards, cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.clients import signed_in_client, token_in
from tests.rig.plan_pages import OUTING, organised, sent
from tests.rig.plans import draft

ClientFor = Callable[..., FlaskClient]
SEATED = f"{OUTING}/wording/registration_seated"
OWN = {
    "subject_zh": "名额有了：{{活动}}",
    "text_zh": "{{姓名}}（{{单位}}）：\n票在 {{链接}} 这里。",
    "subject_en": "You are in: {{campaign}}",
    "text_en": "Dear {{name}}, you are number {{number}}.",
}


@pytest.fixture
def database(tmp_path: Path, migrated_file: Path) -> str:
    """SQLite alone: what a letter says has nothing to do with the database."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'eventreg.db')}"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The sender reads the clock: let it read the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing, B2 administers the house."""
    return organised(app)


def version(app: Flask) -> int:
    with app.app_context():
        return get_campaign("outing").version


def test_every_kind_is_listed_with_whether_it_was_reworded(stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    before = client.get(f"{OUTING}/wording").text
    assert sent(client, SEATED, **OWN).status_code == 303
    after = client.get(f"{OUTING}/wording").text

    kinds = sum(default.accepts is Intake.REGISTRATIONS for default in DEFAULTS.values())
    assert [before.count("用原来的措辞"), after.count("用原来的措辞")] == [kinds, kinds - 1]
    assert "中文已改写，英文已改写" in after


def test_a_letter_says_what_was_written_and_keeps_what_is_ours(
    app: Flask, stage: Stage, settings: Settings, client_for: ClientFor
) -> None:
    with app.app_context(), unit_of_work():
        people.choose_locale(stage.people["D4"], "en")
        people.choose_locale(stage.people["C3"], "en")
        row = db.session.get_one(Person, stage.people["E5"])
        row.name = "<b>鄂</b> http://evil.example"
    sent(client_for("A1"), SEATED, **OWN)
    for who in ("E5", "C3"):
        cast.sign_up(app, stage, who, now=utc_now())
    deliver_all(app)

    hers, english = mails(settings)
    text, html = (part(hers, f"text/{kind}").get_content() for kind in ("plain", "html"))
    assert [hers["subject"], english["subject"]] == [
        "名额有了：踏春嘉年华、健康伴我行",
        "You are in: 踏春嘉年华、健康伴我行",
    ]
    assert (
        "<b>鄂</b> http：／／evil．example（城关供电所 运维一班）：\n票在 http://localhost/my/registrations/1 这里。"
        in text
    )
    assert "&lt;b&gt;鄂&lt;/b&gt;" in html
    assert [ours in html for ours in ("cid:qr", ">1（报名先后）<", "查看我的票", "<b>鄂")] == [
        True,
        True,
        True,
        False,
    ]
    assert "Dear 陈雨桐, you are number 2." in part(english, "text/plain").get_content()


def test_a_look_saves_nothing_and_shows_both_languages_on_real_facts(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    before = version(app)
    answer = sent(client_for("A1"), SEATED, look="1", **OWN)

    assert (answer.status_code, version(app)) == (200, before)
    page = unescape(answer.text)
    for words in (
        "预览",
        "名额有了：踏春嘉年华、健康伴我行",
        "安娜（营销部 客户服务班）：",
        "You are in: 踏春嘉年华、健康伴我行",
        "Dear 安娜, you are number 1.",
        'value="名额有了：{{活动}}"',
    ):
        assert words in page


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("subject_zh", "{{姓名}}", "{{姓名}} 是名册里的内容，不能放在标题里"),
        ("text_zh", "到 {{地址}}", "这封信里不能插入“{{地址}}”"),
        ("text_en", "{campaign}", "“{campaign}”这里的花括号没有配好"),
        ("subject_en", "", "还没有填"),
        ("text_en", "a\x1bb", "U+001B"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field_with_all_that_was_typed(
    app: Flask, stage: Stage, client_for: ClientFor, field: str, typed: str, says: str
) -> None:
    before = version(app)
    answer = sent(client_for("A1"), SEATED, **(OWN | {field: typed}))
    page = unescape(answer.text)

    assert answer.status_code == 422
    assert version(app) == before
    assert says in page
    assert f'id="{field}-error"' in page
    assert [kept in page for name, kept in OWN.items() if name != field and "\n" not in kept] == [True] * (
        3 if field == "text_zh" else 2
    )


def test_the_second_of_two_tabs_is_shown_again_and_not_saved(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    page = client.get(SEATED)
    old = page.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    sent(client, SEATED, **OWN)

    mine = OWN | {"subject_zh": "另一个标题"}
    answer = client.post(SEATED, data={"csrf_token": token_in(page), "version": old, **mine})
    assert answer.status_code == 409
    assert "刚才有人改过" in answer.text
    assert "另一个标题" in answer.text
    assert "名额有了" in client.get(SEATED).text


def test_put_back_it_says_our_words_again_and_the_trail_tells_both(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    assert "/default" not in client.get(SEATED).text
    sent(client, SEATED, **OWN)

    assert sent(client, SEATED, f"{SEATED}/default").status_code == 303
    assert "已报上：{{活动}}" in client.get(SEATED).text
    trail = client.get(f"{OUTING}/history").text
    assert ["改写信件：报上通知" in trail, "改回信件的原文：报上通知" in trail] == [True, True]


def test_saving_our_own_words_changes_nothing(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client, before = client_for("A1"), version(app)
    page = unescape(client.get(SEATED).text)
    same = {
        "subject_zh": "已报上：{{活动}}",
        "subject_en": "You have a place: {{campaign}}",
    } | {name: page.split(f'name="{name}"')[1].split(">")[1].split("<")[0] for name in ("text_zh", "text_en")}

    assert (sent(client, SEATED, **same).status_code, version(app)) == (303, before)


def test_a_sign_in_code_is_worded_by_nobody(stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")

    answers = [client.get(f"{OUTING}/wording/{kind}").status_code for kind in ("sign_in_code", "nothing")]
    assert answers == [404, 404]


def test_a_draft_can_be_worded_and_deleted_with_its_words(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    draft(app, stage)
    client, copy = client_for("A1"), "/manage/campaigns/copy"
    assert sent(client, f"{copy}/wording/registration_seated", **OWN).status_code == 303

    assert sent(client, copy, f"{copy}/deletion").status_code == 303


def test_an_answer_stands_in_the_text_without_its_links(
    app: Flask, stage: Stage, settings: Settings, client_for: ClientFor
) -> None:
    own = OWN | {"text_zh": "你写了：{{回答 备注}}。手机号：{{回答 手机号}}。"}
    assert "你写了：备注。" in sent(client_for("A1"), SEATED, look="1", **own).text
    sent(client_for("A1"), SEATED, **own)
    answered = replace(cast.application(stage, "E5"), answers={2: "见 http://evil.example/x\n素食"})
    with app.app_context(), unit_of_work():
        registrations.register(
            stage.campaign_id, answered, actor=acting(stage.people["E5"], utc_now(), stage.keys)
        )
    deliver_all(app)

    text = part(mails(settings)[0], "text/plain").get_content()
    assert "你写了：见 http：／／evil．example／x 素食。手机号：。" in text


def test_a_copy_takes_the_words_along(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    sent(client, SEATED, **OWN)
    draft(app, stage)

    page = unescape(client.get("/manage/campaigns/copy/wording/registration_seated").text)
    assert "名额有了：{{活动}}" in page


@pytest.mark.parametrize("kind", DEFAULTS)
def test_each_kind_is_shown_in_both_languages(sqlite_app: Flask, kind: str) -> None:
    awards.set_award(sqlite_app, organised(sqlite_app))
    slugs = {Intake.REGISTRATIONS: "outing", Intake.NOMINATIONS: "award"}
    right, wrong = slugs.pop(DEFAULTS[kind].accepts), slugs.popitem()[1]
    client = signed_in_client(sqlite_app, "B2")
    assert client.get(f"/manage/campaigns/{wrong}/wording/{kind}").status_code == 404
    page = client.get(f"/manage/campaigns/{right}/wording/{kind}").text

    assert page.count('class="letter"') == 2
    assert "{{" not in page.split('class="letters"')[1].split("</form>")[0]
