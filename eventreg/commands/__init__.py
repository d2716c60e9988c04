"""What an operator does on the console: `flask COMMAND`."""

from __future__ import annotations

from flask import Flask

from . import accounts, demo, maintenance, people


def register_commands(app: Flask) -> None:
    """Add every command to `flask`."""
    for command in (*accounts.COMMANDS, *demo.COMMANDS, *people.COMMANDS, *maintenance.COMMANDS):
        app.cli.add_command(command)
