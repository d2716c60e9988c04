"""The public order of arrival: who stands in it, and what an empty one says."""

from __future__ import annotations

from flask import Flask

from eventreg.core.clock import utc_now
from tests.rig import cast

ORDER = "/campaigns/outing/order"


def test_nobody_yet_is_not_said_as_nobody_further(sqlite_app: Flask) -> None:
    stage, client = cast.set_stage(sqlite_app, now=cast.lately()), sqlite_app.test_client()
    empty = client.get(ORDER).text
    cast.sign_up(sqlite_app, stage, "A1", now=utc_now())
    pages = client.get(ORDER).text, client.get(f"{ORDER}?after=1").text

    assert ["还没有人报名" in page for page in (empty, *pages)] == [True, False, False]
    assert ["后面没有人了" in page for page in (empty, *pages)] == [False, False, True]
