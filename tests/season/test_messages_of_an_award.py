"""An organiser writes to the people of an award: contacts with places, nominees, candidates; each once, with their name."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.service import get_campaign
from eventreg.campaigns.wording import LetterWords
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.outbox.models import Letter
from eventreg.registrations.message_rules import AudienceKind, MessageAudience, MessageReach
from eventreg.season import announcements
from tests.rig import awards, cast, signing
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.cast import NOW, Stage
from tests.rig.clients import signed_in_client
from tests.rig.mailbox import newest

WORDS = LetterWords("材料收齐了：{{活动}}", ("{{姓名}}：", "谢谢。"))


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """A1 is nominated by B2; A1 is submitted, C3 is a draft."""
    contest = awards.set_award(app, stage, places=2)
    signing.handed_in(app, contest)
    awards.begin(app, contest, "C3", "C3")
    return contest


def reached(app: Flask, kind: AudienceKind) -> MessageReach:
    with app.app_context():
        return announcements.reach(get_campaign("award").id, MessageAudience(kind))


def send(app: Flask, kind: AudienceKind, key: str = "k") -> list[int | None]:
    """Write to an audience; whom all letters of the campaign's messages went to."""
    with app.app_context(), unit_of_work():
        id_ = get_campaign("award").id
        people = announcements.reach(id_, MessageAudience(kind)).people
        announcements.send(
            id_, MessageAudience(kind), WORDS, confirmed=people, actor=acting("person:1", NOW), key=key
        )
    with app.app_context():
        rows = select(Letter.person_id).where(Letter.kind == "message").order_by(Letter.person_id)
        return list(db.session.scalars(rows))


def test_each_audience_has_exactly_its_people(app: Flask, contest: Contest) -> None:
    assert [reached(app, kind).people for kind in (AudienceKind.CONTACTS, AudienceKind.NOMINEES)] == [3, 1]
    with pytest.raises(Refused, match="message.nobody"):
        send(app, AudienceKind.CANDIDATES)


def test_it_is_sent_once_and_speaks_to_its_reader(app: Flask, contest: Contest) -> None:
    assert send(app, AudienceKind.NOMINEES) == send(app, AudienceKind.NOMINEES) == [contest.person("A1")]

    letter = newest(app, "message", now=NOW)
    assert letter is not None
    assert letter.lines[0] == f"{cast.NAMES['A1'][0]}："
    assert letter.action == ("查看活动", "http://localhost/campaigns/award")


def test_departments_without_places_are_not_written_to(app: Flask, stage: Stage) -> None:
    awards.set_award(app, stage, places=0)

    assert reached(app, AudienceKind.CONTACTS).people == 0


def test_the_form_offers_them_and_nobody_who_signs_up(sqlite_app: Flask) -> None:
    since = cast.lately()
    stage = cast.set_stage(sqlite_app, now=since)
    awards.set_award(sqlite_app, stage, now=since)
    with sqlite_app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["D4"], Role.ORGANISER, "award", actor=acting("test", since))

    page = signed_in_client(sqlite_app, "D4").get("/manage/campaigns/award/messages/new").text

    assert "有名额的部门的联系人" in page
    assert "已报上的人" not in page
