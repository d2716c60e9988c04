"""The end of a day in a deadline field: what is sent, what is stored, what is shown again."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from eventreg.web.forms.deadline_field import DeadlineField


class Closing(Form):
    """One deadline."""

    at = DeadlineField()


def closing(*sent: MultiDict[str, str], **stored: dict[str, str]) -> DeadlineField:
    """The field, filled from what was sent or stored."""
    return Closing(*sent, **stored).at  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("typed", "tick", "stored", "shown", "ticked"),
    [
        ("2027-02-26T18:00", "", "2027-02-26T18:00", "2027-02-26T18:00", False),
        ("2027-02-26T18:00", "y", "2027-02-27T00:00", "2027-02-26T23:59", True),
        ("2027-02-28", "y", "2027-03-01T00:00", "2027-02-28T23:59", True),
        ("2027-02-27T00:00", "", "2027-02-27T00:00", "2027-02-26T23:59", True),
        ("2027-02-26T23:59", "", "2027-02-26T23:59", "2027-02-26T23:59", False),
        ("明天", "y", "明天", "明天", False),
        ("", "y", "", "", False),
        ("9999-12-31T10:00", "y", "9999-12-31T10:00", "9999-12-31T10:00", False),
        ("0001-01-01T00:00", "", "0001-01-01T00:00", "0001-01-01T00:00", False),
    ],
)
def test_the_end_of_a_day_is_midnight_of_the_next(
    typed: str, tick: str, stored: str, shown: str, ticked: bool
) -> None:
    field = closing(MultiDict({"at": typed, "at-end": tick}))

    assert (field.data, field._value(), field.ends_day) == (stored, shown, ticked)


def test_a_stored_end_of_a_day_comes_back_as_it_was() -> None:
    first = closing(data={"at": "2027-02-27T00:00"})

    again = closing(MultiDict({"at": first._value(), "at-end": "y"}))

    assert again.data == "2027-02-27T00:00"
