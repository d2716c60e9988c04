"""Signature, consents and paper receipt of submitted nominations, each read from its own service."""

from __future__ import annotations

from collections.abc import Collection

from eventreg.nominations.papers import service as papers
from eventreg.nominations.signing import service as signing
from eventreg.nominations.signing.rules import ConsentAnswer, ConsentPurpose

from .rules import ConsentState, SubmissionMarks

ANSWERS = {
    ConsentAnswer.GIVEN: ConsentState.GIVEN,
    ConsentAnswer.DECLINED: ConsentState.DECLINED,
    ConsentAnswer.WITHDRAWN: ConsentState.DECLINED,
}


def marks_of(nomination_ids: Collection[int]) -> dict[int, SubmissionMarks]:
    """The marks of each of these nominations, also where nothing exists yet."""
    received = {id_: receipt.version for id_, receipt in papers.standing_of(nomination_ids).items()}
    signed, said = signing.standing_of(nomination_ids), signing.consents_of(nomination_ids)
    return {
        id_: SubmissionMarks(
            signed=signed[id_] is not None,
            judges=_answer(said[id_][ConsentPurpose.JUDGES]),
            notice=_answer(said[id_][ConsentPurpose.NOTICE]),
            sensitive=_answer(said[id_][ConsentPurpose.SENSITIVE])
            if ConsentPurpose.SENSITIVE in said[id_]
            else None,
            received=received.get(id_),
        )
        for id_ in nomination_ids
    }


def _answer(consent: signing.ConsentFacts | None) -> ConsentState:
    return ConsentState.NONE if consent is None else ANSWERS[consent.answer]
