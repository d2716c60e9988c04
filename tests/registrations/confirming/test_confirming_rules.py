"""Until when a place is offered, who was reached, and when silence ends a place."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventreg.core.errors import Refused
from eventreg.registrations.confirming.rules import (
    ConfirmFor,
    LapseWatch,
    OfferTerms,
    OpenQuestion,
    after_run,
    check_confirm_by,
    daytime_end,
    is_stale,
    lapses_at,
    offer_until,
    was_reached,
)

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def at(said: str) -> datetime:
    """An instant of March 2027 in Shanghai: "04 09:00"."""
    day, clock = said.split()
    return datetime.fromisoformat(f"2027-03-{day}T{clock}:00").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("freed", "until"),
    [
        ("03 09:00", "03 11:00"),  # 24 hours before
        ("03 08:59", None),  # earlier it is given
        ("03 19:00", "03 21:00"),
        ("03 19:59", "04 08:59"),  # the example of the design
        ("03 20:00", None),  # it would end at the start
        ("03 22:30", None),
        ("04 08:30", None),
    ],
)
def test_a_place_freed_near_the_start_is_offered_for_two_hours_of_daytime(
    freed: str, until: str | None
) -> None:
    terms = OfferTerms(24, 120, ZONE, at("04 09:00"))

    assert offer_until(terms, now=at(freed)) == (at(until) if until else None)


def test_a_short_offer_of_the_night_begins_in_the_morning() -> None:
    terms = OfferTerms(24, 30, ZONE, at("04 09:00"))

    assert [offer_until(terms, now=at(freed)) for freed in ("03 21:00", "04 03:00")] == [at("04 08:30")] * 2


def test_no_minutes_means_no_offer() -> None:
    assert offer_until(OfferTerms(24, 0, ZONE, at("04 09:00")), now=at("04 08:00")) is None


def test_the_clock_stands_still_through_several_nights() -> None:
    assert daytime_end(at("01 20:00"), 60 + 13 * 60 + 1, ZONE) == at("03 08:01")


@pytest.mark.parametrize(("accepted", "reached"), [("04 12:00", True), ("04 12:01", False), (None, False)])
def test_a_move_has_to_be_accepted_six_hours_before(accepted: str | None, reached: bool) -> None:
    question = asked(at("04 07:00"), at("04 18:00"), accepted=at(accepted) if accepted else None)

    assert was_reached(question, minutes=120, zone=ZONE) is reached


@pytest.mark.parametrize(("accepted", "reached"), [("03 20:29", True), ("03 20:30", False)])
def test_an_offer_has_to_be_accepted_within_its_first_quarter(accepted: str, reached: bool) -> None:
    question = asked(at("03 19:59"), at("04 08:59"), ConfirmFor.OFFER, accepted=at(accepted))

    assert was_reached(question, minutes=120, zone=ZONE) is reached


def test_a_gap_of_over_an_hour_holds_whoever_was_due_in_it_for_a_day() -> None:
    before = LapseWatch(run_at=at("04 17:00"))
    due, later = asked(at("04 07:00"), at("04 18:00")), asked(at("04 07:00"), at("04 20:00"))

    after = after_run(before, now=at("04 19:00"))

    assert [is_stale(before, now=at(t)) for t in ("04 18:00", "04 18:01")] == [False, True]
    assert after == LapseWatch(at("04 19:00"), at("04 19:00"))
    assert [lapses_at(one, after) for one in (due, later)] == [at("05 19:00"), at("04 20:00")]


def test_runs_without_a_gap_hold_nobody() -> None:
    after = after_run(LapseWatch(run_at=at("04 17:30")), now=at("04 18:30"))

    assert after == LapseWatch(run_at=at("04 18:30"))
    assert lapses_at(asked(at("04 07:00"), at("04 18:00")), after) == at("04 18:00")


def test_after_a_restore_whoever_was_asked_before_is_held() -> None:
    after = after_run(LapseWatch(), now=at("04 14:00"))
    asked_before, asked_since = asked(at("04 07:00"), at("04 18:00")), asked(at("04 14:30"), at("04 22:00"))

    assert [lapses_at(one, after) for one in (asked_before, asked_since)] == [at("05 14:00"), at("04 22:00")]


@pytest.mark.parametrize(
    ("until", "meant", "code"),
    [
        ("04 13:59", False, "plan.confirm_too_soon"),
        ("04 07:00", True, "plan.confirm_in_past"),
        ("05 09:00", False, "plan.confirm_after_start"),
    ],
)
def test_an_instant_at_which_nobody_could_answer_is_asked_about(until: str, meant: bool, code: str) -> None:
    with pytest.raises(Refused, match=code) as refused:
        check_confirm_by(at(until), meant=meant, starts_at=at("05 09:00"), now=at("04 07:00"))
    assert refused.value.facts["field"] == "confirm_by"


@pytest.mark.parametrize(("until", "meant"), [("04 14:00", False), ("04 13:59", True)])
def test_seven_hours_are_enough_and_less_may_be_meant(until: str, meant: bool) -> None:
    check_confirm_by(at(until), meant=meant, starts_at=at("05 09:00"), now=at("04 07:00"))


def asked(
    asked_at: datetime,
    confirm_by: datetime,
    purpose: ConfirmFor = ConfirmFor.MOVE,
    *,
    accepted: datetime | None = None,
) -> OpenQuestion:
    return OpenQuestion(1, purpose, asked_at, confirm_by, accepted)
