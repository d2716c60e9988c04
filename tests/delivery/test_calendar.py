"""What mails do to a calendar: published, updated, taken out again; SEQUENCE never goes down."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Component

from eventreg.campaigns.rules import ScheduleState
from eventreg.config import Settings
from eventreg.registrations import announcing
from tests.rig import cast
from tests.rig.cast import DAY, NOW, Stage
from tests.rig.plans import HOUR, as_new, do, facts

from .test_letters import deliver_all, mails, part

A1 = "a1@example.cn"


@pytest.fixture
def database(tmp_path: Path, migrated_file: Path) -> str:
    """SQLite alone: what a letter says has nothing to do with the database."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'eventreg.db')}"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The sender reads the clock: let it read the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


def change(app: Flask, title: str, **changes: object) -> None:
    """Change one of the outing's activities, and tell everybody."""
    activity = next(a for a in facts(app, "outing").activities if a.title == title)
    do(app, "outing", announcing.change_activity, activity.id, as_new(activity, **changes))
    deliver_all(app)


def calendars(settings: Settings, to: str = A1) -> list[tuple[EmailMessage, Calendar]]:
    """The calendars in somebody's mails, oldest first, each with the part it came in."""
    mine = [mail for mail in mails(settings) if mail["to"] == to]
    parts = [p for mail in mine for p in mail.walk() if p.get_content_type() == "text/calendar"]
    return [(p, Calendar.from_ical(p.get_content())) for p in parts]


def said(calendar: Calendar) -> list[tuple[str, int, str]]:
    """(activity's title, SEQUENCE, STATUS) of the entries."""
    return [
        (str(e["summary"]).split(" · ")[0], int(str(e["sequence"])), str(e["status"]))
        for e in calendar.walk("VEVENT")
    ]


def test_a_registration_s_life_in_her_calendar(app: Flask, stage: Stage, settings: Settings) -> None:
    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    times = {"starts_at": cast.DAY + 9 * HOUR, "ends_at": cast.DAY + 12 * HOUR, "time_known": True}
    change(app, "徒步游", schedule=ScheduleState.CONFIRMED, place="东门", **times)
    change(app, "风筝赛", schedule=ScheduleState.CANCELLED)
    change(app, "风筝赛", schedule=ScheduleState.CONFIRMED)
    cast.withdraw(app, stage, "A1")
    deliver_all(app)

    found = [(str(c["method"]), said(c)) for _part, c in calendars(settings)]
    assert found == [
        ("PUBLISH", [("徒步游", 0, "TENTATIVE")]),
        ("PUBLISH", [("风筝赛", 0, "TENTATIVE")]),
        ("PUBLISH", [("徒步游", 1, "CONFIRMED")]),
        ("CANCEL", [("风筝赛", 1, "CANCELLED")]),
        ("PUBLISH", [("风筝赛", 2, "CONFIRMED")]),
        ("CANCEL", [("风筝赛", 3, "CANCELLED")]),
        ("CANCEL", [("徒步游", 2, "CANCELLED")]),
    ]


