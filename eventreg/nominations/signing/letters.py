"""Letters about nominations. They hold ids only; `delivery` makes their text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from eventreg.accounts import grants
from eventreg.nominations.models import Nomination
from eventreg.outbox import service as outbox
from eventreg.outbox.service import Recipient
from eventreg.people import service as people

from . import who_may_sign
from .models import Delegation, NominationCorrection
from .rules import ConsentPurpose

DEFAULT_LOCALE = "zh-CN"


def tell_signers(row: Nomination, *, voided: bool, now: datetime) -> None:
    """Ask the heads for a signature, or inform them that theirs is void; one letter for each submission."""
    kind = "signature_voided" if voided else "signature_due"
    signers = who_may_sign.signers_of(row.unit_id, but=row.person_id, now=now)
    _post(kind, row, f"{row.handed_in}:{now.isoformat()}", signers, now=now)


def tell_nominee(row: Nomination, *, now: datetime) -> None:
    """Ask the nominee for consent, with one letter for each submission that needs an answer."""
    _post("consent_due", row, f"{row.handed_in}:{now.isoformat()}", [row.person_id], now=now)


def tell_contacts(row: Nomination, correction: NominationCorrection, *, now: datetime) -> None:
    """Inform the department's contacts that the nominee reported something wrong; the text is on the page."""
    contacts = who_may_sign.contacts_of(row.unit_id, now=now)
    _post("correction_sent", row, f"{correction.id}", contacts, now=now)


def tell_returned(row: Nomination, *, now: datetime) -> None:
    """Inform the department's contacts that the head or HR returned it: why, and until when to correct it."""
    _to_contacts("nomination_returned", row, now=now)


def tell_ruled_out(row: Nomination, *, now: datetime) -> None:
    """Inform the department's contacts that HR found it not eligible, and that its place is free."""
    _to_contacts("nomination_ineligible", row, now=now)


def tell_declined(row: Nomination, purpose: ConsentPurpose, *, now: datetime) -> None:
    """Inform the department's contacts that the nominee declined or withdrew a consent."""
    _to_contacts("consent_declined", row, purpose, now=now)


def tell_reviewers(row: Nomination, purpose: ConsentPurpose, *, now: datetime) -> None:
    """Inform HR that a nominee withdrew a consent, and which one."""
    for to in _recipients(grants.list_reviewers(now=now)):
        key = f"consent_withdrawn:{row.id}:{purpose}:{now.isoformat()}:{to.person_id}"
        facts = {"nomination": row.id, "purpose": str(purpose)}
        outbox.post("consent_withdrawn", to, key=key, facts=facts, campaign_id=row.campaign_id, now=now)


def tell_passed_on(row: Nomination, *, now: datetime) -> None:
    """Inform the department's contacts that an employee's proposal was passed on to them."""
    _to_contacts("proposal_passed_on", row, now=now)


def tell_extended(campaign_id: int, unit_id: int, until: datetime, *, now: datetime) -> None:
    """Inform a department's contacts that they may submit until a later instant."""
    facts = {"campaign": campaign_id, "unit": unit_id, "until": until.isoformat()}
    for to in _recipients(who_may_sign.contacts_of(unit_id, now=now)):
        key = (
            f"deadline_extended:{campaign_id}:{unit_id}:{until.timestamp()}:{now.timestamp()}:{to.person_id}"
        )
        outbox.post(
            "deadline_extended", to, key=key, facts=facts, campaign_id=campaign_id, expires_at=until, now=now
        )


def tell_delegate(row: Delegation, *, now: datetime) -> None:
    """Inform a delegate that they may sign."""
    # One that has not begun is deleted when it is ended, and SQLite gives its id again: the key names the instant too.
    key, facts = f"delegated:{row.id}:{now.timestamp()}", {"delegation": row.id}
    for to in _recipients([row.delegate_id]):
        outbox.post("delegated", to, key=key, facts=facts, expires_at=row.until, now=now)


def _to_contacts(kind: str, row: Nomination, mark: str = "", *, now: datetime) -> None:
    contacts = who_may_sign.contacts_of(row.unit_id, now=now)
    _post(kind, row, f"{row.handed_in}:{mark}{now.isoformat()}", contacts, now=now)


def _post(kind: str, row: Nomination, mark: str, people_ids: Iterable[int], *, now: datetime) -> None:
    for to in _recipients(people_ids):
        outbox.post(
            kind,
            to,
            key=f"{kind}:{row.id}:{mark}:{to.person_id}",
            facts={"nomination": row.id, "version": row.handed_in},
            campaign_id=row.campaign_id,
            now=now,
        )


def _recipients(people_ids: Iterable[int]) -> list[Recipient]:
    ids = list(people_ids)
    found = people.people_by_id(ids)
    return [Recipient(id_, found[id_].email, found[id_].locale or DEFAULT_LOCALE) for id_ in ids]
