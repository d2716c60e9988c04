"""The administrator's pages about people: find them, correct a mail address, sign them out, give and end roles."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.accounts import grants, sessions
from eventreg.campaigns import campaign_grants
from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.history import trails
from eventreg.people import directory, service
from eventreg.people.directory import PeopleFilter, PeoplePage
from eventreg.people.service import PersonFacts
from eventreg.season import granting, letters
from eventreg.season.letters import LetterFilter
from eventreg.web.app import current, paging, records
from eventreg.web.app.records import Record
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.words import refusals
from eventreg.words.campaign_words import GENDERS

from . import forms
from .forms import EmailForm, GrantForm

bp = Blueprint("people", __name__)

AT_FIELD = {
    "grant.needs_unit": "unit",
    "grant.takes_no_unit": "unit",
    "grant.needs_campaign": "campaign",
    "grant.period": "until",
}
TEXT_MOST = 80


@bp.get("/manage/people")
def people() -> str:
    """Search people by two characters of a name, staff number or mail address, or by unit; 20 a page."""
    sought = PeopleFilter(
        request.args.get("q", "").strip()[:TEXT_MOST], paging.number(request.args, "unit") or None
    )
    page = directory.search(sought, number=paging.number(request.args, "page")) if sought.enough else None
    short = bool(sought.text) and page is None
    return render_template(
        "admin/people/people.html",
        sought=sought,
        error=refusals.say("people.search_short", {"least": directory.LEAST}) if short else "",
        units=directory.list_units(),
        found=[records.person(p) for p in page.people] if page else [],
        count=page.found if page else 0,
        page=_pager(page, sought) if page else None,
        alone=service.count_people() <= 1,
        side_nav=organiser_nav(),
    )


@bp.get("/manage/people/<int:person_id>")
def person(person_id: int) -> str:
    """Show one person: the roster's facts, where they are signed in, their roles, letters sent to them."""
    return _page(service.person_facts(person_id))


@bp.post("/manage/people/<int:person_id>/email")
def set_email(person_id: int) -> Page:
    """Set the address that the person's sign-in codes go to."""
    found, form = service.person_facts(person_id), forms.email_form(None)
    with saying_at(form, "email"), unit_of_work():
        directory.set_email(person_id, form.email.data or "", actor=current.actor())
    if form.errors:
        return _page(found, email_form=form), 422
    flash(_("工作邮箱已保存。"), "seated")
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.post("/manage/people/<int:person_id>/sessions/end")
def end_sessions(person_id: int) -> Page:
    """Sign the person out of all browsers."""
    service.person_facts(person_id)
    with unit_of_work():
        sessions.end_all(person_id, actor=current.actor())
    flash(_("已在所有浏览器退出登录。"), "plain")
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.post("/manage/people/<int:person_id>/grants")
def grant(person_id: int) -> Page:
    """Give the person a role."""
    found, form = _employed(person_id), _grant_form()
    wish, (since, until) = form.wish(), form.period()
    if form.errors or wish.role is None:
        return _page(found, grant_form=form), 422
    try:
        with saying_at(form, "role", fields=AT_FIELD), unit_of_work():
            new = granting.give(
                person_id,
                wish.role,
                unit_id=wish.unit_id,
                slug=wish.slug,
                actor=current.actor(),
                since=since,
                until=until,
            )
    except NotFound as missing:
        form.say("campaign", missing.code)
    if form.errors:
        return _page(found, grant_form=form), 422
    flash(_("角色已授予。") if new else _("这个角色现在就有，不用再授予"), "seated" if new else "plain")
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.post("/manage/people/<int:person_id>/grants/<int:grant_id>/end")
def end_grant(person_id: int, grant_id: int) -> Page:
    """End a role that belongs to no campaign."""
    found = service.person_facts(person_id)
    try:
        with unit_of_work():
            grants.end(grant_id, person_id=person_id, actor=current.actor())
    except Refused as refused:
        return _not_ended(found, refused)
    return _ended(person_id)


