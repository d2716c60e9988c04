"""Keys as an administrator changes them on the console."""

from __future__ import annotations

from click.testing import Result
from flask import Flask

from eventreg.core.db.session import db
from eventreg.core.keyring.installation import list_known


def flask(app: Flask, *words: str) -> Result:
    """`flask …` in a process whose app this is."""
    return app.test_cli_runner().invoke(args=list(words))


def rotate(app: Flask, *purposes: str) -> None:
    """`flask keys rotate`, on a single host."""
    for purpose in purposes:
        done = flask(app, "keys", "rotate", purpose, "--single-host")
        assert done.exit_code == 0, done.output


def key_ids(app: Flask, purpose: str) -> list[str]:
    """The ids of a purpose's keys, the oldest first."""
    with app.app_context():
        found = [key.id for key in list_known() if key.purpose == purpose]
        db.session.rollback()
    return found
