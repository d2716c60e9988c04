"""The list of forfeits writes itself from the results; organisers give it titles, an order and an end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventreg.campaigns import service as campaigns
from eventreg.core.errors import Refused
from eventreg.venue.programme import forfeits
from eventreg.venue.programme.forfeits import ForfeitList
from eventreg.venue.programme.rules import Debtor, ItemFacts, ItemState
from tests.rig import sight
from tests.rig.cast import DAY, Stage
from tests.rig.plans import HOUR
from tests.venue.teams import kites
from tests.venue.test_beginning import scanned


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Three teams of three: the first flew highest, the second never, the third lowest."""
    return kites.three_teams(app)


def listed(app: Flask) -> ForfeitList:
    with app.app_context():
        return forfeits.list_of(campaigns.get_campaign("outing"))


def lines(app: Flask) -> list[tuple[int, str, str, bool]]:
    """(team, title, state, owed) in order."""
    return [
        (line.team, line.forfeit.item.title, str(line.forfeit.item.state), line.forfeit.owed)
        for line in listed(app).lines
    ]


def debtor(app: Flask, team: int) -> Debtor:
    return next(line.forfeit.debtor for line in listed(app).lines if line.team == team)


def save(app: Flask, stage: Stage, typed: dict[Debtor, ItemFacts], seen: str | None = None) -> bool:
    return kites.do(app, stage, lambda actor: forfeits.save(stage.campaign_id, typed, actor=actor, seen=seen))


def test_the_teams_that_perform_stand_on_the_list_together(app: Flask, stage: Stage) -> None:
    found = listed(app)

    assert lines(app) == [(2, "", "due", True), (3, "", "due", True)]
    assert [len(line.people) for line in found.lines] == [3, 3]
    assert found.complete


def test_late_hikers_owe_one_each_before_the_teams(app: Flask, stage: Stage) -> None:
    """Exactly thirty minutes are in time, a second more is late."""
    for who, at, minutes in (
        ("X0001", 10.0, 30 * 60),
        ("X0002", 10.1, 30 * 60 + 1),
        ("X0003", 10.2, 45 * 60),
    ):
        start = DAY + at * HOUR
        scanned(app, stage, who, "start", at=start)
        scanned(app, stage, who, "finish", at=start + timedelta(seconds=minutes))

    found = listed(app)

    assert [[one.staff_no for one in line.people] for line in found.lines][:2] == [["X0002"], ["X0003"]]
    assert [line.team for line in found.lines] == [0, 0, 2, 3]


def test_the_list_says_that_a_rank_is_missing(app: Flask, stage: Stage) -> None:
    kites.note(app, stage, (True, None), (False, None), (True, 2))

    assert [lines(app), listed(app).complete] == [[(2, "", "due", True)], False]


def test_title_order_and_end_are_kept(app: Flask, stage: Stage) -> None:
    second, third = debtor(app, 2), debtor(app, 3)

    assert save(app, stage, {
        second: ItemFacts("茉莉花", 2, ItemState.DONE),
        third: ItemFacts("", 1, ItemState.EXCUSED, "嗓子哑了"),
    })  # fmt: skip

    assert lines(app) == [(3, "", "excused", True), (2, "茉莉花", "done", True)]
    assert sight.audit_actions(app, "forfeits.") == ["forfeits.changed"]


def test_a_corrected_result_changes_the_list_and_loses_no_title(app: Flask, stage: Stage) -> None:
    save(app, stage, {debtor(app, 3): ItemFacts("绣红旗", 1)})

    kites.note(app, stage, (True, 2), (False, None), (True, 1))

    assert lines(app) == [(2, "", "due", True), (1, "", "due", True), (3, "绣红旗", "due", False)]


def test_an_excuse_without_a_reason_is_refused_and_nothing_is_stored(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused, match="forfeit.reason_missing"):
        save(app, stage, {debtor(app, 2): ItemFacts("", 1, ItemState.EXCUSED)})

    assert lines(app) == [(2, "", "due", True), (3, "", "due", True)]


def test_a_list_that_changed_meanwhile_is_not_written_over(app: Flask, stage: Stage) -> None:
    seen = listed(app).version
    save(app, stage, {debtor(app, 2): ItemFacts("茉莉花", 1)})

    with pytest.raises(Refused, match="forfeit.changed_meanwhile"):
        save(app, stage, {debtor(app, 2): ItemFacts("别的", 1)}, seen)
