"""What a blank filled in and nobody has touched yet: an organiser sees it before publication. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from eventreg.campaigns.facts import CampaignFacts


class Prefilled(StrEnum):
    """Codes in `Campaign.defaults` for values of a blank; employees are not shown them.

    `RULES` stands for the parameters of activities, such as the number of women of each team at a forum.
    """

    WHEN = "blank.when"
    RULES = "blank.rules"
    PLACES = "blank.places"
    DEADLINE = "blank.deadline"
    AUDIENCE = "blank.audience"
    QUESTIONS = "blank.questions"


_BY_FIELD = {
    "audience": Prefilled.AUDIENCE,
    "closes_at": Prefilled.DEADLINE,
    "starts_at": Prefilled.WHEN,
    "ends_at": Prefilled.WHEN,
    "schedule": Prefilled.WHEN,
    "parameters": Prefilled.RULES,
}


def touched_by(action: str, fields: Iterable[str] = ()) -> set[Prefilled]:
    """The prefilled values that an organiser has dealt with by this change, an action of the audit trail without its
    room, such as "basics_changed" with the names of the changed columns."""
    rules = {Prefilled.RULES} if action == "award_changed" else set()
    by_field = {_BY_FIELD[name] for name in fields if name in _BY_FIELD}
    places = {Prefilled.PLACES} if action == "places_changed" else set()
    questions = {Prefilled.QUESTIONS} if action.startswith("question_") else set()
    return by_field | rules | places | questions


def audience_to_show(campaign: CampaignFacts) -> str:
    """What the organiser wrote about who can take part; the words of a blank ("all staff") only where they are true."""
    prefilled = Prefilled.AUDIENCE in campaign.defaults
    return "" if prefilled and campaign.eligible.restricted else campaign.audience


def untouched(defaults: tuple[str, ...]) -> list[Prefilled]:
    """The prefilled values among these defaults, in the order of the pages."""
    return [code for code in Prefilled if code in defaults]


def shown_to_employees(defaults: tuple[str, ...]) -> tuple[str, ...]:
    """The defaults that pages for employees name: what the plan of the event left open."""
    return tuple(code for code in defaults if code not in set(Prefilled))
