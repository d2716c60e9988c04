"""`flask audit verify`: the whole trail, row by row and seal by seal, and against heads kept outside. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from . import heads, seals
from .audit import AuditEntry, AuditSeal, is_ours
from .db import db
from .heads import Noted
from .keys import keys_in_use
from .seals import Head

LINKS = 500  # seals or rows read at once
NAMED = 100  # of the rows that are gone in one range
RESTORED = "installation.restored"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with the trail. `code` is worded by `words.trail_words`; `entry` is a row's number."""

    code: str
    entry: int | None = None
    seal: int | None = None
    last: int | None = None


@dataclass(slots=True)
class Checked:
    """What a check found. `old` rows are from before rows had MACs; `restored_at` says that the heads outside are
    later than this database because it was put back from a backup; `restores` are all there were.
    """

    sealed: int = 0
    unsealed: int = 0
    old: int = 0
    head: Head = field(default_factory=lambda: Head(0, seals.NOTHING))
    findings: list[Finding] = field(default_factory=list)
    restored_at: datetime | None = None
    restores: list[datetime] = field(default_factory=list)

    @property
    def broken(self) -> int | None:
        """The first row that is not as it was written; 0 where it is known no more which; None: all is well."""
        return (self.findings[0].entry or 0) if self.findings else None

    def add(self, code: str, **where: int | None) -> None:
        """One thing more that is wrong; nothing is named twice."""
        finding = Finding(code, **where)
        if finding not in self.findings:
            self.findings.append(finding)


Sealed = tuple[int, bytes, int, AuditEntry | None]  # number, hash, row's number, the row


def verify(noted: Sequence[Noted] = (), told: Head | None = None) -> Checked:
    """Check everything; `noted` are the lines of the file of heads, `told` a head from a letter (its hash may be
    the first half).
    """
    checked = Checked()
    marks = _Marks(heads.current(noted), told)
    _Walk(checked).whole(marks)
    _check_unsealed(checked)
    for nonce in db.session.scalars(
        select(AuditEntry.nonce).group_by(AuditEntry.nonce).having(func.count() > 1)
    ):
        if nonce is not None:
            copies = select(AuditEntry.id).where(AuditEntry.nonce == nonce).order_by(AuditEntry.id.desc())
            checked.add("audit_row.copied", entry=db.session.scalar(copies.limit(1)))
    marks.settle(checked)
    return checked


class _Marks:
    """Heads from outside, compared as the chain is walked."""

    def __init__(self, noted: Sequence[Noted], told: Head | None) -> None:
        self.noted, self.told = noted, told
        self.expected: dict[int, str] = {line.last: line.hash for line in noted}
        self.differ: list[int] = []

    def meet(self, number: int, stored: bytes) -> None:
        """A seal that is there."""
        if self.expected.get(number, stored.hex()) != stored.hex():
            self.differ.append(number)
        if self.told and number == self.told.count and not stored.hex().startswith(self.told.hash.hex()):
            self.differ.append(number)

    def settle(self, checked: Checked) -> None:
        """Say what the chain lacks; a database that was put back after the last line lacks nothing."""
        end = max((line.last for line in self.noted), default=0)
        told = self.told.count if self.told else 0
        lacks = bool(self.differ) or max(end, told) > checked.head.count
        since = self.noted[-1].at if self.noted else None
        checked.restores = restores()
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


def restores() -> list[datetime]:
    """When the database was put back from a backup, by rows of ours; the oldest first."""
    keys = keys_in_use().good("audit")
    rows = select(AuditEntry).where(AuditEntry.action == RESTORED).order_by(AuditEntry.id)
    return [row.at for row in db.session.scalars(rows) if is_ours(row, keys)]


def restored_after(since: str, found: Sequence[datetime]) -> datetime | None:
    """The first restore after a line of the file was written."""
    return next((at for at in found if at > datetime.fromisoformat(since)), None)


def missing_of(line: Noted) -> list[int]:
    """The rows that a line tells of and that are not there; of each range at most a hundred are named."""
    missing: list[int] = []
    for first, last in heads.listed(line.entries):
        here = AuditEntry.id.between(first, last)
        if db.session.scalar(select(func.count()).select_from(AuditEntry).where(here)) == last - first + 1:
            continue
        there = set(db.session.scalars(select(AuditEntry.id).where(here)))
        missing += [n for n in range(first, last + 1) if n not in there][:NAMED]
    return missing


