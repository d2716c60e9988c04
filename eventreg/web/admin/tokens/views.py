"""The administrator's list of API tokens: make one, see the scopes of each, revoke it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventreg.accounts import api_tokens
from eventreg.accounts.api_tokens import TokenFacts
from eventreg.accounts.rules import ApiScope
from eventreg.core.db.session import unit_of_work
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.words.operations import token_words

from .forms import TokenForm, token_form

bp = Blueprint("tokens", __name__)

AT_FIELD = {"token.no_scope": "scopes", "token.days": "days"}


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made; its secret text is shown only once."""

    name: str
    token: str


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token in the list; `over` is "revoked" or "outlived" once it is no longer valid, and empty before."""

    name: str
    owner: str
    scopes: tuple[str, ...]
    until: datetime
    last_used_at: datetime | None
    over: str
    revoke_url: str


@bp.get("/manage/tokens")
def tokens() -> str:
    """List all tokens, with the form that makes one."""
    return _page(token_form(current.visitor().name))


@bp.post("/manage/tokens")
def make() -> Page:
    """Make a token and show it once."""
    form = token_form(current.visitor().name)
    name = (form.token_name.data or "").strip()
    with saying_at(form, "token_name", fields=AT_FIELD), unit_of_work():
        made = api_tokens.make(
            name,
            [ApiScope(word) for word in form.scopes.data or () if word in list(ApiScope)],
            owner=(form.owner.data or "").strip(),
            actor=current.actor(),
            days=form.whole_days(),
        )
    if form.errors:
        return _page(form), 422
    return _page(token_form(current.visitor().name, blank=True), NewToken(name, made))


@bp.post("/manage/tokens/<int:token_id>/revocation")
def revoke(token_id: int) -> Response:
    """Revoke a token at once; repeated, it changes nothing."""
    with unit_of_work():
        api_tokens.revoke_by_id(token_id, actor=current.actor())
    return redirect(url_for("tokens.tokens"), 303)


def _page(form: TokenForm, made: NewToken | None = None) -> str:
    listed = [_shown(token) for token in api_tokens.list_tokens()]
    return render_template(
        "admin/tokens/tokens.html", form=form, made=made, tokens=listed, side_nav=organiser_nav()
    )


def _shown(token: TokenFacts) -> TokenView:
    zone = ZoneInfo(current.settings().timezone)
    outlived = "outlived" if token.until <= current.now() else ""
    return TokenView(
        name=token.name,
        owner=token.owner,
        scopes=tuple(token_words.scope(str(scope)) for scope in token.scopes),
        until=token.until.astimezone(zone),
        last_used_at=token.last_used_at.astimezone(zone) if token.last_used_at else None,
        over="revoked" if token.revoked else outlived,
        revoke_url=url_for("tokens.revoke", token_id=token.id),
    )
