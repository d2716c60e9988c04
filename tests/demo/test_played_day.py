"""`flask demo day` plays 4 March through the product's own pages and prints what came out."""

from __future__ import annotations

from flask import Flask

from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import db
from eventreg.demo import played_day
from eventreg.registrations.models import Registration
from eventreg.venue.models import Scan
from eventreg.venue.walk import results
from eventreg.venue.walk.rules import WalkStanding
from tests.rig import sight

SAID = """\
报名 32 人：30 人报上，2 人候补
到场 29 人；请出 1 位没有到场的，候补第 1 位补上，30 人齐
09:30 一起出发，30 人；终点先按后扫，手机快 3 小时，10:20 才连上
按时 28 人
超时 2 人
  HC0089 30:01
  HC0096 31:46
抽签编成 10 组，每组 3 人；第 4 组没有放飞，第 10 组飞得最低
节目单 4 个
  茉莉花
  在希望的田野上
  映山红
  洗衣歌
"""


def test_the_day_is_played_and_printed_and_the_tables_agree(app: Flask) -> None:
    ran = app.test_cli_runner().invoke(args=["demo", "day"])

    assert ran.output == SAID
    assert ran.exit_code == 0
    with app.app_context():
        campaign = get_campaign(played_day.SLUG)
        hike = campaign.activities[0]
        late = results.list_results(campaign, hike).of(WalkStanding.LATE)
        assert [line.staff_no for line in late] == ["HC0089", "HC0096"]
        assert db.session.query(Scan).filter(Scan.doubt).count() == 0
        ended = db.session.query(Registration).filter_by(state="withdrawn").all()
        assert [one.ended_why for one in ended] == ["organiser"]
    assert sight.drift(app) == []


def test_played_twice_it_says_which_page_did_not_take_it(app: Flask) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=["demo", "day"])

    again = runner.invoke(args=["demo", "day"])

    assert again.exit_code == 1
    assert "/campaigns/spring-outing/registration" in again.output
