"""What an entry by hand would lead to now, for the page that shows it before it is done. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventreg.campaigns import eligibility
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import PoolFacts, check_changeable, check_open, pools_at, pools_for
from eventreg.core.errors import Refused
from eventreg.registrations import participants, reading
from eventreg.registrations.answers import choices
from eventreg.registrations.answers.rules import Chosen
from eventreg.registrations.one_of import group_claims
from eventreg.registrations.reading import RegistrationFacts
from eventreg.registrations.rules import RegistrationState, place_newcomer

from .placing import EntryResult
from .rules import CAN_BE_OVERRULED


@dataclass(frozen=True, slots=True)
class EntryOutlook:
    """What would happen to a person who is entered now.

    `live` is the registration that they have already, `refused` the rule that stands against it; `result` is a place or
    the waiting list, at `position`. `extended` are the pools that an added place would make larger.
    """

    live: RegistrationFacts | None
    refused: Refused | None
    result: EntryResult
    position: int | None
    extended: tuple[PoolFacts, ...]

    @property
    def is_seated(self) -> bool:
        """Whether the person has a place already: there is nothing to enter."""
        return self.live is not None and self.live.state is RegistrationState.SEATED

    @property
    def waits(self) -> bool:
        """Whether the person is on the waiting list: only an added place changes that."""
        return self.live is not None and self.live.state is RegistrationState.WAITING

    @property
    def impossible(self) -> Refused | None:
        """The rule that nobody may overrule, if that is what stands against it."""
        return self.refused if self.refused and self.refused.code not in CAN_BE_OVERRULED else None

    @property
    def overruled(self) -> Refused | None:
        """The rule that an entry would overrule."""
        return self.refused if self.refused and self.refused.code in CAN_BE_OVERRULED else None


def foresee(
    campaign: CampaignFacts, person_id: int, *, now: datetime, chosen: Chosen = choices.NOTHING
) -> EntryOutlook:
    """What entering this person would lead to, with these options chosen. Raises NotFound for an unknown person."""
    live, pools = reading.find_live(campaign.id, person_id), pools_at(campaign.pools, now=now)
    if live is not None:
        chosen = choices.of_registration(live.id)
    applicant = participants.get_applicant(person_id).choosing(chosen)
    place = place_newcomer(applicant.candidate, pools, waiting=campaign.waiting)
    waits = place.state is RegistrationState.WAITING
    return EntryOutlook(
        live=live,
        refused=refusal_of(campaign, applicant, now=now),
        result=EntryResult.WAITING if waits else EntryResult.PLACE,
        position=campaign.waiting + 1 if waits else None,
        extended=pools_for(applicant.candidate, pools) if waits or live else (),
    )


def refusal_of(
    campaign: CampaignFacts, applicant: participants.Applicant, *, now: datetime
) -> Refused | None:
    """The rule that stands against signing this person up now, as `service.register` would refuse it."""
    try:  # what nobody may overrule comes first
        check_changeable(campaign.window, now=now)
        check_open(campaign.window, now=now)
    except Refused as refused:
        return refused
    if not applicant.employed:
        return Refused("registration.left")
    person_id = applicant.candidate.person_id
    why = eligibility.restrictions_of(person_id, [campaign]).get(campaign.id)
    if why is not None:
        return Refused("registration.not_for_you", why=str(why))
    if campaign.one_of is not None:
        held = group_claims.find_held(campaign.season_id, campaign.one_of, person_id)
        if held is not None and held.slug != campaign.slug:
            return Refused("registration.one_of_taken", title=held.title)
    return None
