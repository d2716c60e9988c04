"""Whoever leaves the company gives the place up; whoever returns within a day has it back if nobody was seated for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from eventreg.campaigns.rules import ScheduleState
from eventreg.core.actor import actor_of
from eventreg.core.db.session import unit_of_work
from eventreg.delivery.contents.content import CalendarFile, LetterContent
from eventreg.registrations import announcing, tickets
from eventreg.registrations.reading import find_live
from eventreg.season import after_roster, leavers
from tests.rig import cast, sight
from tests.rig.cast import BEGUN, DAY, NOW, Stage
from tests.rig.mailbox import newest
from tests.rig.plan_pages import organised
from tests.rig.plans import as_new, do, facts
from tests.venue.test_beginning import scanned
from tests.venue.test_presence import at_nine

HOUR = timedelta(hours=1)


def line_up(app: Flask, stage: Stage, *who: str) -> None:
    for staff_no in who:
        cast.sign_up(app, stage, staff_no)


def leave(app: Flask, stage: Stage, *who: str, back: bool = False) -> None:
    for staff_no in who:
        sight.correct(app, stage.people[staff_no], left_at=None if back else NOW)


def settle(app: Flask, *, now: datetime = NOW) -> int:
    with app.app_context():
        return after_roster.settle_leavers(actor_of("system", now=now))


def test_a_leaver_gives_up_place_and_ticket_and_the_next_is_seated(app: Flask, stage: Stage) -> None:
    line_up(app, stage, "A1", "B2", "C3", "E5", "F6")
    leave(app, stage, "A1", "E5")

    assert settle(app) == 2
    assert settle(app) == 0

    assert sight.places(app) == {
        "A1": "withdrawn", "B2": "seated", "C3": "seated", "E5": "withdrawn", "F6": "waiting",
    }  # fmt: skip
    assert sight.drift(app) == []
    assert [kind for kind, _ in sight.letters(app)][5:] == [
        "registration_promoted"
    ]  # nobody organises it yet


def test_the_organisers_get_one_letter_with_the_numbers(app: Flask, stage: Stage) -> None:
    organised(app)
    line_up(app, stage, "B2", "C3", "E5")
    leave(app, stage, "B2", "C3")

    settle(app)

    assert [kind for kind, _ in sight.letters(app)].count("leavers_gave_up") == 1
    with app.app_context():
        letter = newest(app, "leavers_gave_up", now=NOW)
    assert "2 份报名" in str(letter)


def test_once_an_activity_has_begun_a_leaver_is_only_marked(app: Flask, stage: Stage) -> None:
    line_up(app, stage, "A1", "B2", "C3")
    leave(app, stage, "A1")

    assert settle(app, now=BEGUN) == 0

    assert sight.places(app)["A1"] == "seated"


def test_while_all_is_called_off_the_place_ends_and_nobody_moves_up(app: Flask, stage: Stage) -> None:
    line_up(app, stage, "A1", "B2", "C3")
    for activity in facts(app, "outing").activities:
        off = as_new(activity, schedule=ScheduleState.CANCELLED)
        do(app, "outing", announcing.change_activity, activity.id, off)
    leave(app, stage, "A1")

    settle(app)

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "waiting"}


@pytest.mark.parametrize(
    ("who", "line", "after", "then"),
    [
        ("A1", ("A1", "B2"), 23 * HOUR, "seated"),  # nobody waited for the place
        ("A1", ("A1", "B2"), 25 * HOUR, "withdrawn"),
        ("A1", ("A1", "B2", "C3"), HOUR, "withdrawn"),  # C3 was seated for it
        ("C3", ("A1", "B2", "C3", "E5"), HOUR, "waiting"),
    ],
)
def test_whoever_returns(
    app: Flask, stage: Stage, who: str, line: tuple[str, ...], after: timedelta, then: str
) -> None:
    line_up(app, stage, *line)
    with app.app_context():
        before = find_live(stage.campaign_id, stage.people[who])
    leave(app, stage, who)
    settle(app)
    leave(app, stage, who, back=True)

    settle(app, now=NOW + after)
    settle(app, now=NOW + after + HOUR)

    assert sight.places(app)[who] == then
    assert sight.drift(app) == []
    told = [kind for kind, _ in sight.letters(app)]
    assert told.count("registration_withdrawn") == (then == "withdrawn")
    with app.app_context():
        now = find_live(stage.campaign_id, stage.people[who])
        assert before is not None
        if now is not None:
            assert (now.id, now.arrival) == (before.id, before.arrival)
            assert (tickets.find_token(now.id, keys=stage.keys) is not None) == (then == "seated")
    if then == "seated":
        assert told.count("ticket_reissued") == 1


def test_whoever_signs_up_anew_gets_nothing_back(app: Flask, stage: Stage) -> None:
    line_up(app, stage, "A1")
    leave(app, stage, "A1")
    settle(app)
    leave(app, stage, "A1", back=True)
    again = cast.sign_up(app, stage, "A1")

    assert settle(app) == 0

    assert again.arrival == 2
    assert [kind for kind, _ in sight.letters(app)].count("registration_withdrawn") == 0


def test_the_preview_is_what_happens(app: Flask, stage: Stage) -> None:
    line_up(app, stage, "A1", "B2", "C3", "E5", "F6")
    gone = {stage.people[who] for who in ("A1", "B2", "E5")}

    with app.app_context():
        [effect] = leavers.foresee(gone, now=NOW)
        [later] = leavers.foresee(gone, now=BEGUN - timedelta(seconds=1))
    assert (effect.seated, effect.waiting) == (2, 1)
    assert not effect.begun
    assert effect.moving_up == (cast.NAMES["C3"][0], cast.NAMES["F6"][0])
    assert later.moving_up == effect.moving_up

    leave(app, stage, "A1", "B2", "E5")
    settle(app)
    assert [who for who, state in sight.places(app).items() if state == "seated"] == ["C3", "F6"]


def test_a_campaign_of_the_past_is_left_alone(app: Flask, stage: Stage) -> None:
    line_up(app, stage, "A1")
    with app.app_context(), unit_of_work():
        assert leavers.foresee({stage.people["A1"]}, now=BEGUN + HOUR) == []


@pytest.mark.parametrize("off", [1, 2])
def test_whoever_returns_has_out_of_the_calendar_what_was_called_off_meanwhile(
    app: Flask, stage: Stage, off: int
) -> None:
    line_up(app, stage, "A1")
    leave(app, stage, "A1")
    settle(app)
    for activity in facts(app, "outing").activities[:off]:
        do(
            app,
            "outing",
            announcing.change_activity,
            activity.id,
            as_new(activity, schedule=ScheduleState.CANCELLED),
        )
    leave(app, stage, "A1", back=True)
    settle(app, now=NOW + HOUR)

    with app.app_context():
        letter = newest(app, "ticket_reissued", now=NOW + HOUR)

    assert letter is not None
    sent = [(file.method, b"-activity-%d@" % n in file.body) for n, file in enumerate(_by_uid(letter), 1)]
    assert sent == [("CANCEL" if n <= off else "PUBLISH", True) for n in (1, 2)]


def _by_uid(letter: LetterContent) -> list[CalendarFile]:
    return sorted(letter.calendars, key=lambda file: file.body.split(b"UID:")[1])


def test_a_leaver_who_was_scanned_in_today_is_only_marked(app: Flask, stage: Stage) -> None:
    """They are on the spot: a second person on the place would make three people of two."""
    line_up(app, stage, "A1", "B2", "C3")
    at_nine(app)
    scanned(app, stage, "A1", "door", at=DAY + 8 * HOUR)
    with app.app_context():
        gone = {stage.people[who] for who in ("A1", "B2")}
        [effect] = leavers.foresee(gone, now=DAY + 8.5 * HOUR)
    assert (effect.seated, effect.marked, effect.moving_up) == (1, 1, (cast.NAMES["C3"][0],))
    leave(app, stage, "A1", "B2")

    settle(app, now=DAY + 8.5 * HOUR)

    assert sight.places(app) == {"A1": "seated", "B2": "withdrawn", "C3": "seated"}
