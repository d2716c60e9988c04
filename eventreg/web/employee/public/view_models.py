"""View models of campaigns and of the visitor's registration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts, NoticeFacts
from eventreg.campaigns.kinds import kind_of
from eventreg.campaigns.plan.prefilled import audience_to_show, shown_to_employees
from eventreg.campaigns.policy import AdmissionTerms, Policy, admission_of
from eventreg.campaigns.rules import Intake, ScheduleState, pools_at
from eventreg.people import units
from eventreg.registrations.reading import PublicOrderLine, RegistrationFacts
from eventreg.registrations.rules import ANYBODY, Outcome, Prospect, prospect_of
from eventreg.words import campaign_words, kind_words, registration_words, times
from eventreg.words.defaults import DEFAULTS
from eventreg.words.operations import retention_words

from . import changed_dates
from .changed_dates import DateChangeView

SHOWN_FIRST = 12
OrderLine = tuple[int, str, bool, str, str]  # number, masked name, is the visitor, state, why entered by hand


@dataclass(frozen=True, slots=True)
class CardRegistration:
    """The visitor's registration on a campaign's card; `asks` are the words while they are asked to confirm it."""

    state: str
    arrival: int
    position: int | None
    url: str
    confirm_url: str
    asks: str


@dataclass(frozen=True, slots=True)
class ActivityStop:
    """An activity on the timeline; `day` is set if the activities are not all on one day."""

    day: datetime | None
    at: datetime | None
    title: str
    text: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign for the templates; templates/employee says what each field shows.

    `prospect` is what the visitor would get.
    """

    slug: str
    title: str
    intro: str
    lang: str
    when: str
    starts_at: datetime
    time_known: bool
    tentative: bool
    place: str | None
    audience_note: str
    eligible_note: str
    for_gender: str | None
    opens_at: datetime
    upcoming: bool
    closes_at: datetime
    closed: bool
    deadline: datetime
    closed_early: bool
    deadline_by_default: bool
    capacity: int | None
    added: int
    taken: int
    free: int | None
    prospect: Prospect
    waiting: int
    bounds: tuple[str, ...]
    accepts: str
    agenda: tuple[ActivityStop, ...]
    called_off: bool
    rules: tuple[str, ...]
    defaults_note: tuple[str, ...]
    form_url: str
    mine: CardRegistration | None = None
    order: tuple[OrderLine, ...] = ()
    order_more: tuple[OrderLine, ...] = ()
    order_url: str | None = None
    privacy: NoticeFacts | None = None
    kept_until: str = ""
    changes: tuple[DateChangeView, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether signing up leads the visitor to the waiting list."""
        return self.prospect.outcome is Outcome.WAITING_LIST

    @property
    def not_for_you(self) -> bool:
        """Whether there is no place that the visitor could ever get."""
        return self.prospect.outcome is Outcome.NOT_FOR_YOU

    @property
    def why_not(self) -> str:
        """Why there is no place for the visitor, in few words; "" where there is one."""
        if not self.not_for_you:
            return ""
        restriction = self.prospect.restriction
        return (
            campaign_words.restriction(str(restriction), self.for_gender)
            if restriction
            else _("没有你能用的名额")
        )

    def at_rest(self) -> CampaignCard:
        """The card without numbers that change with sign-ups and without the visitor's registration."""
        return replace(self, taken=0, free=None, waiting=0, mine=None)


def standing(
    registration: RegistrationFacts | None, campaign: CampaignFacts, *, now: datetime
) -> CardRegistration | None:
    """A registration for a card."""
    if registration is None:
        return None
    return CardRegistration(
        str(registration.state),
        registration.arrival,
        registration.position,
        url=url_for("registrations.receipt", registration_id=registration.id),
        confirm_url=url_for("confirming.confirmation", registration_id=registration.id),
        asks=changed_dates.asks(registration, campaign, now=now),
    )


def lines(order: list[PublicOrderLine]) -> tuple[OrderLine, ...]:
    """The public order for templates."""
    return tuple(
        (line.arrival, line.name, line.is_me, str(line.state), registration_words.hand_reason(line.reason))
        for line in order
    )


def card(
    campaign: CampaignFacts,
    *,
    now: datetime,
    mine: RegistrationFacts | None = None,
    order: list[PublicOrderLine] | None = None,
    notice: NoticeFacts | None = None,
    order_url: str | None = None,
    form_url: str | None = None,
    prospect: Prospect | None = None,
) -> CampaignCard:
    """A campaign in words; without a prospect it is shown to nobody in particular."""
    first = campaign.first
    shown, pools = lines(order or []), pools_at(campaign.pools, now=now)
    bounds = tuple(bound_words(campaign, sentence=True))
    return CampaignCard(
        slug=campaign.slug,
        title=campaign.title,
        intro=campaign.intro,
        lang=campaign.lang,
        when=when_words(campaign),
        starts_at=first.starts_at if first else campaign.starts_at,
        time_known=first is not None and first.time_known,
        tentative=first is not None and first.schedule is ScheduleState.TENTATIVE,
        place=first.place if first else None,
        **_whom(campaign),
        **_times(campaign, now=now),
        **_counted(campaign),
        prospect=prospect or prospect_of(ANYBODY, pools, waiting=campaign.waiting),
        bounds=bounds,
        waiting=campaign.waiting,
        accepts=str(campaign.accepts),
        agenda=_agenda(campaign),
        called_off=campaign.called_off,
        rules=_rules(campaign, bounds),
        defaults_note=tuple(DEFAULTS[code]() for code in shown_to_employees(campaign.defaults)),
        form_url=form_url or url_for("registrations.sign_up", slug=campaign.slug),
        mine=standing(mine, campaign, now=now),
        order=shown[:SHOWN_FIRST],
        order_more=shown[SHOWN_FIRST:],
        order_url=order_url,
        privacy=notice,
        kept_until=retention_words.sentence(campaign.retain_until, campaign.archive_until) if notice else "",
    )


def _counted(campaign: CampaignFacts) -> dict[str, Any]:
    """The places of the whole campaign, for a card."""
    total = campaign.total
    if total is None:
        return {"capacity": None, "added": 0, "taken": campaign.last_arrival, "free": None}
    return {"capacity": total.places, "added": total.added, "taken": total.taken, "free": total.free}


def _whom(campaign: CampaignFacts) -> dict[str, Any]:
    """Who can take part, for a card: in the organiser's words, and as it is enforced."""
    return {
        "audience_note": audience_to_show(campaign),
        "eligible_note": eligible_words(campaign) if campaign.eligible.restricted else "",
        "for_gender": campaign.eligible.gender,
    }


def _times(campaign: CampaignFacts, *, now: datetime) -> dict[str, Any]:
    """When sign-ups open and close, for a card."""
    return {
        "opens_at": campaign.opens_at,
        "upcoming": campaign.published and now < campaign.opens_at,
        "closes_at": campaign.closes_at,
        "closed": now >= campaign.closes_at,
        "deadline": campaign.deadline,
        "closed_early": campaign.closed_early and now >= campaign.closes_at,
        "deadline_by_default": "deadline" in campaign.defaults and not campaign.closed_early,
    }


def when_words(campaign: CampaignFacts) -> str:
    """When the first activity begins; of a cancelled campaign, that it is cancelled and when it would have been."""
    first = campaign.first
    if first is None:
        return ""
    when = times.start(first.starts_at, time_known=first.time_known)
    return campaign_words.called_off(when) if campaign.called_off else when


def _rules(campaign: CampaignFacts, bounds: tuple[str, ...]) -> tuple[str, ...]:
    if campaign.accepts is Intake.NOMINATIONS or campaign.called_off:
        return ()
    capacity = campaign.total.capacity if campaign.total else None
    first, *others = campaign_words.admission_rules(
        capacity=capacity, closes_at=campaign.closes_at, bounded=bool(bounds)
    )
    if capacity is not None and campaign.offer_from_h:
        others.insert(-1, campaign_words.offers(campaign.offer_from_h, campaign.offer_minutes))
    return (first, *bounds, *others)


def bound_words(campaign: CampaignFacts, *, sentence: bool = False) -> list[str]:
    """The admission policy but for first come: for whom places are kept, and until when."""
    admission = admission_of(campaign.pools)
    paths = units.paths_of(admission.units.keys())
    words = [*_policy_words(admission, campaign.zone), *_unit_words(admission, paths)]
    return [campaign_words.sentence(word) for word in words] if sentence else words


def _policy_words(admission: AdmissionTerms, zone: ZoneInfo) -> Iterator[str]:
    until = admission.until.astimezone(zone) if admission.until else None
    total = admission.total or 0
    if admission.policy is Policy.WOMEN_FIRST and until is not None:
        yield campaign_words.women_first(until)
    elif admission.policy is Policy.KEPT_FOR_WOMEN and until is not None:
        yield campaign_words.kept_for_women(admission.kept, until)
    elif admission.policy is Policy.ALLOTTED and until is not None:
        rest = total - sum(one.places for one in admission.units.values())
        yield campaign_words.allotted(rest, until)
    elif admission.kept:
        yield campaign_words.gender_bound("male", total - admission.kept)


def _unit_words(admission: AdmissionTerms, paths: Mapping[int, str]) -> Iterator[str]:
    say = campaign_words.allotment if admission.policy is Policy.ALLOTTED else campaign_words.unit_bound
    for unit_id, one in admission.units.items():
        yield say(paths.get(unit_id, ""), one.places)


def eligible_words(campaign: CampaignFacts) -> str:
    """Who may sign up, where that is not everybody."""
    it = campaign.eligible
    paths = units.paths_of(it.unit_ids)
    return campaign_words.eligible(it.gender, [paths[id_] for id_ in it.unit_ids if id_ in paths], it.listed)


def _agenda(campaign: CampaignFacts) -> tuple[ActivityStop, ...]:
    days = {activity.starts_at.date() for activity in campaign.activities}
    return tuple(_stop(activity, dated=len(days) > 1) for activity in campaign.activities)


def _stop(activity: ActivityFacts, *, dated: bool) -> ActivityStop:
    return ActivityStop(
        day=activity.starts_at if dated else None,
        at=activity.starts_at if activity.time_known else None,
        title=activity.title,
        text=kind_words.translated(kind_of(activity.kind).rule(activity.parameters)),
        cancelled=activity.schedule is ScheduleState.CANCELLED,
    )
