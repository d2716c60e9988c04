"""What a sign-up by API costs in statements."""

from __future__ import annotations

from flask import Flask

from tests.rig.statements import statements

from .program import Program

SIGN_UP_MOST = 15  # with a key; one more where something was answered


def test_a_sign_up_takes_few_statements(app: Flask, program: Program) -> None:
    program.register("E5", key="k0", answers={})  # the minute's note of the token's use; the form is kept
    answered = {"phone": "13800138000"}
    counts = []
    for who, key, answers in (
        ("A1", "k1", {}),
        ("B2", "k2", answered),
        ("A1", "k1", {}),
        ("C3", "", {}),
        ("D4", "k4", {}),
    ):
        with statements(app, warm=True) as seen:
            assert program.register(who, key=key, answers=answers).status_code == 201
        counts.append(len(seen))
    empty, with_answer, repeated, without_key, waiting = counts

    assert empty <= SIGN_UP_MOST
    assert with_answer <= SIGN_UP_MOST + 1
    assert max(repeated, without_key, waiting) < SIGN_UP_MOST