class _Walk:
    """The chain from its beginning. After a seal that does not fit, the next is checked against what is stored, so
    that each finding names one place.
    """

    def __init__(self, checked: Checked) -> None:
        self.checked, self.keys, self.pin = checked, keys_in_use().good("audit"), seals.find_pin()
        self.plain = self.pin.seals if self.pin else 0
        self.before = Head(0, seals.NOTHING)

    def whole(self, marks: _Marks) -> None:
        """All of it, and the pin at its place."""
        if self.pin is None:
            self.checked.add("audit_trail.no_pin")
        self._check_pin()
        for number, stored, entry_id, entry in _chain():
            self._check(number, stored, entry_id, entry)
            marks.meet(number, stored)
            self.before = Head(number, stored)
            self.checked.sealed += 1
            self._check_pin()
        if self.before.count < self.plain:
            self.checked.add("audit_seal.end_missing", seal=self.before.count + 1, last=self.plain)
        self.checked.head = self.before

    def _check_pin(self) -> None:
        here = self.pin is not None and self.before.count == self.plain
        if here and self.pin and not seals.is_pinned(self.pin, self.before.hash, self.keys):
            self.checked.add("audit_trail.old_changed")

    def _check(self, number: int, stored: bytes, entry_id: int, entry: AuditEntry | None) -> None:
        follows = number == self.before.count + 1
        if not follows:
            self.checked.add("audit_seal.missing", seal=self.before.count + 1, last=number - 1)
        if entry is None:
            self.checked.add("audit_row.missing", entry=entry_id)
        elif number <= self.plain:
            self._check_old(entry, stored, follows=follows)
        elif not is_ours(entry, self.keys):
            _name_forged(self.checked, entry)
        elif follows and not seals.is_link(self.keys, number, self.before.hash, entry, stored):
            self.checked.add("audit_row.not_sealed_here", entry=entry.id, seal=number)

    def _check_old(self, entry: AuditEntry, stored: bytes, *, follows: bool) -> None:
        self.checked.old += 1
        if self.pin is None or entry.id > self.pin.entries or entry.mac is not None:
            self.checked.add("audit_row.forged", entry=entry.id)
        elif follows and seals.plain_link(self.before.hash, entry) != stored:
            self.checked.add("audit_row.changed", entry=entry.id)


def _name_forged(checked: Checked, entry: AuditEntry) -> None:
    checked.add("audit_row.changed" if entry.mac else "audit_row.forged", entry=entry.id)


def _chain() -> Iterator[Sealed]:
    """Each seal with its row, in order, some hundreds in memory."""
    rows = select(AuditSeal.id, AuditSeal.hash, AuditSeal.entry_id, AuditEntry).outerjoin(
        AuditEntry, AuditEntry.id == AuditSeal.entry_id
    )
    after = 0
    while some := db.session.execute(
        rows.where(AuditSeal.id > after).order_by(AuditSeal.id).limit(LINKS)
    ).all():
        yield from ((number, hashed, entry_id, entry) for number, hashed, entry_id, entry in some)
        after = some[-1].id
        db.session.expunge_all()


def _check_unsealed(checked: Checked) -> None:
    """Rows that wait for their seal: all of them are new, so each has its MAC."""
    keys, after = keys_in_use().good("audit"), 0
    rows = select(AuditEntry).outerjoin(AuditSeal).where(AuditSeal.id.is_(None)).order_by(AuditEntry.id)
    while some := db.session.scalars(rows.where(AuditEntry.id > after).limit(LINKS)).all():
        for entry in some:
            if not is_ours(entry, keys):
                _name_forged(checked, entry)
        checked.unsealed += len(some)
        after = some[-1].id
        db.session.expunge_all()


def facts_of(finding: Finding) -> Mapping[str, int]:
    """What the words of a finding need."""
    where = {"entry": finding.entry, "seal": finding.seal, "last": finding.last}
    return {name: value for name, value in where.items() if value is not None}
