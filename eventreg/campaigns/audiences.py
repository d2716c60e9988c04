"""Audiences: groups of people of a campaign that reminders can go to.

`registrations`, `nominations` and `nominations/papers` each list theirs in a module `audiences`; `reminders/audiences.py`
joins the lists. The texts for an audience are in `words/delivery/reminder_words.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select

from .facts import CampaignFacts


class MessageDeadline(StrEnum):
    """Until when a reminder to an audience is worth sending: the deadline, the start of the event, or after it."""

    DEADLINE = "deadline"
    START = "start"
    AFTER = "after"


People = Select[*tuple[Any, ...]]  # person_id, since


@dataclass(frozen=True, slots=True)
class Audience:
    """People of a campaign who have something in common.

    `people` returns a query for `person_id` and `since`, the instant from which each person belongs to it (null: always).
    `suits` tells whether a campaign can have such people; `kind` is the kind of letter that they get.
    """

    code: str
    people: Callable[[CampaignFacts], People]
    suits: Callable[[CampaignFacts], bool]
    until: MessageDeadline
    kind: str = "reminder"
