"""When personal data are due to go, and what happens to each table that holds any (PIPL 19, 47). Pure.

At `retain_until` what was needed to run the event goes; at `archive_until` the record goes too. Every table of the product
has a line here or in `ELSEWHERE`: a test fails for one that has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

ASSESSMENT_YEARS = 3  # PIPL 56
ANNOUNCED = timedelta(days=7)  # before a removal organisers see that it comes


class DueDate(StrEnum):
    """The two dates of a campaign at which something is removed."""

    RETAIN = "retain"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes at `retain_until`: rows of a table, or the values of `blank` columns in rows that stay.

    `part` is what people call it. `only` narrows the rows: "drafts" to nominations that were never submitted, "unsubmitted"
    to versions that were never submitted, "settled" to letters that are not on their way.
    """

    table: str
    part: str
    blank: Mapping[str, object] = field(default_factory=dict)
    only: str = ""


# In this order: what refers to a row goes before it.
REMOVALS = (
    Removal("answer", "answers"),
    Removal("ticket", "tickets"),
    Removal("letter", "letters", only="settled"),
    Removal("let_in", "names_at_the_door", blank={"staff_no": None}),
    Removal("walk_in_request", "names_at_the_door"),
    Removal("hand_act", "notes", blank={"note": None}),
    Removal("crossing", "notes", blank={"note": None}),
    Removal("walk_note", "notes", blank={"note": ""}),
    Removal("time_fix", "notes", blank={"reason": ""}),
    Removal("opinion", "notes", blank={"note": ""}),
    Removal("paper_receipt", "notes", blank={"remark": ""}),
    Removal("nomination_correction", "notes"),
    Removal("judge_remark", "notes"),
    Removal("recusal", "notes", blank={"reason": ""}),
    Removal("panel_member", "notes", blank={"why_left": ""}),
    Removal("nomination_file", "files"),
    Removal("nomination_version", "drafts", only="unsubmitted"),
    Removal("nomination_consent", "drafts", only="drafts"),
    Removal("nomination_decision", "drafts", only="drafts"),
    Removal("nomination_signature", "drafts", only="drafts"),
    Removal("nomination_index", "drafts", only="drafts"),
    Removal("programme_item", "drafts", only="drafts"),
    Removal("nomination", "drafts", only="drafts"),
)

# Tables of a campaign that stay when the record goes: they say nothing about a person.
NOT_PERSONAL = frozenset(
    {
        "activity",
        "award_round",
        "criterion",
        "assessment",  # three years from its date
        "award_terms",
        "campaign",
        "campaign_file",
        "campaign_unit",
        "check_point",
        "date_change",
        "device",
        "document",  # gone after seven days
        "exemption",
        "mass_start",
        "pairing",
        "pool",
        "purge_run",
        "question",
        "quota",
        "reminder_rule",
        "robot",
        "screen",
        "stage",
        "structure_limit",
        "wording",
    }
)

# Tables that belong to no campaign, and what ends their rows.
ELSEWHERE: Mapping[str, str] = {
    "api_token": "no person: programs of the company",
    "audit_entry": "kept: the trail of who did what, with ids instead of names",
    "audit_seal": "no person",
    "browser_session": "deleted ninety days after its end",
    "calendar_day": "no person",
    "calendar_feed": "deleted when the person withdraws it or leaves",
    "calendar_year": "no person",
    "code_count": "deleted after a quiet time",
    "delegation": "kept: who could sign for whom",
    "erasure_request": "kept: what was erased on request, without the values",
    "installation": "no person",
    "installation_key": "no person",
    "lapse_watch": "no person",
    "lease": "no person",
    "person": "the company's roster; mail and phone of who left go on request",
    "postbox": "no person",
    "printed_code": "expires",
    "privacy_notice": "kept: what was consented to",
    "request_key": "deleted after a day",
    "role_grant": "kept: who could do what",
    "roster_upload": "deleted when it expires",
    "season": "no person",
    "sign_in_code": "deleted after ninety days",
    "sign_in_link": "expires",
    "unit": "no person",
}

SENSITIVE_FIELDS = ("id_number", "born", "ethnicity", "native_place", "political_status")  # of a 推荐表


def is_due(last_day: date, today: date) -> bool:
    """Whether the last day on which something is kept has passed."""
    return today > last_day


def is_announced(last_day: date, today: date) -> bool:
    """Whether organisers are told now: in the last seven days."""
    return last_day - ANNOUNCED < today <= last_day
