"""Teams and forfeits as rows of a CSV file, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from eventreg.venue.programme.forfeits import ForfeitList
from eventreg.venue.programme.rules import ItemState
from eventreg.venue.teams.performing import Performers
from eventreg.venue.teams.reading import TeamsOfActivity
from eventreg.words.day import team_words


def team_rows(teams: TeamsOfActivity, found: Performers) -> Iterator[tuple[str, ...]]:
    """A row for each member, then the people in no team."""
    yield (
        _("组号"), _("组名"), _("编号"), _("工号"), _("姓名"), _("单位"),
        _("放飞"), _("名次"), _("表演节目"),
    )  # fmt: skip
    for team in teams.teams:
        flown = team_words.flown(team.flight.flown)
        performs = _("是") if team.number in found.teams else ""
        for one in team.members:
            yield (
                str(team.number), team.name, str(one.arrival), one.staff_no, one.name, one.unit,
                flown, str(team.flight.rank or ""), performs,
            )  # fmt: skip
    for one in (*teams.over, *teams.absent):
        yield ("", "", str(one.arrival), one.staff_no, one.name, one.unit, "", "", "")


def forfeit_rows(found: ForfeitList) -> Iterator[tuple[str, ...]]:
    """A row for each forfeit, in the order of the programme."""
    yield _("次序"), _("谁"), _("工号"), _("节目"), _("办得怎样"), _("原因")
    for place, line in enumerate((line for line in found.lines if line.forfeit.owed), 1):
        item = line.forfeit.item
        who = team_words.performers(line.team, line.team_name, [one.name for one in line.people])
        numbers = " ".join(one.staff_no for one in line.people)
        yield str(place), who, numbers, item.title, team_words.item_state(ItemState(item.state)), item.reason
