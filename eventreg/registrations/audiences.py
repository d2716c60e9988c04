"""The audiences of campaigns with sign-up: people who have a place, who wait, who have not signed up."""

from __future__ import annotations

from sqlalchemy import cast, func, null, select
from sqlalchemy.orm import aliased

from eventreg.accounts.rules import Role
from eventreg.campaigns.audiences import Audience, MessageDeadline, People
from eventreg.campaigns.eligibility import restriction_of
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.models import CampaignGrant
from eventreg.campaigns.rules import Intake
from eventreg.core.db.base import UTCDateTime
from eventreg.people.models import Person, Unit

from .models import IS_LIVE, Registration
from .rules import RegistrationState

SEATED, WAITING, NOT_SIGNED_UP, ORGANISERS = "seated", "waiting", "unsigned", "organisers"


def _in_state(campaign: CampaignFacts, state: RegistrationState) -> People:
    """The people in a state, each since they are in it: a place that was given later counts from then."""
    since = func.coalesce(Registration.promoted_at, Registration.registered_at)
    return select(Registration.person_id, since.label("since")).where(
        Registration.campaign_id == campaign.id, Registration.state == str(state)
    )


def _not_signed_up(campaign: CampaignFacts) -> People:
    """Everybody employed who may sign up and has no live registration."""
    live = select(Registration.id).where(
        Registration.campaign_id == campaign.id, Registration.person_id == Person.id, IS_LIVE
    )
    rows = select(Person.id.label("person_id"), cast(null(), UTCDateTime()).label("since"))
    rows = rows.where(Person.left_at.is_(None), ~live.exists())
    if not campaign.eligible.restricted:
        return rows
    above, top = aliased(Unit), aliased(Unit)
    units = (
        rows.join(Unit, Unit.id == Person.unit_id)
        .outerjoin(above, above.id == Unit.parent_id)
        .outerjoin(top, top.id == above.parent_id)
    )
    return units.where(restriction_of(campaign.id, units=[Unit.id, above.id, top.id]).is_(None))


def _organisers(campaign: CampaignFacts) -> People:
    """The organisers of the campaign: they get the papers of the day."""
    organises = CampaignGrant.campaign_id == campaign.id, CampaignGrant.role == str(Role.ORGANISER)
    since = cast(null(), UTCDateTime()).label("since")
    return select(CampaignGrant.person_id.label("person_id"), since).where(*organises)


def _takes_sign_ups(campaign: CampaignFacts) -> bool:
    return campaign.accepts is Intake.REGISTRATIONS


AUDIENCES = (
    Audience(
        SEATED,
        lambda c: _in_state(c, RegistrationState.SEATED),
        _takes_sign_ups,
        MessageDeadline.AFTER,
        kind="reminder_seated",
    ),
    Audience(
        WAITING,
        lambda c: _in_state(c, RegistrationState.WAITING),
        _takes_sign_ups,
        MessageDeadline.START,
        kind="reminder_waiting",
    ),
    Audience(
        NOT_SIGNED_UP,
        _not_signed_up,
        _takes_sign_ups,
        MessageDeadline.DEADLINE,
        kind=f"reminder_{NOT_SIGNED_UP}",
    ),
    Audience(ORGANISERS, _organisers, _takes_sign_ups, MessageDeadline.START, kind=f"reminder_{ORGANISERS}"),
)
