"""How commands refuse: in Chinese and English side by side, on stderr, with exit status 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from eventreg.core.actor import Actor, actor_of
from eventreg.core.clock import utc_now
from eventreg.core.errors import Busy, NotFound, Refused
from eventreg.words import refusals
from eventreg.words.locale import LANGUAGES, speaking


def console() -> Actor:
    """Whoever types commands: the audit trail calls them "console"."""
    return actor_of("console", now=utc_now())


def both(code: str, facts: Mapping[str, object]) -> str:
    """A refusal in both languages."""
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append(refusals.say(code, facts))
    return " / ".join(said)


@contextmanager
def refusals_said() -> Iterator[None]:
    """Turn a refusal into a plain line and exit status 1."""
    try:
        yield
    except Refused as refused:
        raise click.ClickException(both(refused.code, refused.facts)) from refused
    except NotFound as missing:
        raise click.ClickException(both(missing.code, {})) from missing
    except Busy as busy:
        raise click.ClickException("数据库忙，请再试一次 / The database is busy: try again") from busy
