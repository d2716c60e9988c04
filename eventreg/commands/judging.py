"""Recompute an award's ranking from stored rows, and compare it with what was decided."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext

from eventreg.awards.rounds import service as rounds
from eventreg.awards.scores import service as scores
from eventreg.campaigns import service as campaigns
from eventreg.nominations import reading

from .saying import refusals_said

awards_group = AppGroup("awards", help="Awards: recompute a ranking.")


@awards_group.command("replay")
@click.argument("slug")
@with_appcontext
def replay(slug: str) -> None:
    """Print the ranking of SLUG from the rows of criterion, panel_member, recusal and score; exit status 1 where it differs
    from the ranking that was stored when scoring ended."""
    with refusals_said():
        found = rounds.get(campaigns.get_managed(slug).id)
        made, kept = scores.ranking_of(found), scores.stored_ranking(found.id)
    names = {one.id: one.nominee.name for one in reading.submitted([one.nomination for one in made.ranked])}
    differs = 0
    for one in made.ranked:
        known = kept.get(one.nomination)
        same = known in (None, (one.rank, one.points))
        differs += not same
        told = f"{one.rank}\t{names[one.nomination]}\t{one.points}"
        click.echo(told if same or known is None else f"{told}\tstored: {known[0]} {known[1]}")
    gone = len(kept.keys() - {one.nomination for one in made.ranked})
    click.echo(f"different: {differs + gone}")
    if differs + gone:
        raise SystemExit(1)


COMMANDS: tuple[click.Command, ...] = (awards_group,)
