"""Suggest an address for a title: its pinyin, and a number when the address is taken."""

from __future__ import annotations

import re

from sqlalchemy import select

from eventreg.campaigns.checks import SLUG_MOST
from eventreg.campaigns.models import Campaign
from eventreg.core.db.session import db
from eventreg.people.names import reading_key

SYLLABLES_MOST = 8
ROOM_FOR_A_NUMBER = 5


def suggest(title: str) -> str:
    """An unused address: 踏春嘉年华 → "ta-chun-jia-nian-hua", then "ta-chun-jia-nian-hua-2"."""
    base = plain(title)
    like = (Campaign.slug == base) | Campaign.slug.startswith(f"{base}-", autoescape=True)
    taken = set(db.session.scalars(select(Campaign.slug).where(like)))
    return next(slug for slug in _numbered(base, len(taken) + 2) if slug not in taken)


def plain(title: str) -> str:
    """The first syllables of a title; "event" for a title without any."""
    read = reading_key(title).removesuffix(f"\t{title}")
    words = re.findall(r"[a-z0-9]+", read)[:SYLLABLES_MOST]
    return "-".join(words)[: SLUG_MOST - ROOM_FOR_A_NUMBER].strip("-") or "event"


def _numbered(base: str, most: int) -> list[str]:
    return [base, *(f"{base}-{n}" for n in range(2, most + 1))]
