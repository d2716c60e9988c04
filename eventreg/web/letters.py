"""Letters that went out, wait or failed: an organiser's own campaigns', an administrator's all."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from eventreg.campaigns import service as campaigns
from eventreg.outbox.rules import LetterState
from eventreg.season import letters as sent
from eventreg.season.letters import Wanted
from eventreg.words import letters as words

from . import managed, paging, pausing, people_cards
from .rail import rail

bp = Blueprint("letters", __name__)


@bp.get("/manage/letters")
def letters() -> str:
    """The newest first, 30 a page, by state, kind and campaign. Reads only."""
    wanted, mine = _wanted(request.args), managed.organised()
    page = sent.page_of(wanted, mine=mine, number=paging.number(request.args, "page"))
    kept = {
        "state": str(wanted.state) if wanted.state else None,
        "kind": wanted.kind or None,
        "campaign": wanted.campaign_id,
    }
    return render_template(
        "letters/letters.html",
        wanted=wanted,
        states=[(str(state), words.state(str(state))) for state in LetterState],
        kinds=[(code, words.kind(code)) for code in words.KINDS if mine is None or code not in words.PRIVATE],
        campaigns=[(c.id, c.title) for c in campaigns.list_managed(managed.organised())],
        letters=[people_cards.letter(line) for line in page.letters],
        page=paging.pager("letters.letters", page.number, page.pages, **kept),
        found=page.found,
        paused=pausing.find_shown(),
        rail=rail(),
    )


def _wanted(typed: MultiDict[str, str]) -> Wanted:
    """The filters; what our form does not offer counts as not chosen."""
    state, kind = typed.get("state", ""), typed.get("kind", "")
    return Wanted(
        LetterState(state) if state in list(LetterState) else None,
        kind if kind in words.KINDS else "",
        paging.number(typed, "campaign") or None,
    )
