"""What the submitted nominations of a person say about them, for that person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select

from eventreg.core.db.session import db
from eventreg.nominations.models import Nomination, NominationVersion

OF_THE_DEPARTMENT = frozenset(
    {"way", "way_other", "chosen_on", "due", "present", "notice_from", "notice_to", "notice_result"}
)


def contents(person_id: int) -> list[dict[str, Any]]:
    """What each submitted nomination of the person says about them; how the department chose is not in it."""
    columns = (Nomination.id, NominationVersion.answers, NominationVersion.deeds, NominationVersion.saved_at)
    submitted = (
        NominationVersion.nomination_id == Nomination.id,
        NominationVersion.number == Nomination.handed_in,
    )
    rows = db.session.execute(
        select(*columns).join(NominationVersion, and_(*submitted)).where(Nomination.person_id == person_id)
    )
    return [
        {
            "nomination": id_,
            **{name: said for name, said in answers.items() if name not in OF_THE_DEPARTMENT},
            "deeds": deeds,
            "saved_at": at,
        }
        for id_, answers, deeds, at in rows
    ]
