"""View models of a quota table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from eventreg.accounts.rules import Role
from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations.quota_allotment import AllotmentRule
from eventreg.nominations.quota_file import QuotaFile
from eventreg.nominations.quotas import QuotaLine
from eventreg.nominations.rules import Terms, few_places
from eventreg.nominations.signing.manning import Unmanned, list_unmanned
from eventreg.reports.quota_sheet import stated_rule
from eventreg.web.app import current
from eventreg.words.award import quota_words

LINES_MOST = 30
VALUE_MOST = 40


@dataclass(frozen=True, slots=True)
class QuotaTable:
    """The totals of a quota table, its rule, and the departments with a later deadline.

    `total` is the sum of the numbers on the page, `stored` of those that are saved.
    """

    total: int
    stored: int
    filled: int
    women: int
    seats: int
    few: bool
    rule: str
    extended: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a file brought: how many departments, the lines that were not taken, the departments that it lacks."""

    taken: int
    lines: tuple[str, ...]
    more: int
    missing: tuple[str, ...]
    hidden: int


def table(
    campaign: CampaignFacts,
    lines: Sequence[QuotaLine],
    asks: Terms,
    rule: AllotmentRule | None,
    *,
    total: int,
) -> QuotaTable:
    """A table in words; `total` is the sum of the numbers on the page."""
    later = [(line.unit, line.extended_until) for line in lines if line.extended_until]
    return QuotaTable(
        total=total,
        stored=sum(line.places for line in lines),
        filled=sum(line.filled for line in lines),
        women=sum(line.women for line in lines),
        seats=asks.seats,
        few=few_places(total, asks.seats),
        rule=stated_rule(rule, lines) if rule else "",
        extended=tuple((unit, at.astimezone(campaign.zone)) for unit, at in later),
    )


def file_report(read: QuotaFile) -> FileReport:
    """What was read of a file, in words."""
    shown = read.skipped[:LINES_MOST]
    return FileReport(
        taken=len(read.requests),
        lines=tuple(
            quota_words.skipped_line(
                one.line, str(one.fault), unit=_short(one.unit), places=_short(one.places)
            )
            for one in shown
        ),
        more=len(read.skipped) - len(shown),
        missing=read.missing,
        hidden=read.hidden,
    )


def _short(text: str) -> str:
    plain = "".join(mark if mark.isprintable() else " " for mark in text)
    return plain if len(plain) <= VALUE_MOST else f"{plain[:VALUE_MOST]}…"


def manned(lines: Iterable[QuotaLine], *, now: datetime) -> dict[str, Any]:
    """For the pages of a quota table: departments that lack somebody, and where an administrator names them."""
    lacking = [(one.unit, _missing(one)) for one in list_unmanned(lines, now=now)]
    is_admin = Role.ADMINISTRATOR in current.roles()
    return {"lacking": lacking, "people_url": url_for("people.people") if is_admin else ""}


def _missing(one: Unmanned) -> str:
    if one.contact and one.head:
        return _("没有部门联系人，也没有负责人")
    return _("没有部门联系人") if one.contact else _("没有负责人")
