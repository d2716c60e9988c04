"""Tokens of the API: printed once, found by their hash, ended at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.accounts import api_tokens
from eventreg.accounts.models import ApiToken
from eventreg.accounts.rules import ApiScope, Caller
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from tests.rig import sight
from tests.rig.actors import acting
from tests.rig.cast import NOW

BOTH = (ApiScope.CAMPAIGNS, ApiScope.REGISTRATIONS)


def make(app: Flask, name: str = "desk", *, days: int = 30) -> str:
    """A token of the test's own."""
    with app.app_context(), unit_of_work():
        return api_tokens.make(name, BOTH, owner="陈雨桐", actor=acting("test", NOW), days=days)


def find(app: Flask, token: str, *, after: timedelta = timedelta()) -> Caller | None:
    """Whose token it is a while later."""
    with app.app_context():
        return api_tokens.find(token, now=NOW + after)


def test_a_token_opens_its_scopes_until_its_last_second(app: Flask) -> None:
    token = make(app)
    found = find(app, token)

    assert found is not None
    assert (found.name, found.scopes, found.audit_name) == (
        "desk",
        frozenset(BOTH),
        f"token:{found.token_id}",
    )
    assert find(app, token, after=timedelta(days=30, microseconds=-1)) is not None
    assert find(app, token, after=timedelta(days=30)) is None
    assert find(app, token[:-1]) is None


def test_a_revoked_token_is_worth_nothing_and_frees_its_name(app: Flask) -> None:
    first = make(app)
    with app.app_context(), pytest.raises(Refused, match=r"token\.name_taken"), unit_of_work():
        api_tokens.make("desk", BOTH, owner="", actor=acting("test", NOW))
    with app.app_context(), unit_of_work():
        api_tokens.revoke("desk", actor=acting("test", NOW))
    second = make(app)

    assert find(app, first) is None
    assert find(app, second) is not None
    assert sight.audit_actions(app, "api_token") == [
        "api_token.made",
        "api_token.revoked",
        "api_token.made",
    ]


def test_its_last_use_is_noted_once_a_minute(app: Flask) -> None:
    token = make(app)
    fresh = find(app, token)
    assert fresh is not None
    with app.app_context(), unit_of_work():
        api_tokens.touch(fresh.token_id, now=NOW)
    due = [find(app, token, after=timedelta(seconds=s)) for s in (0, 59, 60)]

    assert [fresh.touch_due, *(caller is not None and caller.touch_due for caller in due)] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("name", "scopes", "days", "code"),
    [
        ("", BOTH, 1, "token.name_form"),
        ("a\nb", BOTH, 1, "token.name_form"),
        ("a" * 61, BOTH, 1, "token.name_form"),
        ("a", (), 1, "token.no_scope"),
        ("a", BOTH, 0, "token.days"),
        ("a", BOTH, 10_000, "token.days"),
    ],
)
def test_a_token_without_sense_is_not_made(
    app: Flask, name: str, scopes: tuple[ApiScope, ...], days: int, code: str
) -> None:
    with app.app_context(), pytest.raises(Refused, match=code), unit_of_work():
        api_tokens.make(name, scopes, owner="", actor=acting("test", NOW), days=days)


def test_the_command_prints_the_token_and_nothing_else(app: Flask) -> None:
    console = app.test_cli_runner()
    made = console.invoke(args=["token", "desk", "campaigns", "scans", "--days", "7", "--owner", "党群部"])
    token = made.stdout.removesuffix("\n")
    with app.app_context():
        row = db.session.scalars(select(ApiToken)).one()

    assert (made.exit_code, made.stderr, len(token), token.split()) == (0, "", 43, [token])
    assert (row.scopes, row.owner, (row.until - row.made_at).days) == ("campaigns scans", "党群部", 7)
    assert token.encode() not in row.token_hash


def test_the_commands_say_no_with_exit_status_1(app: Flask) -> None:
    console = app.test_cli_runner()
    runs = [
        console.invoke(args=args)
        for args in (
            ["token", "desk", "scans"],
            ["token", "desk", "scans"],
            ["token-revoke", "desk"],
            ["token-revoke", "desk"],
            ["token", "desk", "everything"],
            ["token", "desk"],
        )
    ]

    assert [run.exit_code for run in runs] == [0, 1, 0, 1, 2, 2]
    assert runs[1].stdout == ""
