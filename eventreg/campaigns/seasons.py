"""The season as an administrator makes and changes it."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from eventreg.campaigns.inputs import SeasonInput
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit

from .models import Season
from .rules import check_version


def make_first(season: SeasonInput, *, actor: Actor) -> int:
    """The first season of an empty product; raises Refused("plan.season_exists") when there is one."""
    if db.session.scalar(select(Season.id).limit(1)) is not None:
        raise Refused("plan.season_exists")
    row = Season(slug=f"season-{season.day:%Y-%m-%d}", **asdict(season))
    db.session.add(row)
    db.session.flush()
    audit.record("season.made", f"season:{row.id}", actor=actor)
    return row.id


def change(season_id: int, season: SeasonInput, *, seen: int, actor: Actor) -> bool:
    """Change a season; False when nothing differs. Raises Refused("plan.changed_meanwhile")."""
    row = db.session.get(Season, season_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("season")
    changed = {name: value for name, value in asdict(season).items() if getattr(row, name) != value}
    if not changed:
        return False
    check_version(row.version, seen=seen)
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    audit.record("season.changed", f"season:{season_id}", actor=actor, fields=sorted(changed))
    return True
