"""What views of a campaign's plan share: the version that was seen, saving a form, running one step.

Both show the letters of a change before it is made (`letters_first`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import Refused
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.forms.plan_form import PlanForm

from . import letters_first, organiser_scope

Done = TypeVar("Done")


def seen() -> int:
    """The version of the campaign that the form was filled from; 0, which no campaign has, if none was sent."""
    return whole_number(request.form.get("version"))


def step(
    slug: str,
    work: Callable[[], object],
    page: Callable[[CampaignFacts, Refused], str],
    *,
    to: str,
    told: str,
) -> Page:
    """Run one step in a unit of work, flash a message and redirect; a refusal is shown on the page it came from."""
    campaign = organiser_scope.get_campaign(slug)
    try:
        letters_first.change(campaign, work, back=lambda: redirect(to, 303))
    except Refused as refused:
        if refused.code == "plan.changed_meanwhile":
            refused = Refused("plan.look_again")
        return page(organiser_scope.get_campaign(slug), refused), 409
    flash(told, "seated")
    return redirect(to, 303)


def save(
    slug: str,
    form: PlanForm,
    work: Callable[[], Done],
    page: Callable[[], str],
    *,
    tell: Callable[[Done], Response],
) -> Page:
    """Save a form that was read, in a unit of work, and return `tell`; else its page again with all that was typed.

    The page shows errors of the form (422) or why a service refuses it (409).
    """
    if form.errors:
        return page(), 422
    campaign = organiser_scope.get_campaign(slug)
    with saying_at(form, version=lambda: organiser_scope.get_campaign(slug).version):
        done = letters_first.change(campaign, work, back=page)
    if form.errors:
        return page(), 409
    return tell(done)
