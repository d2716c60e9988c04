"""The page of the sign-up form: blank from the cache of pages, or filled with what was typed."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template

from eventreg.campaigns.facts import CampaignFacts, NoticeFacts, SignUpFormFacts
from eventreg.campaigns.rules import PoolScope
from eventreg.registrations.answers import rules as answer_rules
from eventreg.registrations.rules import Prospect
from eventreg.web.app import current
from eventreg.web.app.page_cache import Hole, render
from eventreg.web.employee.public import view_models as campaign_view_models
from eventreg.web.employee.public.prospects import prospects_of

from . import forms, receipts
from .forms import SignUpForm


def blank(campaign: CampaignFacts, entry: SignUpFormFacts, prospect: Prospect) -> str:
    """The blank form: one cached page for everybody, with holes for the visitor's facts.

    The visitor's own telephone number is filled in from the roster, where it is a valid answer.
    """
    who, asked = current.visitor(), answer_rules.own_phone(entry.questions)

    def context() -> dict[str, object]:
        card = campaign_view_models.card(
            campaign, now=current.now(), notice=entry.notice, prospect=prospect
        ).at_rest()
        form = forms.sign_up_form(entry)
        form.idempotency_key.data = Hole("key")
        if asked is not None:
            form[asked.key].data = Hole("phone")
        form.mark_language(campaign.lang)
        form.show_places(campaign.pools)
        person = replace(receipts.person_words(), name=Hole("name"), unit=Hole("unit"))
        return {"c": replace(card, waiting=campaign.waiting), "form": form, "person": person}

    known = answer_rules.check_answer(asked, who.phone, required=False) if asked else None
    phone = known.value if known and not known.problem else ""
    holes = {"name": who.name, "unit": who.unit, "key": forms.new_key(), "phone": phone}
    left = tuple((pool.id, pool.free) for pool in campaign.pools if pool.scope is PoolScope.OPTION)
    about = (campaign.id, campaign.version, prospect, campaign.waiting, who.gender, left)
    return render("employee/registrations/sign_up.html", about=about, holes=holes, context=context)


def filled(campaign: CampaignFacts, notice: NoticeFacts, form: SignUpForm) -> str:
    """The form with what was typed, and with what is wrong with it."""
    prospect = prospects_of([campaign])[campaign.id]
    shown = campaign_view_models.card(campaign, now=current.now(), notice=notice, prospect=prospect)
    form.mark_language(campaign.lang)
    form.show_places(campaign.pools)
    return render_template(
        "employee/registrations/sign_up.html", c=shown, form=form, person=receipts.person_words()
    )
