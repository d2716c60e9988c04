"""The codes with which a nomination is signed: the first one stays good after another was asked for."""

from __future__ import annotations

from flask import Flask

from tests.rig import awards, cast, signing
from tests.rig.clients import signed_in_client
from tests.rig.signing import HEAD

from .test_signing_pages import NOW, SINCE, send, whole


def test_the_first_code_stays_good_after_another_was_asked_for(app: Flask) -> None:
    contest = awards.set_award(app, cast.set_stage(app, now=SINCE), now=SINCE, places=2)
    signing.name_head(app, contest, now=NOW)
    made = awards.begin(app, contest, "B2", "A1", now=NOW)
    awards.save(app, contest, "B2", made, whole(), now=NOW)
    awards.submit(app, contest, "B2", made, now=NOW)
    head, page = signed_in_client(app, HEAD), f"/unit/signatures/{made}"

    send(head, page, f"{page}/code")
    first = signing.code(app, contest)
    send(head, page, f"{page}/code")

    assert signing.code(app, contest) != first
    assert send(head, page, code=first).status_code == 303
