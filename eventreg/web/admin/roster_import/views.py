"""The roster import: upload a file, preview its changes, confirm exactly these, read the report."""

from __future__ import annotations

import contextlib

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.accounts import grants
from eventreg.accounts import roster as guarded
from eventreg.core.actor import actor_of
from eventreg.core.db.session import let_go, unit_of_work
from eventreg.core.errors import Busy, Refused
from eventreg.core.uploaded_files.file_names import file_name
from eventreg.people import uploads
from eventreg.people.reading import RosterFile, read_upload
from eventreg.reports import roster_template
from eventreg.season import after_roster, leavers
from eventreg.web.app import current
from eventreg.web.app.attachments import workbook
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.forms.uploaded import UploadedFile, find_uploaded
from eventreg.words import refusals

from . import forms, preview_notes, view_models
from .forms import RosterForm

bp = Blueprint("roster_import", __name__)


@bp.get("/manage/people/import")
def upload() -> str:
    """Show the form for the file, and the columns that it needs."""
    return _upload_page(forms.roster_form())


@bp.get("/manage/people/import/template.xlsx")
def template() -> Response:
    """Send an empty sheet with the heads that the import reads."""
    return workbook(roster_template.write, name=_("名册"))


@bp.post("/manage/people/import")
def bring() -> Page:
    """Read the file in a sandbox, store its rows for an hour, and go to the preview."""
    form = forms.roster_form()
    brought = find_uploaded("file")
    file = _read(form, brought)
    if brought is None or file is None:
        return _upload_page(form), 422
    with unit_of_work():
        upload_id = uploads.keep(
            file,
            name=file_name(brought.name, most=uploads.NAME_MOST),
            leavers=form.whole.data == "whole",
            owner_id=current.person_id(),
            actor=current.actor(),
        )
    return redirect(url_for("roster_import.preview", upload_id=upload_id), 303)


@bp.get("/manage/people/import/<upload_id>")
def preview(upload_id: str) -> str:
    """Show what importing it would change; after the import, the report."""
    return _preview_page(upload_id)


@bp.post("/manage/people/import/<upload_id>")
def confirm(upload_id: str) -> Page:
    """Import exactly what was previewed, or show what would change now."""
    try:
        with unit_of_work():
            guarded.import_upload(
                upload_id,
                owner_id=current.person_id(),
                seen=request.form.get("seen", ""),
                leaving=forms.typed_number(request.form.get("leaving", "")),
                returned=request.form.get("returned") == "y",
                actor=current.actor(),
            )
    except Refused as refused:
        return _preview_page(upload_id, refused=refused), 409
    with contextlib.suppress(Busy):  # the import is done; the jobs let the campaigns follow
        after_roster.settle(actor_of("system", now=current.now()))
    return redirect(url_for("roster_import.preview", upload_id=upload_id), 303)


def _read(form: RosterForm, brought: UploadedFile | None) -> RosterFile | None:
    """The file's rows; a refusal is shown at its field."""
    if brought is None:
        form.say("file", "people.no_file")
        return None
    let_go()  # reading takes seconds
    with saying_at(form, "file"):
        return read_upload(brought.name, brought.stream)
    return None


def _upload_page(form: RosterForm) -> str:
    return render_template(
        "admin/roster_import/upload.html",
        form=form,
        columns=view_models.columns(),
        side_nav=organiser_nav(),
    )


def _preview_page(upload_id: str, *, refused: Refused | None = None) -> str:
    owner_id, now = current.person_id(), current.now()
    found = uploads.get(upload_id, owner_id=owner_id, now=now)
    if found.applied_at is not None:
        report = view_models.report(found)
        return render_template(
            "admin/roster_import/report.html", name=found.name, report=report, side_nav=organiser_nav()
        )
    plan = uploads.preview(upload_id, owner_id=owner_id, now=now)
    blocked = plan.nobody_stays(grants.list_administrators(now=now))
    code, facts = (refused.code, refused.facts) if refused else ("people.last_administrator", {})
    return render_template(
        "admin/roster_import/preview.html",
        file=found,
        plan=view_models.plan(plan),
        of_file=preview_notes.of_file(found),
        other_sheets=preview_notes.of_other_sheets(found),
        of_plan=preview_notes.of_plan(plan),
        emptied=preview_notes.of_emptied_units(plan),
        kept=preview_notes.kept_as_left(plan),
        returned=request.form.get("returned") == "y",
        giving_up=view_models.giving_up(leavers.foresee(plan.leavers(), now=now)),
        blocked=blocked,
        said_why=refusals.say(code, facts) if refused or blocked else "",
        action=url_for("roster_import.confirm", upload_id=upload_id),
        side_nav=organiser_nav(),
    )
