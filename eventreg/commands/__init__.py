"""What an operator does on the console: `flask COMMAND`."""

from __future__ import annotations

from flask import Flask

from . import people


def register_commands(app: Flask) -> None:
    """Add every command to `flask`."""
    for command in people.COMMANDS:
        app.cli.add_command(command)
