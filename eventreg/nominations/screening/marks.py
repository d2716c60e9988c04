"""What hangs on submitted nominations: signature, consents, receipt, each asked where it is kept."""

from __future__ import annotations

from collections.abc import Collection

from eventreg.nominations.papers import service as papers

from .rules import Marks


def marks_of(nomination_ids: Collection[int]) -> dict[int, Marks]:
    """Of each of these, also where nothing is there yet."""
    received = {id_: receipt.version for id_, receipt in papers.standing_of(nomination_ids).items()}
    return {id_: Marks(received=received.get(id_)) for id_ in nomination_ids}
