"""What a sign-up by API costs in statements."""

from __future__ import annotations

from flask import Flask

from tests.api.program import Program
from tests.rig.statements import statements

SIGN_UP_MOST = 16


def test_a_sign_up_takes_few_statements(app: Flask, program: Program) -> None:
    program.get("/api/v1/campaigns")  # the minute's note of the token's use
    with statements(app) as seen:
        program.register("A1", key="k1", answers={"phone": "13800138000"})
    with statements(app) as without_key:
        program.register("B2")
    with statements(app) as again:
        program.register("A1", key="k1", answers={"phone": "13800138000"})

    assert len(seen) <= SIGN_UP_MOST
    assert len(without_key) < len(seen)
    assert len(again) < 9