@bp.post("/manage/people/<int:person_id>/campaign-grants/<int:grant_id>/end")
def end_campaign_grant(person_id: int, grant_id: int) -> Page:
    """End a role in a campaign."""
    found = service.person_facts(person_id)
    held = {held.id: held.scope_id for held in campaign_grants.list_of(person_id)}
    campaign_id = held.get(grant_id)
    if campaign_id is None:
        raise NotFound("grant")
    try:
        with unit_of_work():
            campaign_grants.end(grant_id, campaign_id=campaign_id, actor=current.actor())
    except Refused as refused:
        return _not_ended(found, refused)
    return _ended(person_id)


@bp.get("/manage/people/<int:person_id>/history")
def history(person_id: int) -> str:
    """Show what was done to the person, by whom and when."""
    found = service.person_facts(person_id)
    trail = trails.of_person(person_id, before=paging.number(request.args, "before") or None)
    return render_template(
        "admin/people/history.html",
        name=found.name,
        back_url=url_for("people.person", person_id=person_id),
        entries=records.told(trail),
        more_url=_more(person_id, trail.more_before),
        side_nav=organiser_nav(),
    )


def _page(
    found: PersonFacts, *, email_form: EmailForm | None = None, grant_form: GrantForm | None = None
) -> str:
    now = current.now()
    sent = letters.page_of(LetterFilter(person_id=found.id), mine=None, number=1)
    return render_template(
        "admin/people/person.html",
        p=found,
        gender=GENDERS[str(found.gender)](),
        browsers=len(sessions.list_alive(found.id, now=now)),
        roles=_roles(found.id),
        letters=[records.letter(line, managed=True) for line in sent.letters],
        bounced_at=_bounced_at(found.id),
        more_letters=sent.pages > 1,
        email_form=email_form or forms.email_form(found.email),
        grant_form=grant_form or _grant_form(),
        side_nav=organiser_nav(),
    )


def _bounced_at(person_id: int) -> str:
    """When mail to the person last bounced, in words; empty if mail arrives."""
    at = letters.find_bounce(person_id)
    return records.when(at) if at else ""


def _roles(person_id: int) -> list[Record]:
    """The person's roles, everywhere and in campaigns, current ones first."""
    house, held = grants.list_of(person_id), campaign_grants.list_of(person_id)
    names = trails.names_of([one.by for one in (*house, *held)])
    titles = {c.id: c.title for c in campaigns.campaigns_by_id({h.scope_id or 0 for h in held}).values()}
    units = dict(directory.list_units()) if any(h.scope_id for h in house) else {}
    scopes = {("people.end_grant", h.id): units.get(h.scope_id or 0, "") for h in house}
    scopes |= {("people.end_campaign_grant", h.id): titles.get(h.scope_id or 0, "") for h in held}
    ends = [("people.end_grant", h) for h in house] + [("people.end_campaign_grant", h) for h in held]
    return [
        records.grant(
            one,
            scope=scopes[endpoint, one.id],
            names=names,
            form_url=url_for(endpoint, person_id=person_id, grant_id=one.id),
        )
        for endpoint, one in sorted(ends, key=lambda end: records.is_over(end[1]))
    ]


def _grant_form() -> GrantForm:
    titled = [
        (c.slug, c.title if c.published else _("%(title)s（草稿）", title=c.title))
        for c in campaigns.list_managed(None)
    ]
    return forms.grant_form(directory.list_units(), titled)


def _employed(person_id: int) -> PersonFacts:
    """An employed person. Raises NotFound for somebody who left: they get no role."""
    found = service.person_facts(person_id)
    if not found.employed:
        raise NotFound("person")
    return found


def _not_ended(found: PersonFacts, refused: Refused) -> Page:
    flash(refusals.say(refused.code, refused.facts), "refused")
    return _page(found), 409


def _ended(person_id: int) -> Response:
    flash(_("角色已收回，马上生效。"), "plain")
    return redirect(url_for("people.person", person_id=person_id), 303)


def _pager(page: PeoplePage, sought: PeopleFilter) -> paging.Pager:
    return paging.pager("people.people", page.number, page.pages, q=sought.text or None, unit=sought.unit_id)


def _more(person_id: int, before: int | None) -> str | None:
    return url_for("people.history", person_id=person_id, before=before) if before else None
