"""Group robots of a campaign, or of the whole season: add, test, choose news, switch and remove them.

Each route exists twice: under a campaign for its organisers, and without a campaign for administrators.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventreg.accounts.rules import Role
from eventreg.campaigns.facts import CampaignFacts
from eventreg.chat import service as robots_of
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.steps import seen
from eventreg.words import refusals

from . import view_models
from .forms import RobotForm, chosen, robot_form

bp = Blueprint("robots", __name__)

HOUSE = "/manage/robots"
CAMPAIGN = "/manage/campaigns/<slug>/robots"
AT_FIELD = {
    "group_robot.secret_form": "secret",
    "group_robot.no_news": "news",
    "group_robot.other_service": "service",
}


@dataclass(frozen=True, slots=True)
class RobotOwner:
    """The owner of robots: a campaign, or None for the whole season."""

    campaign: CampaignFacts | None

    @property
    def id(self) -> int | None:
        return self.campaign.id if self.campaign else None

    @property
    def slug(self) -> str | None:
        return self.campaign.slug if self.campaign else None

    @property
    def version(self) -> int:
        return self.campaign.version if self.campaign else 0


@bp.get(HOUSE)
@bp.get(CAMPAIGN)
def robots(slug: str | None = None) -> str:
    """List the robots with the state of each one's last message, and the form that adds one."""
    return _page(_find(slug))


@bp.post(HOUSE)
@bp.post(CAMPAIGN)
def add(slug: str | None = None) -> Page:
    """Add a robot; its address is checked, encrypted and never shown again."""
    owner = _find(slug)
    form = _form(owner)
    wanted, listed = form.read(), current.settings().robot_hosts
    if form.errors:
        return _page(owner, form), 422
    try:
        with unit_of_work():
            new = robots_of.add(owner.id, wanted, seen=form.seen, listed=listed, actor=current.actor())
    except Refused as refused:
        return _not_added(owner, form, refused)
    flash(_("机器人已添加，先发一条测试消息。") if new else _("这个机器人已经在了，没有再添加"), "seated")
    return _back(owner)


@bp.post(f"{HOUSE}/<int:robot_id>/news")
@bp.post(f"{CAMPAIGN}/<int:robot_id>/news")
def choose(robot_id: int, slug: str | None = None) -> Page:
    """Choose the news that a robot sends."""
    owner = _find(slug)
    news = chosen(request.form.getlist("news"))
    work = partial(robots_of.choose, owner.id, robot_id, news, seen=seen(), actor=current.actor())
    return _step(owner, work, _("往群里发什么，已保存。"))


@bp.post(f"{HOUSE}/<int:robot_id>/switch")
@bp.post(f"{CAMPAIGN}/<int:robot_id>/switch")
def switch(robot_id: int, slug: str | None = None) -> Page:
    """Switch a robot on or off."""
    owner, on = _find(slug), request.form.get("on") == "1"
    work = partial(robots_of.switch, owner.id, robot_id, on=on, seen=seen(), actor=current.actor())
    return _step(owner, work, _("机器人已重新启用。") if on else _("机器人已停下，群里不再收到消息。"))


@bp.post(f"{HOUSE}/<int:robot_id>/test")
@bp.post(f"{CAMPAIGN}/<int:robot_id>/test")
def send_test(robot_id: int, slug: str | None = None) -> Page:
    """Send a test message."""
    owner = _find(slug)
    work = partial(robots_of.send_test, owner.id, robot_id, actor=current.actor())
    return _step(owner, work, _("测试消息已交出去，过几秒刷新这一页，看发到没有。"))


@bp.post(f"{HOUSE}/<int:robot_id>/removal")
@bp.post(f"{CAMPAIGN}/<int:robot_id>/removal")
def remove(robot_id: int, slug: str | None = None) -> Page:
    """Remove a robot and its address."""
    owner = _find(slug)
    work = partial(robots_of.remove, owner.id, robot_id, seen=seen(), actor=current.actor())
    return _step(owner, work, _("机器人已删掉，网址和密钥也删了。"))


def _find(slug: str | None) -> RobotOwner:
    """The owner, if the visitor may manage its robots. Raises NotFound for a draft, and for the season's unless administrator."""
    if slug is None:
        if Role.ADMINISTRATOR not in current.roles():
            raise NotFound("robots")
        return RobotOwner(None)
    campaign = organiser_scope.get_campaign(slug)
    if not campaign.published:
        raise NotFound("campaign")
    return RobotOwner(campaign)


def _step(owner: RobotOwner, work: Callable[[], object], told: str) -> Page:
    """Run one step in its own unit of work; a refusal is shown on the page."""
    try:
        with unit_of_work():
            work()
    except Refused as refused:
        if refused.code == "plan.changed_meanwhile":
            refused = Refused("plan.look_again")
        return _page(_find(owner.slug), said=refusals.say(refused.code, refused.facts)), 409
    flash(told, "seated")
    return _back(owner)


def _not_added(owner: RobotOwner, form: RobotForm, refused: Refused) -> Page:
    """Show the reason at the field, with all that was typed."""
    now = _find(owner.slug)
    if refused.code.startswith("group_robot."):
        form.say(AT_FIELD.get(refused.code, "address"), refused.code, **refused.facts)
        return _page(now, form), 422
    form.say_refused(refused)
    form.version.data = str(now.version)
    return _page(now, form), 409


def _form(owner: RobotOwner) -> RobotForm:
    return robot_form(version=owner.version, house=owner.campaign is None)


def _back(owner: RobotOwner) -> Page:
    return redirect(url_for("robots.robots", slug=owner.slug), 303)


def _page(owner: RobotOwner, form: RobotForm | None = None, *, said: str = "") -> str:
    shown = form or _form(owner)
    return render_template(
        "organiser/robots/robots.html",
        c=owner.campaign,
        version=owner.version,
        form=shown,
        details=view_models.details(),
        action=url_for("robots.add", slug=owner.slug),
        said=said,
        robots=[view_models.card(robot, owner.slug) for robot in robots_of.list_robots(owner.id)],
        side_nav=organiser_nav(owner.slug),
    )
