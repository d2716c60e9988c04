"""`flask demo`: the demo company and the plan's three campaigns; with `--links`, a way in for each role."""

from __future__ import annotations

from contextvars import Context
from datetime import timedelta

import click
from flask.cli import ScriptInfo

from eventreg.accounts import links
from eventreg.campaigns import service as campaigns
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.demo import company, played_day
from eventreg.people import service as people
from eventreg.words.locale import LANGUAGES, speaking
from eventreg.words.role_words import ROLES, employee

from .accounts import link_address
from .saying import refusals_said

DEMO_LINK_LIFE = timedelta(hours=12)  # invented people: a day's look around, not half an hour


@click.group("demo", invoke_without_command=True)
@click.option("--links", "with_links", is_flag=True, help="print one single-use sign-in link per role")
@click.pass_context
def demo(context: click.Context, with_links: bool) -> None:
    """Load the demo into an empty product; a second time changes nothing."""
    if context.invoked_subcommand is not None:
        return
    with context.ensure_object(ScriptInfo).load_app().app_context(), refusals_said():
        with unit_of_work():
            new = company.load(now=utc_now())
        click.echo("示例已装入 / demo loaded" if new else "示例已经在了 / demo was there already")
        if with_links:
            print_links()


@demo.command("day")
@click.pass_context
def play_day(context: click.Context) -> None:
    """Load the demo and play 4 March with thirty people through its own pages; print what came out."""
    app = context.ensure_object(ScriptInfo).load_app()
    with app.app_context(), refusals_said():
        with unit_of_work():
            company.load(now=utc_now())
        starts_at = campaigns.get_campaign(played_day.SLUG).starts_at
    try:
        # Without the console's app context: each request makes its own, as in a server.
        told = Context().run(played_day.play, app, starts_at)
    except played_day.UnexpectedAnswer as error:
        raise click.ClickException(str(error)) from error
    for line in told.lines:
        click.echo(line)


def print_links() -> None:
    """One link for each role of the demo's cast, good for one use."""
    click.echo("登录链接，各用一次 / sign-in links, one use each:")
    shown = set()
    for part in company.CAST:
        if part.role in shown:
            continue
        shown.add(part.role)
        person = people.get_person_by_staff_no(part.staff_no)
        with unit_of_work():
            token = links.make(person.id, now=utc_now(), life=DEMO_LINK_LIFE)
        said = []
        for language in LANGUAGES:
            with speaking(language):
                said.append(ROLES[part.role]() if part.role else employee())
        click.echo(f"  {' / '.join(said)} {person.name} {person.staff_no}: {link_address(token)}")


COMMANDS = (demo,)
