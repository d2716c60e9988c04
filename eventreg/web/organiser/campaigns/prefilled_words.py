"""What a blank filled in and nobody has touched yet, in words for the organiser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts, QuestionFacts
from eventreg.campaigns.kinds import kind_of
from eventreg.campaigns.plan.prefilled import Prefilled, audience_to_show, untouched
from eventreg.campaigns.rules import Intake
from eventreg.web.employee.public.view_models import when_words
from eventreg.words import kind_words, plan_words, times

ENDPOINTS = {
    Prefilled.WHEN: "activities.activities",
    Prefilled.RULES: "activities.activities",
    Prefilled.PLACES: "places.places",
    Prefilled.DEADLINE: "campaigns.basics",
    Prefilled.AUDIENCE: "campaigns.basics",
    Prefilled.QUESTIONS: "questions.questions",
}
ANCHORS = {
    Prefilled.DEADLINE: "closes_at",
    Prefilled.PLACES: "capacity",
    Prefilled.AUDIENCE: "audience",
}


def listed(campaign: CampaignFacts, questions: Sequence[QuestionFacts]) -> tuple[tuple[str, str], ...]:
    """Each prefilled value as a sentence, with the address of the page and field where it is changed."""
    award = campaign.accepts is Intake.NOMINATIONS
    endpoints = dict.fromkeys(ENDPOINTS, "award.settings") if award else ENDPOINTS
    endpoints |= {Prefilled.AUDIENCE: "campaigns.basics"}
    return tuple(
        (said, url_for(endpoints[code], slug=campaign.slug, _anchor=ANCHORS.get(code)))
        for code in untouched(campaign.defaults)
        for said in _said(code, campaign, questions)
    )


def _said(code: Prefilled, campaign: CampaignFacts, questions: Sequence[QuestionFacts]) -> Iterator[str]:
    total = campaign.total
    if code is Prefilled.WHEN:
        yield _("时间：%(when)s", when=when_words(campaign))
    elif code is Prefilled.RULES:
        yield from _rules(campaign)
    elif code is Prefilled.PLACES:
        yield _("名额不限") if total is None else plan_words.places(total.capacity, total.added)
    elif code is Prefilled.DEADLINE:
        until = times.deadline(campaign.deadline)
        award = campaign.accepts is Intake.NOMINATIONS
        yield _("推荐截止 %(at)s", at=until) if award else _("报名截止 %(at)s", at=until)
    elif code is Prefilled.AUDIENCE:
        if said := audience_to_show(campaign):
            yield _("谁能参加：%(audience)s", audience=said)
    elif questions:
        yield _("报名表问：%(questions)s", questions=_("、").join(question.label for question in questions))


def _rules(campaign: CampaignFacts) -> Iterator[str]:
    """The sentence that employees read about each activity, where its kind has one."""
    for activity in campaign.activities:
        rule = kind_words.translated(kind_of(activity.kind).rule(activity.parameters))
        if rule:
            yield _("%(activity)s：%(rule)s", activity=activity.title, rule=rule)
