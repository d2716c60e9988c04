"""What cannot be read is refused for its own nonce, or line, and what stands behind it goes through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventreg.web.desk.offline.bringing import RefusedLine
from tests.rig import cast
from tests.rig.cast import NOW, Stage

from .desks import a_desk, token_of, walk_in
from .test_bringing import brought, line

UNREADABLE: list[dict[str, object]] = [
    {"staff_no": "\ud800"},  # half of a character, which no database stores
    {"staff_no": "A1\x00"},  # PostgreSQL stores no NUL
    {"kind": "release", "of": "\ud800"},
    {"kind": "release", "of": "s1\x00"},
    {"kind": ["walk_in"]},
    {"kind": {}},
]


@pytest.mark.parametrize("bad", UNREADABLE, ids=repr)
def test_an_entry_that_cannot_be_stored_stops_no_other(
    app: Flask, stage: Stage, bad: dict[str, object]
) -> None:
    desk = a_desk(app, stage)

    first, second = desk.send(walk_in("w1", "B2", NOW) | bad, walk_in("w2", "A1", NOW))

    assert first["reason"] == "entry.form"
    assert not first["stored"]
    assert second["verdict"] == "admitted"


@pytest.mark.parametrize("offset_ms", [10**12, -(10**12)])
def test_a_clock_at_the_end_of_time_is_corrected_to_the_receipt(
    app: Flask, stage: Stage, offset_ms: int
) -> None:
    token = token_of(app, stage, cast.sign_up(app, stage, "A1").id)
    desk = a_desk(app, stage)
    at = {"device_at": f"{'9998' if offset_ms > 0 else '0002'}-01-01T00:00:00+00:00", "offset_ms": offset_ms}
    entry = walk_in("w1", "B2", NOW) | at

    scanned = desk.ask(
        "scans", {"scans": [{"nonce": "s1", "text": token, "scanned_at": NOW.isoformat()} | at]}
    )
    entered = desk.ask("entries", {"entries": [entry]})

    assert [said["results"][0]["verdict"] for said in (scanned, entered)] == ["admitted", "admitted"]


def test_what_a_phone_showed_may_be_nonsense(app: Flask, stage: Stage) -> None:
    token = token_of(app, stage, cast.sign_up(app, stage, "A1").id)

    assert a_desk(app, stage).scan("s1", token, shown=["green"])["verdict"] == "admitted"


@pytest.mark.parametrize("device", [2**31, 10**30], ids=str)
def test_a_line_of_a_phone_that_cannot_be_is_named(app: Flask, stage: Stage, device: int) -> None:
    token = token_of(app, stage, cast.sign_up(app, stage, "A1").id)
    good = line(a_desk(app, stage), "s1", NOW, text=token)

    found = brought(app, stage, [good | {"device": device}, good], now=NOW + timedelta(hours=1))

    assert found.stored == 1
    assert found.refused == (RefusedLine(1, NOW.isoformat(), "queue.other_device"),)
