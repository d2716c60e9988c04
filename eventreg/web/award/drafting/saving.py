"""How the text of a nomination is saved by its page, for contacts and for employees who propose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from flask import request

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import Refused
from eventreg.nominations.drafts import SaveResult
from eventreg.nominations.reading import SavedVersion
from eventreg.nominations.rules import NominationContent
from eventreg.web.app import current
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at

from . import view_models
from .forms import NominationForm

TAB_MOST = 24  # characters of the mark by which two saves of one page know each other


class FormPage(Protocol):
    """The page with its form; `other` is a version that somebody else saved in between, to be compared."""

    def __call__(self, *, other: SavedVersion | None = None) -> str: ...


def tab_of(form: NominationForm) -> str:
    """The mark of the browser page that sends the form."""
    return (form.tab.data or "")[:TAB_MOST]


def save_by_button(
    form: NominationForm, save: Callable[[], SaveResult], page: FormPage, then: Callable[[SaveResult], Page]
) -> Page:
    """Count, or save and go on with `then`. What was typed is saved before anything is refused.

    A version that somebody else saved in between is shown beside what was typed (409); nothing is written then.
    """
    if request.form.get("do") == "count":
        return page()
    with saying_at(form):
        saved = save()
    if form.errors:
        return page(), 409
    form.version.data = str(saved.version)
    if saved.other:
        form.say_of_all("nomination.conflict", {})
        return page(other=saved.other), 409
    return then(saved)


def save_by_itself(
    form: NominationForm, stored: NominationContent, save: Callable[[], SaveResult], campaign: CampaignFacts
) -> tuple[dict[str, object], int]:
    """The same for the script of the page: the version, the other version, or the code of a refusal.

    With `compare` nothing is saved: the answer is whether the content that a device has is the stored one, as it is stored.
    """
    if "compare" in request.form:
        return {"same": form.content() == stored}, 200
    try:
        saved = save()
    except Refused as refused:
        return {"code": refused.code}, 409
    return view_models.autosaved(saved, campaign, now=current.now())
