"""Zones in words: what a zone is called, whether an instant is told in its reader's own, and hours that come twice."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name
from flask_babel import get_timezone
from flask_babel import gettext as _

from .locale import current

# What companies with people abroad are most likely to need; others stay where a campaign has one already.
OFFERED = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Singapore",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Dhaka",
    "Asia/Kolkata",
    "Asia/Karachi",
    "Asia/Tashkent",
    "Asia/Almaty",
    "Asia/Dubai",
    "Asia/Riyadh",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Europe/Moscow",
    "Europe/Berlin",
    "Europe/London",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "Australia/Sydney",
    "Pacific/Auckland",
)


def zone_name(at: datetime) -> str:
    """The zone of an instant as its reader knows it, summer or standard time included: 北京时间, Eastern Daylight Time."""
    if str(at.tzinfo) == "Asia/Shanghai":
        return _("北京时间")
    if str(at.tzinfo) == "UTC":
        return "UTC"
    return get_timezone_name(at, width="long", locale=current().replace("-", "_"))


def name_of(zone: ZoneInfo) -> str:
    """The zone itself, at any time of the year: 北京时间, 北美东部时间."""
    if zone.key == "Asia/Shanghai":
        return _("北京时间")
    return get_timezone_name(zone, width="long", zone_variant="generic", locale=current().replace("-", "_"))


def is_elsewhere(at: datetime) -> bool:
    """Whether the clocks where this instant is told differ at that instant from those of the installation's zone."""
    here = at.astimezone(ZoneInfo(str(get_timezone())))
    return at.utcoffset() != here.utcoffset()


def which_of_two(at: datetime) -> str:
    """Which of two it is, where this hour comes twice on that day because summer time ends; else nothing."""
    if at.replace(fold=0).utcoffset() == at.replace(fold=1).utcoffset():
        return ""
    there = at.replace(tzinfo=None)
    for fold in (0, 1):  # an hour that is skipped has two offsets too, and does not come at all
        told = at.replace(fold=fold)
        if told.astimezone(ZoneInfo("UTC")).astimezone(at.tzinfo).replace(tzinfo=None) != there:
            return ""
    return _("（这个钟点当天有两次，指后一次）") if at.fold else _("（这个钟点当天有两次，指前一次）")


def choices(*, own: ZoneInfo) -> list[tuple[str, str]]:
    """Key and name of each zone that a campaign can have; its own and the installation's come first."""
    first = dict.fromkeys((own.key, str(get_timezone()), *OFFERED))
    return [(key, f"{name_of(ZoneInfo(key))} ({key})") for key in first]
