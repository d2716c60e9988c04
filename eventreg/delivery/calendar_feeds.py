"""Calendar feeds: a person's own activities, or those of campaigns they manage."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from eventreg.accounts import grants
from eventreg.accounts.feed_tokens import Feed
from eventreg.accounts.rules import FeedScope
from eventreg.campaigns import access
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.access import Reader
from eventreg.campaigns.facts import ActivityFacts
from eventreg.campaigns.rules import ScheduleState
from eventreg.delivery.contents.calendar import CalendarEntry, CalendarPublisher
from eventreg.registrations import reading
from eventreg.registrations.rules import RegistrationState
from eventreg.words.locale import DEFAULT, speaking

from .contents import calendar


def body(feed: Feed, *, house: CalendarPublisher, now: datetime) -> bytes:
    """The current calendar in its reader's language; the number of statements does not depend on its size."""
    with speaking(feed.locale or DEFAULT):
        if feed.scope is FeedScope.MANAGED:
            entries, name = _managed(feed.person_id, now=now), _("我管的活动")
        else:
            entries, name = _own(feed.person_id), _("我报名的活动")
        return calendar.feed(entries, name=name, house=house, now=now)


def _own(person_id: int) -> list[CalendarEntry]:
    """Activities that the person has a place in or waits for; waiting ones are tentative and marked."""
    lines = reading.list_live(person_id)
    found = campaigns.campaigns_by_id({line.campaign_id for line in lines})
    entries = []
    for line in lines:
        campaign = found[line.campaign_id]
        for activity in campaign.activities:
            waits = line.state is RegistrationState.WAITING
            open_ = waits and not _is_off(activity)
            title = _("候补：%(title)s", title=activity.title) if open_ else _marked(activity)
            entries.append(
                CalendarEntry(campaign, activity, line.id, title=title, status="TENTATIVE" if open_ else "")
            )
    return entries


def _managed(person_id: int, *, now: datetime) -> list[CalendarEntry]:
    """Every activity of the season's campaigns that a person organises now, or of all for an administrator."""
    ids = access.managed_ids(Reader(person_id, grants.roles_of(person_id, now=now), now))
    return [
        CalendarEntry(
            campaign,
            activity,
            title=_marked(activity),
            status="" if campaign.published or _is_off(activity) else "TENTATIVE",
        )
        for campaign in campaigns.list_managed(ids)
        for activity in campaign.activities
    ]


def _marked(activity: ActivityFacts) -> str:
    """The title of an entry. Many programs show an entry with STATUS:CANCELLED like any other, so its title says it too."""
    return _("已取消：%(title)s", title=activity.title) if _is_off(activity) else activity.title


def _is_off(activity: ActivityFacts) -> bool:
    return activity.schedule is ScheduleState.CANCELLED
