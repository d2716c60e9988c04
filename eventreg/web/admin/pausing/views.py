"""The switch of the letters: an administrator stops and resumes them, organisers see that they wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import RadioField

from eventreg.core.db.session import unit_of_work
from eventreg.history import trails
from eventreg.outbox import pausing
from eventreg.outbox.rules import PauseReason
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import PlainForm, RequiredField
from eventreg.words.operations import audit_words, pause_words

bp = Blueprint("pausing", __name__)


class PauseForm(PlainForm):
    """Why letters are to wait."""

    why = RadioField(validators=[RequiredField()], validate_choice=False)


@dataclass(frozen=True, slots=True)
class PauseView:
    """Since when letters wait, who stopped them and why, in words."""

    since: datetime
    by: str
    why: str


@bp.get("/manage/letters/pause")
def switch() -> str:
    """Whether letters go or wait, and the button that changes it."""
    return _page(_form())


@bp.post("/manage/letters/pause")
def pause() -> Page:
    """Stop the letters; stopping them again changes nothing."""
    form = _form()
    if form.why.data not in list(PauseReason):
        form.say("why", "pause.no_reason")
        return _page(form), 422
    with unit_of_work():
        pausing.pause(PauseReason(form.why.data), actor=current.actor())
    flash(_("信件已暂停，验证码照常发。"), "waiting")
    return redirect(url_for("letters.letters"), 303)


@bp.post("/manage/letters/resumption")
def resume() -> Response:
    """Let the letters go on; resuming them again changes nothing."""
    with unit_of_work():
        pausing.resume(actor=current.actor())
    flash(_("信件恢复发出，等着的按先后发。"), "seated")
    return redirect(url_for("letters.letters"), 303)


def find_shown() -> PauseView | None:
    """The pause as organisers see it; None while letters go."""
    found = pausing.find_pause()
    if found is None:
        return None
    since = found.since.astimezone(ZoneInfo(current.settings().timezone))
    by = audit_words.who(found.by, trails.names_of([found.by]))
    return PauseView(since, by, pause_words.why(str(found.why)))


def _form() -> PauseForm:
    form = PauseForm()
    form.why.label.text = _("为什么")
    form.why.choices = [(str(why), pause_words.why(str(why))) for why in PauseReason]
    return form


def _page(form: PauseForm) -> str:
    return render_template(
        "admin/pausing/switch.html", form=form, paused=find_shown(), side_nav=organiser_nav()
    )
