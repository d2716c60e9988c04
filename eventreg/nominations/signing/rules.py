"""Hashes of what is signed and of what is shown of a nomination; the period of a delegation. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from eventreg.core.errors import Refused
from eventreg.nominations.rules import CATALOGUE, NominationContent, NominationState

NOTICE_VERSION = (
    "nominee-2"  # of the privacy notice in words/award/signing_words.py; raise it with every change
)
CORRECTION_MOST = 2_000  # characters
LONGEST = timedelta(days=92)  # of a delegation, about three months
NOT_FOR_JUDGES = frozenset({"born", *(key for key, asked in CATALOGUE.items() if asked.sensitive)})
FOR_NOTICE = ("post",)
SUBMITTED_STATES = frozenset(
    {
        NominationState.SUBMITTED,
        NominationState.RETURNED,
        NominationState.CANDIDATE,
        NominationState.INELIGIBLE,
    }
)


class ConsentPurpose(StrEnum):
    """What a nominee consents to: judges read the nomination, the public notice shows it."""

    JUDGES = "judges"
    NOTICE = "notice"


class ConsentAnswer(StrEnum):
    """A nominee's answer to one purpose."""

    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DisclosedContent:
    """What others may see of a nomination: name and unit of the roster, answers by field, short deed, deeds text."""

    name: str
    unit: str
    answers: Mapping[str, str]
    short: str
    deeds: str = ""

    @property
    def digest(self) -> str:
        """A hash of all of it."""
        return _hashed([self.name, self.unit, dict(self.answers), self.short, self.deeds])


def digest_of(content: NominationContent, files: Collection[str] = ()) -> str:
    """A hash of all content of a version and the SHA-256 of its files: what a head signs."""
    return _hashed([dict(content.answers), sorted(content.ticked), content.deeds, sorted(files)])


def shown(
    purpose: ConsentPurpose, content: NominationContent, *, name: str, unit: str, asked: Collection[str]
) -> DisclosedContent:
    """What judges or the notice show; never a birth date, an ID number or other sensitive data (PIPL 28)."""
    for_judges = [key for key in asked if key not in NOT_FOR_JUDGES]
    keys = FOR_NOTICE if purpose is ConsentPurpose.NOTICE else for_judges
    answers = {key: content.says(key) for key in keys if content.says(key)}
    deeds = content.deeds if purpose is ConsentPurpose.JUDGES else ""
    return DisclosedContent(name, unit, answers, content.says("short"), deeds)


def check_period(since: datetime, until: datetime, *, now: datetime) -> None:
    """Check that a delegation ends after it begins, after now, and within three months."""
    if until <= max(since, now):
        raise Refused("delegation.period", field="until")
    if until - since > LONGEST:
        raise Refused("delegation.too_long", field="until", days=LONGEST.days)


def _hashed(said: list[object]) -> str:
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(plain.encode()).hexdigest()
