"""Tokens of the API from the console."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from eventreg.accounts import api_tokens
from eventreg.accounts.rules import TOKEN_DAYS, ApiScope
from eventreg.commands.saying import console
from eventreg.core.db.session import unit_of_work

from .saying import refusals_said


@click.command("token")
@click.argument("name")
@click.argument("scope", nargs=-1, required=True, type=click.Choice([str(scope) for scope in ApiScope]))
@click.option("--days", type=int, default=TOKEN_DAYS, show_default=True, help="how long it is good")
@click.option("--owner", default="", help="whom to ask about it, for the record")
@with_appcontext
def token(name: str, scope: tuple[str, ...], days: int, owner: str) -> None:
    """Print a new bearer token NAME that opens SCOPE...; it is shown only this once."""
    scopes = [ApiScope(word) for word in scope]
    with refusals_said(), unit_of_work():
        made = api_tokens.make(name, scopes, owner=owner, actor=console(), days=days)
    click.echo(made)


@click.command("token-revoke")
@click.argument("name")
@with_appcontext
def token_revoke(name: str) -> None:
    """End the token NAME at once."""
    with refusals_said(), unit_of_work():
        api_tokens.revoke(name, actor=console())
    click.echo("已作废 / revoked")


COMMANDS = (token, token_revoke)
