"""News for group chats: posted in the transaction of the fact, once to each robot that wants this kind of news.

Facts are ids, counts and codes. Nothing about a person is known here, so nothing can reach a group.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from eventreg.campaigns import date_changes
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.models import Campaign
from eventreg.core.db.session import db
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import Lane
from eventreg.outbox.service import Recipient

from .models import Robot
from .rules import WINDOW, NewsKind, places_word

HOUSE_LOCALE = "zh-CN"


def tell(
    news: NewsKind, campaign: CampaignFacts, about: str, *, facts: Mapping[str, Any], now: datetime
) -> int:
    """Post news to the robots of a campaign and of the season that want this kind; returns to how many.

    `about` identifies the news: each robot gets it once.
    """
    rows = select(Robot).where(
        Robot.is_on, or_(Robot.campaign_id == campaign.id, Robot.campaign_id.is_(None))
    )
    wanting = [r for r in db.session.scalars(rows.order_by(Robot.id)) if str(news) in r.news]
    keys = {robot.id: f"robot_{news}:{about}:{robot.id}" for robot in wanting}
    told = set(db.session.scalars(select(Letter.key).where(Letter.key.in_(keys.values()))))
    for robot in wanting:
        if keys[robot.id] not in told:
            _post(robot, campaign, news, keys[robot.id], facts=facts, now=now)
    return len(wanting) - len(told)


def tell_change(before: CampaignFacts, activity_id: int, *, now: datetime) -> None:
    """Post that an activity has another time, place or schedule than in `before`."""
    old = next((a for a in before.activities if a.id == activity_id), None)
    after = campaigns.campaign_by_id(before.id)
    new = next((a for a in after.activities if a.id == activity_id), None)
    if old is None or new is None or not before.published or new.sequence == old.sequence:
        return
    was = {
        "starts_at": old.starts_at.isoformat(),
        "time_known": old.time_known,
        "schedule": str(old.schedule),
        "title": old.title,
    }
    change = date_changes.newest_id(before.id)
    facts = {"activity": activity_id, "sequence": new.sequence, "was": was, "change": change}
    tell(NewsKind.ACTIVITY, after, f"{activity_id}:{new.sequence}", facts=facts, now=now)


def tell_places(*, now: datetime) -> int:
    """Post when a campaign became full, has few places left or has places again; returns to how many robots."""
    speaking = (Robot.is_on, Campaign.state == "published")
    # Letters refer to their campaign, so it is locked before its robots, as in all changes of robots.
    campaigned = select(Campaign.id).join(Robot, Robot.campaign_id == Campaign.id).where(*speaking)
    held = campaigned.order_by(Campaign.id).with_for_update(read=True, key_share=True, of=Campaign)
    db.session.execute(held)
    rows = select(Robot).join(Campaign).where(*speaking)
    robots = db.session.scalars(rows.order_by(Robot.id).with_for_update(of=Robot)).all()
    wanting = [robot for robot in robots if str(NewsKind.PLACES) in robot.news]
    known = campaigns.campaigns_by_id({r.campaign_id for r in wanting if r.campaign_id is not None})
    told = 0
    for robot in wanting:
        campaign = known[robot.campaign_id or 0]
        free = campaign.total.free if campaign.total and _is_open(campaign, now=now) else None
        word = places_word(free, robot.places_told)
        if word is not None:
            robot.places_told = word
            key = f"robot_{NewsKind.PLACES}:{now:%Y%m%dT%H%M%S%f}:{robot.id}"
            _post(robot, campaign, NewsKind.PLACES, key, facts={"word": word}, now=now)
            told += 1
    return told


def has_places_to_tell(*, now: datetime) -> bool:
    """Whether `tell_places` would post anything. Reads only, so that an idle tick needs no write lock."""
    rows = select(Robot).join(Campaign).where(Robot.is_on, Campaign.state == "published")
    wanting = [robot for robot in db.session.scalars(rows) if str(NewsKind.PLACES) in robot.news]
    known = campaigns.campaigns_by_id({r.campaign_id for r in wanting if r.campaign_id}) if wanting else {}
    totals = ((robot.places_told, known[robot.campaign_id or 0]) for robot in wanting)
    return any(
        places_word(c.total.free, heard) is not None
        for heard, c in totals
        if c.total and _is_open(c, now=now)
    )


def _is_open(campaign: CampaignFacts, *, now: datetime) -> bool:
    return campaign.opens_at <= now < campaign.closes_at


def _post(
    robot: Robot,
    campaign: CampaignFacts,
    news: NewsKind,
    key: str,
    *,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    locale = campaign.lang if robot.campaign_id is not None else HOUSE_LOCALE
    outbox.post(
        f"robot_{news}",
        Recipient(None, None, locale, robot_id=robot.id),
        key=key,
        facts={"campaign": campaign.id, **facts},
        now=now,
        campaign_id=campaign.id,
        expires_at=campaign.ends_at,
        lane=Lane.ROBOTS,
        wait=WINDOW,
    )
