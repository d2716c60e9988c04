"""The list of letters puts what one act posted on one line, and leads from there to each letter."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from eventreg.campaigns.wording import LetterWords
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.registrations.message_rules import AudienceKind, MessageAudience
from eventreg.season import announcements
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.plan_pages import ClientFor, organised
from tests.rig.statements import statements

LETTERS = "/manage/letters"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing: C3, D4 (without a mailbox) and E5 have places and got a message; A1 organises it."""
    found = organised(app, capacity=5)
    for who in ("C3", "D4", "E5"):
        cast.sign_up(app, found, who, now=utc_now())
    write(app, found)
    return found


def write(app: Flask, stage: Stage) -> None:
    words = LetterWords("明天见", ("八点集合",))
    with app.app_context(), unit_of_work():
        announcements.send(
            stage.campaign_id, MessageAudience(AudienceKind.SEATED), words,
            confirmed=3, actor=acting(stage.people["A1"], utc_now()), key=f"k{utc_now()}",
        )  # fmt: skip


def test_a_message_is_one_line_that_leads_to_its_letters(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    page = client.get(LETTERS).text
    lines = page.split('<ul class="records">')[1].split("</ul>")[0]
    titles = re.findall(r'<strong[^>]*>(?:<a href="([^"]*)">)?([^<]*)', lines)

    assert [title for _url, title in titles] == ["组织者的通知", "报上通知", "报上通知", "报上通知"]
    assert ["<span>3 封</span>" in page, "等待发出 2，没有发 1" in page] == [True, True]
    batch = client.get(titles[0][0]).text
    assert [name in batch for name in ("陈雨桐", "邓力", "鄂兰")] == [True] * 3
    assert batch.count("组织者的通知") == 4  # three letters, and the choice of the filter
    assert "共 3 封" in batch


def test_who_looks_for_somebody_gets_single_letters(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    page = client_for("A1").get(f"{LETTERS}?q=陈雨桐").text

    assert ["<span>3 封</span>" in page, page.count("c3@example.cn")] == [False, 2]


def test_the_list_costs_as_much_for_many_acts_as_for_few(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client, counts = client_for("A1"), list[int]()
    for more in (0, 3):
        for _ in range(more):
            write(app, stage)
        client.get(LETTERS)
        with statements(app) as seen:
            assert client.get(LETTERS).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_batch_of_another_campaign_is_not_shown(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    """B2 administers the house and sees it; C3 organises nothing."""
    assert client_for("B2").get(f"{LETTERS}?batch=4").status_code == 200
    assert client_for("C3").get(f"{LETTERS}?batch=4").status_code in {403, 404}
