"""What an operator does on the console: `flask COMMAND`."""

from __future__ import annotations

from flask import Flask

from . import (
    accounts,
    backups,
    demo,
    judging,
    key_rings,
    mail,
    maintenance,
    nomination_files,
    people,
    tokens,
    trail,
)


def register_commands(app: Flask) -> None:
    """Add every command to `flask`."""
    rooms = (
        accounts,
        demo,
        judging,
        people,
        maintenance,
        nomination_files,
        tokens,
        mail,
        backups,
        trail,
        key_rings,
    )
    for command in (command for room in rooms for command in room.COMMANDS):
        app.cli.add_command(command)
