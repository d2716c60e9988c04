"""When and where an activity takes place, and what it was before a change, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventreg.words import times


class Scheduled(Protocol):
    """The time, the place and the schedule of an activity; times in its campaign's zone."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def time_known(self) -> bool: ...
    @property
    def schedule(self) -> str: ...
    @property
    def place(self) -> str | None: ...


def stands(activity: Scheduled) -> str:
    """An activity as it is: 3月5日(周五) 09:00，东门."""
    return _said(activity.starts_at, activity.time_known, str(activity.schedule), activity.place)


def stood(was: Mapping[str, Any], zone: ZoneInfo, *, title: str = "") -> str:
    """An activity as it was, from what a change of dates keeps (`campaigns.plan.activities.told_of`).

    `title` is the title beside which it stands; a title that was another is named.
    """
    at = datetime.fromisoformat(was["starts_at"]).astimezone(zone)
    said = _said(at, was["time_known"], was["schedule"], was.get("place"))
    if title and was.get("title", title) != title:
        return _("“%(title)s”，%(said)s", title=was["title"], said=said)
    return said


def _said(at: datetime, time_known: bool, schedule: str, place: str | None) -> str:
    when = times.start(at, time_known=time_known)
    if schedule == "cancelled":
        return _("取消（原定 %(when)s）", when=when)
    if schedule == "tentative":
        when = _("%(when)s（暂定）", when=when)
    return _("%(when)s，%(place)s", when=when, place=place) if place else when
