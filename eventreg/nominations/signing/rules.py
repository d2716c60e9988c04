"""Hashes of what is signed and of what is shown of a nomination; the period of a delegation. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from eventreg.core.errors import Refused
from eventreg.nominations.rules import SENSITIVE, NominationContent, NominationState

NOTICE_VERSION = (
    "nominee-3"  # of the privacy notice in words/award/signing_words.py; raise it with every change
)
CORRECTION_MOST = 2_000  # characters
LONGEST = timedelta(days=92)  # of a delegation, about three months
NOT_FOR_JUDGES = frozenset({"born", *SENSITIVE})
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
    """What a nominee consents to: judges read the nomination, the public notice shows it, HR gets her sensitive data.

    The last is asked only where there are such data, and separately (PIPL 29): the award does not hang on it.
    """

    JUDGES = "judges"
    NOTICE = "notice"
    SENSITIVE = "sensitive"


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
    """What a consent is to. Judges and the notice never show a birth date, an ID number or other sensitive data (PIPL 28);
    those are shown to HR, whether the form still asks for them or not."""
    keys = {
        ConsentPurpose.JUDGES: [key for key in asked if key not in NOT_FOR_JUDGES],
        ConsentPurpose.NOTICE: FOR_NOTICE,
        ConsentPurpose.SENSITIVE: SENSITIVE,
    }[purpose]
    answers = {key: content.says(key) for key in keys if content.says(key)}
    if purpose is ConsentPurpose.SENSITIVE:
        return DisclosedContent(name, unit, answers, "")
    deeds = content.deeds if purpose is ConsentPurpose.JUDGES else ""
    return DisclosedContent(name, unit, answers, content.says("short"), deeds)


def purposes_of(*, sensitive: bool) -> tuple[ConsentPurpose, ...]:
    """The purposes that a nominee is asked about; `sensitive` says that the nomination holds sensitive data."""
    return tuple(p for p in ConsentPurpose if sensitive or p is not ConsentPurpose.SENSITIVE)


def for_reviewers(content: NominationContent, *, given: bool) -> NominationContent:
    """What HR reads of a version: without its sensitive data unless the nominee consented to that."""
    if given:
        return content
    said = {key: answer for key, answer in content.answers.items() if key not in SENSITIVE}
    return NominationContent(said, content.ticked, content.deeds)


def check_period(since: datetime, until: datetime, *, now: datetime) -> None:
    """Check that a delegation ends after it begins, after now, and within three months."""
    if until <= max(since, now):
        raise Refused("delegation.period", field="until")
    if until - since > LONGEST:
        raise Refused("delegation.too_long", field="until", days=LONGEST.days)


def _hashed(said: list[object]) -> str:
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(plain.encode()).hexdigest()
