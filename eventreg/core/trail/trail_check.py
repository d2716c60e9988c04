"""`flask audit verify`: the whole trail, row by row and seal by seal, and against heads kept outside. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select

from eventreg.core.db.session import db
from eventreg.core.keyring.keys import keys_in_use

from . import heads, seals
from .audit import AuditEntry, is_ours
from .heads import SealedRange
from .seals import ChainHead
from .trail_rows import SealLink, TrailRow, read_links, read_those, read_unsealed

LINKS = 500  # seals or rows read at once
NAMED = 100  # of the rows that are gone in one range
RESTORED = "installation.restored"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with the trail. `code` is worded by `words.trail_words`; `entry` is a row's number, `line` one of
    the file of heads.
    """

    code: str
    entry: int | None = None
    seal: int | None = None
    last: int | None = None
    line: int | None = None


@dataclass(slots=True)
class TrailReport:
    """What a check found. `old` rows are from before rows had MACs; `restored_at` says that the heads outside are
    later than this database because it was put back from a backup; `restores` are all there were.
    """

    sealed: int = 0
    unsealed: int = 0
    old: int = 0
    head: ChainHead = field(default_factory=lambda: ChainHead(0, seals.NOTHING))
    findings: list[Finding] = field(default_factory=list)
    restored_at: datetime | None = None
    restores: list[datetime] = field(default_factory=list)
    told_before: datetime | None = None  # the restore that explains why a head from a letter is not here
    _named: set[Finding] = field(default_factory=set)

    @property
    def broken(self) -> int | None:
        """The first row that is not as it was written; 0 if it is not known which; None if nothing is wrong."""
        return (self.findings[0].entry or 0) if self.findings else None

    def add(self, code: str, **where: int | None) -> None:
        """Add a finding; each is named once."""
        finding = Finding(code, **where)
        if finding not in self._named:
            self._named.add(finding)
            self.findings.append(finding)


def verify(
    noted: Sequence[SealedRange] = (), told: ChainHead | None = None, *, unreadable: Sequence[int] = ()
) -> TrailReport:
    """Check everything; `noted` are the lines of the file of heads, `unreadable` the numbers of those that cannot
    be read, `told` a head from a letter (its hash may be the first half).
    """
    checked = TrailReport()
    for line in unreadable:
        checked.add("audit_head.unreadable", line=line)
    marks = _OutsideHeads(noted, told)
    _ChainWalk(checked).whole(marks)
    _check_unsealed(checked)
    copies = select(func.max(AuditEntry.id)).where(AuditEntry.nonce.is_not(None))
    for entry in db.session.scalars(copies.group_by(AuditEntry.nonce).having(func.count() > 1)):
        checked.add("audit_row.copied", entry=entry)
    marks.settle(checked)
    return checked


class _OutsideHeads:
    """Heads that were noted outside the database, compared while the chain is walked."""

    def __init__(self, noted: Sequence[SealedRange], told: ChainHead | None) -> None:
        self.noted, self.told = heads.current(noted), told
        self.earlier = noted[: len(noted) - len(self.noted)]
        self.expected: dict[int, str] = {line.last: line.hash for line in self.noted}
        self.differ: list[int] = []
        self.is_told_here = False

    def meet(self, number: int, stored: bytes) -> None:
        """A seal that is there."""
        if self.expected.get(number, stored.hex()) != stored.hex():
            self.differ.append(number)
        if self.told and number == self.told.count:
            self.is_told_here = stored.hex().startswith(self.told.hash.hex())

    def settle(self, checked: TrailReport) -> None:
        """Say what the chain lacks; a database that was put back after the last line lacks nothing."""
        end = max((line.last for line in self.noted), default=0)
        checked.restores = restores()
        told = self._settle_told(checked)
        lacks = bool(self.differ) or max(end, told) > checked.head.count
        since = self.noted[-1].at if self.noted else None
        if lacks and since and not (self.told and told > end):
            checked.restored_at = restored_after(since, checked.restores)
        if checked.restored_at is not None:
            return
        for number in self.differ:
            checked.add("audit_seal.other", seal=number)
        if max(end, told) > checked.head.count:
            checked.add("audit_seal.end_missing", seal=checked.head.count + 1, last=max(end, told))
        for line in self.noted:
            for entry in missing_of(line):
                checked.add("audit_row.missing", entry=entry)

    def _settle_told(self, checked: TrailReport) -> int:
        """The number of the head from a letter, 0 when there is nothing to complain of: it is here, or it is on record
        in the file from before a restore.
        """
        if self.told is None or self.is_told_here:
            return 0
        count, hashed = self.told.count, self.told.hash.hex()
        known = [line for line in self.earlier if line.last == count and line.hash.startswith(hashed)]
        if known:
            checked.told_before = restored_after(known[-1].at, checked.restores)
        if checked.told_before is not None:
            return 0
        if count <= checked.head.count:
            self.differ.append(count)
        return count


