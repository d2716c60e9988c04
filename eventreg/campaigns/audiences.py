"""Whom a campaign's messages can go to. Each room offers its own audiences; whoever writes to one asks here.

A room offers an audience in a module `audiences` of its own, which the factory loads, and words it in
`words/reminders.py`. Reminders know none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select

from eventreg.core.errors import NotFound

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


_offered: dict[str, Audience] = {}


def offer(audience: Audience) -> None:
    """Make an audience known; one that is known under this code is replaced."""
    _offered[audience.code] = audience


def forget(code: str) -> None:
    """Take an audience back."""
    _offered.pop(code, None)


def find_audience(code: str) -> Audience | None:
    """The audience of a code; None when no room offers it (any more)."""
    return _offered.get(code)


def get_audience(code: str) -> Audience:
    """The same; raises NotFound."""
    if (found := find_audience(code)) is None:
        raise NotFound("audience")
    return found


def list_audiences(campaign: CampaignFacts) -> list[Audience]:
    """The audiences that suit a campaign, in the order in which they were offered."""
    return [audience for audience in _offered.values() if audience.suits(campaign)]
