"""Long documents: their kinds and states. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

LIFE = timedelta(days=7)  # after that the file is deleted
BADGES_A_PART = 120
LINES_A_PART = 1_000


class DocumentKind(StrEnum):
    """The papers of the day, and the forms of an award."""

    SIGN_IN = "sign_in"
    BADGES = "badges"
    TEAMS = "teams"
    RESULTS = "results"
    BOOKLET = "booklet"
    FORMS = "forms"


class DocumentState(StrEnum):
    """How far a document is."""

    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