def restores() -> list[datetime]:
    """When the database was put back from a backup, by rows of ours; the oldest first."""
    keys = keys_in_use().good("audit")
    rows = read_those(select(AuditEntry.id).where(AuditEntry.action == RESTORED), LINKS)
    return [row.entry.at for row in rows if row.entry is not None and is_ours(row.entry, keys)]


def restored_after(since: str, found: Sequence[datetime]) -> datetime | None:
    """The first restore after a line of the file was written."""
    return next((at for at in found if at > datetime.fromisoformat(since)), None)


def missing_of(line: SealedRange) -> list[int]:
    """The rows that a line tells of and that are not there; of each range at most a hundred are named."""
    missing: list[int] = []
    for first, last in heads.listed(line.entries):
        here = AuditEntry.id.between(first, last)
        if db.session.scalar(select(func.count()).select_from(AuditEntry).where(here)) == last - first + 1:
            continue
        there = set(db.session.scalars(select(AuditEntry.id).where(here)))
        missing += islice((n for n in range(first, last + 1) if n not in there), NAMED)
    return missing


class _ChainWalk:
    """The chain from its beginning. After a seal that does not fit, the next is checked against what is stored, so
    that each finding names one place.
    """

    def __init__(self, checked: TrailReport) -> None:
        self.checked, self.keys, self.pin = checked, keys_in_use().good("audit"), seals.find_pin()
        self.plain = self.pin.seals if self.pin else 0
        self.before = ChainHead(0, seals.NOTHING)

    def whole(self, marks: _OutsideHeads) -> None:
        """All of it, and the pin at its place."""
        if self.pin is None:
            self.checked.add("audit_trail.no_pin")
        self._check_pin()
        for link in read_links(LINKS):
            self.checked.sealed += 1
            if link.number < 1:
                self._check_before(link)
                continue
            stored = link.hash or seals.NOTHING
            self._check(link, stored)
            marks.meet(link.number, stored)
            self.before = ChainHead(link.number, stored)
            self._check_pin()
        if self.before.count < self.plain:
            self.checked.add("audit_seal.end_missing", seal=self.before.count + 1, last=self.plain)
        self.checked.head = self.before

    def _check_pin(self) -> None:
        here = self.pin is not None and self.before.count == self.plain
        if here and self.pin and not seals.is_pinned(self.pin, self.before.hash, self.keys):
            self.checked.add("audit_trail.old_changed")

    def _check_before(self, link: SealLink) -> None:
        """A seal below 1: the product makes none, and whatever it covers is not sealed."""
        self.checked.add("audit_seal.number", seal=link.number)
        if link.row is not None:
            _check_alone(self.checked, link.row, self.keys)

    def _check(self, link: SealLink, stored: bytes) -> None:
        number, row = link.number, link.row
        follows = number == self.before.count + 1
        if not follows:
            self.checked.add("audit_seal.missing", seal=self.before.count + 1, last=number - 1)
        if link.hash is None:
            self.checked.add("audit_seal.unreadable", seal=number)
        elif row is None:
            self.checked.add("audit_row.missing", entry=link.entry_id)
        elif number <= self.plain and row.entry is not None:
            self._check_old(row.entry, stored, follows=follows)
        elif (
            _check_alone(self.checked, row, self.keys)
            and follows
            and row.entry is not None
            and not seals.is_link(self.keys, number, self.before.hash, row.entry, stored)
        ):
            self.checked.add("audit_row.not_sealed_here", entry=row.number, seal=number)

    def _check_old(self, entry: AuditEntry, stored: bytes, *, follows: bool) -> None:
        self.checked.old += 1
        _check_number(self.checked, entry.id)
        if self.pin is None or entry.id > self.pin.entries or entry.mac is not None:
            self.checked.add("audit_row.forged", entry=entry.id)
        elif follows and seals.plain_link(self.before.hash, entry) != stored:
            self.checked.add("audit_row.changed", entry=entry.id)


def _check_alone(checked: TrailReport, row: TrailRow, keys: Sequence[bytes]) -> bool:
    """Whether a row is ours, wherever it stands."""
    _check_number(checked, row.number)
    if row.entry is None:
        checked.add("audit_row.unreadable", entry=row.number)
        return False
    if not is_ours(row.entry, keys):
        checked.add("audit_row.changed" if row.entry.mac else "audit_row.forged", entry=row.number)
        return False
    return True


def _check_number(checked: TrailReport, number: int) -> None:
    if number < 1:
        checked.add("audit_row.number", entry=number)


def _check_unsealed(checked: TrailReport) -> None:
    """Rows that wait for their seal: all of them are new, so each has its MAC."""
    keys = keys_in_use().good("audit")
    for row in read_unsealed(LINKS):
        _check_alone(checked, row, keys)
        checked.unsealed += 1


def facts_of(finding: Finding) -> Mapping[str, int]:
    """The facts that the text of a finding needs."""
    where = {"entry": finding.entry, "seal": finding.seal, "last": finding.last, "line": finding.line}
    return {name: value for name, value in where.items() if value is not None}
