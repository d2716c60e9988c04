"""Erasure on request: an administrator sees what goes and what stays, then confirms."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventreg.core.db.session import unit_of_work
from eventreg.core.uploaded_files import receiving
from eventreg.people import service as people
from eventreg.privacy.retention import erasing, noted
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.words.operations import retention_words

bp = Blueprint("erasing", __name__)


@bp.get("/manage/people/<int:person_id>/erasure")
def erasure(person_id: int) -> str:
    """Show what goes and what stays."""
    return _page(person_id)


@bp.post("/manage/people/<int:person_id>/erasure")
def erase(person_id: int) -> Page:
    """Erase it, once the tick says that the person asked for it."""
    if request.form.get("asked") != "y":
        return _page(person_id, missing=True), 422
    with unit_of_work():
        files = erasing.erase(person_id, actor=current.actor())
        mark = erasing.mark_of(person_id)
        noted.note(current.settings().instance, person_id, mark=mark, at=current.now())  # before the commit
    for file_id in files:
        receiving.discard(file_id)
    flash(_("已删除。删了什么、留了什么，都记在办理记录里。"), "seated")
    return redirect(url_for("people.person", person_id=person_id), 303)


def _page(person_id: int, *, missing: bool = False) -> str:
    facts = erasing.facts_of(person_id, now=current.now())
    return render_template(
        "admin/erasing/erasure.html",
        person=people.person_facts(person_id),
        parts=retention_words.counted(facts.parts),
        kept=[retention_words.kept(reason) for reason in facts.kept],
        missing=missing,
        side_nav=organiser_nav(),
    )
