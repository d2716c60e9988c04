"""The chat services, valid addresses of robots, news about places, and rate limits. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from eventreg.core.errors import Refused

MOST = 5  # robots of one campaign, or of the whole season
NAME_MOST = 40
ADDRESS_MOST = 500
SECRET_MOST = 200
HTTPS = 443
FEW = 5  # "few" free places, at most


class ChatService(StrEnum):
    """The group chat services: 企业微信, 钉钉, 飞书."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class NewsKind(StrEnum):
    """Kinds of news for a group; an organiser ticks those that are sent."""

    ACTIVITY = "activity"
    PLACES = "places"
    MESSAGE = "message"
    REMINDER = "reminder"


HOSTS = {
    "qyapi.weixin.qq.com": ChatService.WECOM,
    "oapi.dingtalk.com": ChatService.DINGTALK,
    "open.feishu.cn": ChatService.FEISHU,
}


@dataclass(frozen=True, slots=True)
class RobotTarget:
    """The host and port of a robot's service; connections are made to nothing else."""

    host: str
    port: int


def target(address: str, service: ChatService, *, listed: Collection[str]) -> RobotTarget:
    """The target of an address, if it may be called: one of the three services, or a listed HOST[:PORT].

    Raises Refused("group_robot.address_form"), ("group_robot.host_unknown") or ("group_robot.other_service").
    """
    visible = address.isascii() and address.isprintable() and " " not in address
    if not visible or not address.startswith("https://") or len(address) > ADDRESS_MOST:
        raise Refused("group_robot.address_form")
    try:
        url = urlsplit(address)
        found = RobotTarget(url.hostname or "", url.port or HTTPS)
    except ValueError as error:
        raise Refused("group_robot.address_form") from error
    if url.username is not None or url.fragment or "\\" in address or len(url.path + url.query) < 8:
        raise Refused("group_robot.address_form")
    if is_listed(found, listed):
        return found
    if found.host not in HOSTS or found.port != HTTPS:
        raise Refused("group_robot.host_unknown", host=found.host)
    if HOSTS[found.host] is not service:
        raise Refused("group_robot.other_service")
    return found


def is_listed(found: RobotTarget, listed: Collection[str]) -> bool:
    """Whether an administrator listed this host, whatever IP address it has."""
    bare = found.host if found.port == HTTPS else ""
    return bool({bare, f"{found.host}:{found.port}"} & {name.lower() for name in listed})


def places_word(free: int | None, told: str | None) -> str | None:
    """The news about free places after the last news; None if there is none.

    It is "full", "few" or "open"; many free places are no news to a group without earlier news.
    """
    if free is None:
        return None
    word = "full" if free == 0 else "few" if free <= FEW else "open"
    if told is None:
        return None if word == "open" else word
    if word == told or (told == "few" and word == "open"):
        return None
    return "open" if told == "full" else word


SPACING = {  # 20 a minute; 20 a minute, then shut out; 100 a minute and 5 a second
    ChatService.WECOM: timedelta(seconds=3.2),
    ChatService.DINGTALK: timedelta(seconds=3.2),
    ChatService.FEISHU: timedelta(seconds=0.65),
}
WINDOW = timedelta(seconds=30)  # seconds: later news goes into the same message
CROWDED = timedelta(seconds=10), timedelta(seconds=60)  # before and after each half-hour, for 飞书
HALF_HOUR = timedelta(minutes=30)


def calm(service: ChatService, at: datetime) -> datetime:
    """The first moment from `at` at which a service accepts messages: 飞书 refuses around the hour and half-hour (11232)."""
    if service is not ChatService.FEISHU:
        return at
    before, after = CROWDED
    since_hour = at - at.replace(minute=0, second=0, microsecond=0)
    past = since_hour % HALF_HOUR
    if past < after:
        return at + (after - past)
    return at + (HALF_HOUR - past) + after if past >= HALF_HOUR - before else at


def after_message(service: ChatService, at: datetime) -> datetime:
    """When the next message may follow one sent at `at`."""
    return calm(service, at + SPACING[service])
