"""What hangs on submitted nominations: signature, consents, receipt, each asked where it is kept."""

from __future__ import annotations

from collections.abc import Collection

from eventreg.nominations.papers import service as papers
from eventreg.nominations.signing import service as signing
from eventreg.nominations.signing.rules import Answer, Purpose

from .rules import Consent, Marks

ANSWERS = {
    Answer.GIVEN: Consent.GIVEN,
    Answer.DECLINED: Consent.DECLINED,
    Answer.WITHDRAWN: Consent.DECLINED,
}


def marks_of(nomination_ids: Collection[int]) -> dict[int, Marks]:
    """Of each of these, also where nothing is there yet."""
    received = {id_: receipt.version for id_, receipt in papers.standing_of(nomination_ids).items()}
    signed, said = signing.standing_of(nomination_ids), signing.consents_of(nomination_ids)
    return {
        id_: Marks(
            signed=signed[id_] is not None,
            judges=_answer(said[id_][Purpose.JUDGES]),
            notice=_answer(said[id_][Purpose.NOTICE]),
            received=received.get(id_),
        )
        for id_ in nomination_ids
    }


def _answer(consent: signing.Consent | None) -> Consent:
    return Consent.NONE if consent is None else ANSWERS[consent.answer]