def test_sequence_never_goes_down_and_each_activity_keeps_its_uid(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    for schedule in (
        ScheduleState.MOVED,
        ScheduleState.CANCELLED,
        ScheduleState.TENTATIVE,
        ScheduleState.CANCELLED,
    ):
        for title in ("徒步游", "风筝赛"):
            change(app, title, schedule=schedule)
    cast.withdraw(app, stage, "A1")
    deliver_all(app)

    seen: dict[str, list[int]] = {}
    for _part, calendar in calendars(settings):
        for entry in calendar.walk("VEVENT"):
            seen.setdefault(str(entry["uid"]), []).append(int(str(entry["sequence"])))
    assert sorted(seen) == [
        f"registration-1-activity-{n}@{app.extensions['eventreg.installation']}" for n in (1, 2)
    ]
    assert [numbers == sorted(numbers) for numbers in seen.values()] == [True, True]
    assert [numbers[-1] for numbers in seen.values()] == [5, 5]


def test_what_rfc_5546_asks_of_each_method(app: Flask, stage: Stage, settings: Settings) -> None:
    cast.sign_up(app, stage, "A1")
    deliver_all(app)
    cast.withdraw(app, stage, "A1")
    deliver_all(app)

    found = calendars(settings)
    methods = ["PUBLISH", "PUBLISH", "CANCEL", "CANCEL"]
    assert [p["content-type"].params["method"] for p, _calendar in found] == methods
    assert [len({str(e["uid"]) for e in c.walk("VEVENT")}) for _part, c in found] == [1, 1, 1, 1]
    (_first, published), *_others, (_last, cancelled) = found

    def people(event: Component) -> tuple[str, str | None]:
        return str(event["organizer"]), str(event["attendee"]) if "attendee" in event else None

    assert {people(e) for e in published.walk("VEVENT")} == {("mailto:eventreg@localhost", None)}
    assert {people(e) for e in cancelled.walk("VEVENT")} == {("mailto:eventreg@localhost", f"mailto:{A1}")}
    assert [published.errors, cancelled.errors] == [[], []]


def test_a_place_is_told_with_when_the_part_begins_that_takes_place(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    change(app, "风筝赛", starts_at=DAY + 48 * HOUR, ends_at=DAY + 72 * HOUR, place="东门")
    change(app, "徒步游", schedule=ScheduleState.CANCELLED)
    cast.sign_up(app, stage, "A1")
    deliver_all(app)

    text = part(mails(settings)[-1], "text/plain").get_content()
    assert "东门" in text
    assert "3月6日" in text.replace(" ", "")
    assert "3月4日" not in text.replace(" ", "")


def test_who_only_waited_has_nothing_to_be_taken_out(app: Flask, stage: Stage, settings: Settings) -> None:
    for who in ("B2", "C3", "A1"):
        cast.sign_up(app, stage, who)
    deliver_all(app)
    change(app, "徒步游", schedule=ScheduleState.CANCELLED)
    cast.withdraw(app, stage, "A1")
    deliver_all(app)

    assert (calendars(settings), len([m for m in mails(settings) if m["to"] == A1])) == ([], 3)


def test_a_promoted_one_gets_what_is_so_now(app: Flask, stage: Stage, settings: Settings) -> None:
    for who in ("B2", "C3", "A1"):
        cast.sign_up(app, stage, who)
    deliver_all(app)
    change(app, "徒步游", schedule=ScheduleState.CONFIRMED)
    cast.withdraw(app, stage, "B2")
    deliver_all(app)

    assert [(str(calendar["method"]), said(calendar)) for _part, calendar in calendars(settings)] == [
        ("PUBLISH", [("徒步游", 1, "CONFIRMED")]),
        ("PUBLISH", [("风筝赛", 0, "TENTATIVE")]),
    ]
    files = [p["content-disposition"].params["filename"] for p, _calendar in calendars(settings)]
    assert files == ["event-1.ics", "event-2.ics"]


def test_a_called_off_part_does_not_go_into_a_newcomer_s_calendar_and_the_letter_says_so(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    change(app, "风筝赛", schedule=ScheduleState.CANCELLED)
    cast.sign_up(app, stage, "A1")
    deliver_all(app)

    assert [(str(c["method"]), said(c)) for _part, c in calendars(settings)] == [
        ("PUBLISH", [("徒步游", 0, "TENTATIVE")])
    ]
    [(attached, _calendar)] = calendars(settings)
    assert attached["content-disposition"].params["filename"] == "event.ics"
    assert "不办了：风筝赛" in part(mails(settings)[-1], "text/plain").get_content()
    assert ">不办了<" in part(mails(settings)[-1], "text/html").get_content()


def test_the_file_of_the_page_is_a_copy_without_a_method_and_without_what_is_called_off(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    cast.sign_up(app, stage, "A1")
    client, path = client_for("A1"), "/my/registrations/1/calendar.ics"
    whole = Calendar.from_ical(client.get(path).text)
    change(app, "徒步游", schedule=ScheduleState.CANCELLED)
    rest = Calendar.from_ical(client.get(path).text)
    change(app, "风筝赛", schedule=ScheduleState.CANCELLED)
    off = Calendar.from_ical(client.get(path).text)

    assert [calendar.get("method") for calendar in (whole, rest, off)] == [None, None, None]
    assert [title for title, _number, _status in said(whole)] == ["徒步游", "风筝赛"]
    assert said(rest) == [("风筝赛", 0, "TENTATIVE")]
    assert said(off) == [("徒步游", 1, "CANCELLED"), ("风筝赛", 1, "CANCELLED")]
