"""What an audience is: people of a campaign to whom a message can go.

Each room lists its own in a module `audiences`; `reminders/audiences.py` joins the lists. The words of an audience
stand in `words/delivery/reminder_words.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select

from .facts import CampaignFacts


class MessageDeadline(StrEnum):
    """Until when a message to an audience is worth sending: sign-up's end, the event's start, or later."""

    DEADLINE = "deadline"
    START = "start"
    AFTER = "after"


People = Select[*tuple[Any, ...]]  # person_id, since


@dataclass(frozen=True, slots=True)
class Audience:
    """People of a campaign who have something in common.

    `people` selects `person_id` and `since`, the instant from which each belongs to it (null: always), of
    a campaign. `suits` says whether the campaign can have such people, `kind` which letter they get.
    """

    code: str
    people: Callable[[CampaignFacts], People]
    suits: Callable[[CampaignFacts], bool]
    until: MessageDeadline
    kind: str = "reminder"
