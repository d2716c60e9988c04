"""View models of group robots."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from eventreg.chat.rules import NewsKind
from eventreg.chat.service import RobotFacts
from eventreg.words.delivery import letter_words, robot_words


@dataclass(frozen=True, slots=True)
class RobotCard:
    """One robot. `on` says whether it is switched on; `news` are (code, word, chosen)."""

    id: int
    name: str
    where: str
    lines: tuple[str, ...]
    state: tuple[str, str]
    news: tuple[tuple[str, str, bool], ...]
    on: bool
    switch: str
    news_url: str
    switch_url: str
    test_url: str
    off_url: str


def card(robot: RobotFacts, slug: str | None) -> RobotCard:
    """A robot in the list; of its address only as much as distinguishes it from others."""
    house, id_ = slug is None, robot.id
    offered = [news for news in NewsKind if not house or news is not NewsKind.PLACES]
    on = ("seated", _("启用")) if robot.is_on else ("lapsed", _("停着"))
    return RobotCard(
        id=id_,
        name=robot.name,
        where=_(
            "%(service)s，%(host)s …%(tail)s",
            service=robot_words.service(str(robot.service)),
            host=robot.host,
            tail=robot.tail,
        ),
        lines=_lines(robot),
        state=on,
        news=tuple((str(n), robot_words.news(str(n)), n in robot.news) for n in offered),
        on=robot.is_on,
        switch=_("停下") if robot.is_on else _("重新启用"),
        news_url=url_for("robots.choose", slug=slug, robot_id=id_),
        switch_url=url_for("robots.switch", slug=slug, robot_id=id_),
        test_url=url_for("robots.send_test", slug=slug, robot_id=id_),
        off_url=url_for("robots.remove", slug=slug, robot_id=id_),
    )


def details() -> dict[str, str]:
    """The second line of each kind of news."""
    return {code: says() for code, (_word, says) in robot_words.NEWS.items()}


def _lines(robot: RobotFacts) -> tuple[str, ...]:
    signed = (_("带签名"),) if robot.signed else ()
    if robot.last is None:
        return (*signed, _("还没有发过消息"))
    state, trouble, attempts = robot.last
    why = letter_words.why(state, reachable=True, attempts=attempts, trouble=trouble)
    last = _("最近一条：%(state)s", state=letter_words.state(state))
    return (*signed, last, *((why,) if why else ()))
