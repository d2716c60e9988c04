"""What hangs on submitted nominations: signature, consents, receipt, each asked where it is kept."""

from __future__ import annotations

from collections.abc import Collection

from .rules import Marks


def marks_of(nomination_ids: Collection[int]) -> dict[int, Marks]:
    """Of each of these, also where nothing is there yet."""
    return {id_: Marks() for id_ in nomination_ids}
