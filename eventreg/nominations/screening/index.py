"""The index of submitted texts for search and comparison; it is written when a nomination is submitted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, select

from eventreg.core.db.session import db
from eventreg.nominations.models import Nomination, NominationVersion
from eventreg.nominations.rules import NominationContent

from .models import NominationIndex
from .overlap import TextOverlap, letters, overlaps, passages, prints, repeated

BATCH = 100  # nominations that one run of the job indexes
SHOWN = 5  # similar texts that are compared in full
SEARCHED = ("post", "honours", "title", "short")


@dataclass(frozen=True, slots=True)
class SimilarNomination:
    """Another nomination, of this award or an earlier one, whose deeds text is similar."""

    nomination_id: int
    campaign_id: int
    person_id: int
    percent: int
    passages: tuple[str, ...]


def keep(nomination_id: int, version: int, content: NominationContent) -> None:
    """Index this version instead of an earlier one."""
    row = db.session.get(NominationIndex, nomination_id, populate_existing=True)
    if row is None:
        row = NominationIndex(nomination_id=nomination_id)
        db.session.add(row)
    said = [content.deeds, *(content.says(key) for key in SEARCHED)]
    row.version, row.body, row.prints = version, "\n".join(map(letters, said)), prints(content.deeds)


def catch_up(*, most: int = BATCH) -> int:
    """Index nominations that were submitted before the index existed; returns how many."""
    kept = NominationIndex.nomination_id == Nomination.id
    rows = (
        select(Nomination.id, NominationVersion)
        .join(NominationVersion, NominationVersion.nomination_id == Nomination.id)
        .outerjoin(NominationIndex, kept)
        .where(NominationVersion.number == Nomination.handed_in, NominationIndex.nomination_id.is_(None))
    )
    found = db.session.execute(rows.order_by(Nomination.id).limit(most)).all()
    for id_, version in found:
        keep(
            id_,
            version.number,
            NominationContent(dict(version.answers), tuple(version.ticked), version.deeds),
        )
    return len(found)


def forget(nomination_id: int) -> None:
    """Remove a withdrawn nomination from the index."""
    db.session.execute(delete(NominationIndex).where(NominationIndex.nomination_id == nomination_id))


def speaks_of(words: str) -> ColumnElement[bool] | None:
    """The condition that a submitted text contains each of these words; None without words."""
    plain = [letters(word) for word in words.split()]
    holds = [NominationIndex.body.contains(word, autoescape=True) for word in plain if word]
    return and_(*holds) if holds else None


def hints(nomination_id: int, deeds: str) -> list[SimilarNomination]:
    """Nominations of all years whose deeds texts share much with this one, the most similar first, with the passages."""
    shares = overlaps(prints(deeds), _others(nomination_id))[:SHOWN]
    told = _texts({share.other for share in shares})
    return [_hint(share, deeds, *told[share.other]) for share in shares]


def repetitions(deeds: str) -> list[str]:
    """Paragraphs that a text contains more than once."""
    return repeated(deeds)


def _others(nomination_id: int) -> list[tuple[int, bytes]]:
    rows = select(NominationIndex.nomination_id, NominationIndex.prints)
    others = rows.where(NominationIndex.nomination_id != nomination_id)
    return [(id_, kept) for id_, kept in db.session.execute(others)]


def _texts(ids: set[int]) -> dict[int, tuple[int, int, str]]:
    rows = (
        select(Nomination.id, Nomination.campaign_id, Nomination.person_id, NominationVersion.deeds)
        .join(NominationVersion, NominationVersion.nomination_id == Nomination.id)
        .where(Nomination.id.in_(ids), NominationVersion.number == Nomination.handed_in)
    )
    return {id_: (campaign, person, deeds) for id_, campaign, person, deeds in db.session.execute(rows)}


def _hint(share: TextOverlap, deeds: str, campaign_id: int, person_id: int, other: str) -> SimilarNomination:
    return SimilarNomination(
        share.other, campaign_id, person_id, share.percent, tuple(passages(deeds, other))
    )
