"""Submit a nomination, submit it again after changes, or withdraw it; the quota is counted with it."""

from __future__ import annotations

from datetime import datetime

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.errors import Refused
from eventreg.people import service as people
from eventreg.people.rules import Gender

from . import drafts, quotas, reading, terms
from .completeness import lacks
from .models import Nomination, Quota
from .papers import check_codes, submitted_terms
from .rules import (
    EDITABLE,
    NominationContent,
    NominationState,
    Nominee,
    SubmissionGap,
    check_nominee,
    check_open,
)
from .screening import index
from .signing import service as signing
from .wordcount import RULE, WordCount, count, digest

KEPT = ("handed_in", "due_at", "zishu", "han", "characters", "rule", "digest", "submitted_at", "submitted_by")

DECIDED = frozenset({str(NominationState.CANDIDATE), str(NominationState.INELIGIBLE)})
AWAITING_DECISION = frozenset({str(NominationState.SUBMITTED), str(NominationState.RETURNED)})


def lacks_of(content: NominationContent, campaign: CampaignFacts, *, now: datetime) -> list[SubmissionGap]:
    """Everything that a content lacks at `now` in the award's zone."""
    return _lacks(content, campaign, count(content.deeds), now=now)


def submit(nomination_id: int, *, seen: int, actor: Actor, began: datetime | None = None) -> None:
    """Submit the version that was seen; it takes a place of the department's quota, or is refused.

    `began` is when the request began, which decides whether it was in time on a slow connection. A nomination that was
    submitted or returned keeps its place when it is submitted again; other words void the signature, and the head and
    the nominee are informed (`signing.handed_in`).

    The counts, the rule of counting and the text's hash are stored with it. Raises NotFound,
    Refused("nomination.not_draft"), ("nomination.changed_meanwhile"), ("nomination.lacking") with the number of gaps,
    ("nomination.over_quota") with the places, and what `check_open` and `check_nominee` raise.
    """
    row = drafts.lock(nomination_id, actor=actor)
    if row.state == str(NominationState.SUBMITTED) and row.handed_in == seen:
        return
    if NominationState(row.state) not in EDITABLE:
        raise Refused("nomination.not_draft")
    if row.version != seen:
        raise Refused("nomination.changed_meanwhile")
    line = _check(row, now=actor.now, began=began)
    content = reading.saved(row.id, row.version).content
    counted = count(content.deeds)
    campaign = campaigns.campaign_by_id(row.campaign_id)
    if missing := _lacks(content, campaign, counted, now=actor.now):
        raise Refused("nomination.lacking", count=len(missing))
    line.filled += row.handed_in is None
    _keep_count(row, content, counted)
    row.state, row.handed_in, row.due_at = str(NominationState.SUBMITTED), seen, None
    row.submitted_at, row.submitted_by = actor.now, actor.person_id
    held_to = submitted_terms.as_row(terms.terms_of(campaign))
    check_codes.record(row.id, seen, content, held_to, now=actor.now)
    index.keep(row.id, seen, content)
    drafts.note(row, "submitted", actor=actor)
    signing.handed_in(row, content, actor=actor)


def withdraw(nomination_id: int, *, actor: Actor) -> None:
    """Withdraw a nomination. Its place becomes free, and the person can be nominated again.

    Raises NotFound, Refused("nomination.decided") once HR has decided, and for a submitted one after the deadline what
    `check_open` raises.
    """
    row = drafts.lock(nomination_id, actor=actor)
    if row.state == str(NominationState.WITHDRAWN):
        return
    if row.state in DECIDED:
        raise Refused("nomination.decided")
    if row.state in AWAITING_DECISION:
        _campaign, line = _open(row, now=actor.now)
        _give_back(row, line)
    row.state = str(NominationState.WITHDRAWN)
    index.forget(row.id)
    drafts.note(row, "withdrawn", actor=actor)


def _check(row: Nomination, *, now: datetime, began: datetime | None) -> Quota:
    """Check that it is in time, that the nominee is of the department, and that a place is left."""
    campaign, line = _open(row, now=now, began=began)
    person = people.person_facts(row.person_id)
    nominee = Nominee(person.gender is Gender.FEMALE, person.employed, person.unit_id)
    check_nominee(nominee, terms.terms_of(campaign), unit_ids=people.units_under(row.unit_id))
    if row.handed_in is None and line.filled >= line.places:
        raise Refused("nomination.over_quota", places=line.places)
    return line


def _open(row: Nomination, *, now: datetime, began: datetime | None = None) -> tuple[CampaignFacts, Quota]:
    campaign = campaigns.campaign_by_id(row.campaign_id)
    line = quotas.lock_line(row.campaign_id, row.unit_id)
    if line is None:
        raise Refused("nomination.over_quota", places=0)
    check_open(campaign.window, line.extended_until, now=now, due_at=row.due_at, began=began)
    return campaign, line


def _give_back(row: Nomination, line: Quota) -> None:
    line.filled -= 1
    for name in KEPT:
        setattr(row, name, None)


def _lacks(
    content: NominationContent, campaign: CampaignFacts, counted: WordCount, *, now: datetime
) -> list[SubmissionGap]:
    today = now.astimezone(campaign.zone).date()
    asks, short = terms.terms_of(campaign), count(content.says("short"))
    return lacks(content, asks, deeds=counted, short=short, today=today)


def _keep_count(row: Nomination, content: NominationContent, counted: WordCount) -> None:
    row.zishu, row.han, row.characters = counted.zishu, counted.han, counted.characters
    row.rule, row.digest = RULE, digest(content.deeds)
