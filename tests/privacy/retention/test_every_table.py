"""Every table of the product has an end: removed at a date, kept because it says nothing about a person, or ended elsewhere."""

from __future__ import annotations

from sqlalchemy import MetaData, String, Table, Text

from eventreg.models import METADATA
from eventreg.privacy.retention.belonging import of_campaign, rows_of
from eventreg.privacy.retention.rules import ELSEWHERE, NOT_PERSONAL, REMOVALS

# Text columns that stay until the archive's date: codes, ids, hashes, and what the record is made of.
STAYS = {
    "admission.check_point",
    "campaign_grant.granted_by",
    "campaign_grant.role",
    "crossing.check_point",
    "crossing.nonce",
    "crossing.struck_by",
    "crossing.struck_reason",
    "draw.by",
    "draw.purpose",
    "draw.seed",
    "flight.by",
    "hand_act.act",
    "hand_act.by",
    "hand_act.reason",
    "let_in.answered",
    "let_in.check_point",
    "let_in.nonce",
    "let_in.off_by",
    "let_in.off_reason",
    "let_in.shown",
    "message.answer",
    "message.audience",
    "message.question",
    "message.sent_by",
    "message.subject",
    "nomination.digest",
    "nomination.rule",
    "nomination.state",
    "nomination_consent.digest",
    "nomination_consent.notice_version",
    "nomination_consent.purpose",
    "nomination_decision.reason",
    "nomination_decision.verdict",
    "nomination_index.body",
    "nomination_signature.digest",
    "nomination_version.deeds",
    "nomination_version.tab",
    "one_of_claim.one_of",
    "opinion.answer",
    "opinion.by",
    "opinion.office",
    "paper_receipt.reason",
    "programme_item.kind",
    "programme_item.reason",
    "programme_item.state",
    "programme_item.title",
    "registration.confirm_for",
    "judged_nomination.points",
    "panel_member.part",
    "recusal.by",
    "recusal.ground",
    "registration.ended_why",
    "registration.source",
    "registration.state",
    "scan.check_point",
    "scan.nonce",
    "scan.reason",
    "scan.shown",
    "scan.verdict",
    "submission.digest",
    "team.formed",
    "team.name",
    "time_fix.by",
    "time_fix.check_point",
    "walk_note.by",
    "walk_note.kind",
}


def without_an_end(metadata: MetaData) -> list[str]:
    """The tables that nobody thought of."""
    reached = {t.name for t in metadata.tables.values() if rows_of(t, of_campaign(1)) is not None}
    return sorted(set(metadata.tables) - reached - NOT_PERSONAL - set(ELSEWHERE))


def test_every_table_has_an_end() -> None:
    assert without_an_end(METADATA) == []


def test_a_table_that_nobody_thought_of_is_named() -> None:
    """The control: a table about people without a line."""
    metadata = MetaData()
    for table in METADATA.tables.values():
        table.to_metadata(metadata)
    Table("diary", metadata)

    assert without_an_end(metadata) == ["diary"]


def test_no_line_is_about_a_table_or_column_that_is_gone() -> None:
    assert {one.table for one in REMOVALS} | NOT_PERSONAL | set(ELSEWHERE) <= set(METADATA.tables)
    assert [
        one.table for one in REMOVALS if set(one.blank) - set(METADATA.tables[one.table].columns.keys())
    ] == []
    assert set(ELSEWHERE) & NOT_PERSONAL == set()


def test_a_free_text_of_a_removed_table_goes_or_is_named_here() -> None:
    """Text columns of tables that stay until the archive's date: each is blanked, or listed."""
    blanked = {f"{one.table}.{column}" for one in REMOVALS for column in one.blank}
    whole = {one.table for one in REMOVALS if not one.blank and not one.only} | {"letter"}
    found = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        if rows_of(table, of_campaign(1)) is not None and table.name not in NOT_PERSONAL | whole
        for column in table.columns
        if isinstance(column.type, (String, Text)) and not column.foreign_keys
    }

    assert found - blanked == STAYS
