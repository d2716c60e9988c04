"""Signing in hand: a head and a delegate beside an award, and codes read from the letters that hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.accounts.sign_in_codes import CodeAttempt
from eventreg.core.db.session import db, unit_of_work
from eventreg.nominations.rules import NominationContent
from eventreg.nominations.signing import delegations, service, signatures
from eventreg.nominations.signing.signatures import NominationToSign, SeenVersion
from eventreg.outbox.models import Letter
from tests.rig import awards
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest
from tests.rig.cast import NOW

HEAD, DELEGATE = "E5", "F6"  # of the marketing department, and whom she lets sign


def name_head(
    app: Flask, contest: Contest, who: str = HEAD, unit: str = MARKETING, *, now: datetime = NOW
) -> None:
    """Make somebody head of a department since yesterday."""
    with app.app_context(), unit_of_work():
        unit_id, since = contest.units[unit], now - timedelta(days=1)
        person_id = contest.person(who)
        grants.grant(person_id, Role.DEPARTMENT_HEAD, unit_id=unit_id, actor=acting("test", since))


def handed_in(app: Flask, contest: Contest, *, nominee: str = "A1", now: datetime = NOW) -> int:
    """A nomination by B2 that was submitted."""
    made = awards.ready(app, contest, "B2", nominee, now=now)
    awards.submit(app, contest, "B2", made, now=now)
    return made


def submit_anew(app: Flask, contest: Contest, made: int, content: NominationContent) -> None:
    """Other words, submitted by B2."""
    awards.save(app, contest, "B2", made, content)
    awards.submit(app, contest, "B2", made)


def paper(
    app: Flask, contest: Contest, made: int, who: str = HEAD, *, now: datetime = NOW
) -> NominationToSign:
    """What somebody who signs has before her."""
    with app.app_context():
        return signatures.get(made, contest.person(who), now=now)


def seen(app: Flask, contest: Contest, made: int, who: str = HEAD) -> SeenVersion:
    """What is on her page."""
    shown = paper(app, contest, made, who)
    return SeenVersion(shown.saved.number, shown.digest)


def ask(app: Flask, contest: Contest, made: int, who: str = HEAD, *, now: datetime = NOW) -> tuple[str, str]:
    """The browser's token and the code in the letter."""
    looked = seen(app, contest, made, who)
    with app.app_context(), unit_of_work():
        browser = signatures.ask_code(
            made, seen=looked, actor=acting(contest.person(who), now, contest.stage.keys), locale="zh-CN"
        )
    return browser, code(app, contest)


def code(app: Flask, contest: Contest) -> str:
    """The code of the newest letter that holds one."""
    with app.app_context():
        newest = select(Letter.sealed).where(Letter.kind == "signature_code").order_by(Letter.id.desc())
        sealed = db.session.scalars(newest.limit(1)).one()
    return contest.stage.keys.opened(sealed or b"")


def sign(
    app: Flask,
    contest: Contest,
    made: int,
    typed: str,
    browser: str,
    who: str = HEAD,
    *,
    looked: SeenVersion | None = None,
    now: datetime = NOW,
) -> CodeAttempt:
    """Sign what is on her page, or what was."""
    looked = looked or seen(app, contest, made, who)
    with app.app_context(), unit_of_work():
        return signatures.sign(
            made,
            typed,
            seen=looked,
            browser=browser,
            actor=acting(contest.person(who), now, contest.stage.keys),
        )


def signed(app: Flask, contest: Contest, made: int, who: str = HEAD) -> CodeAttempt:
    """Ask for a code and sign with it."""
    browser, typed = ask(app, contest, made, who)
    return sign(app, contest, made, typed, browser, who)


def standing(app: Flask, made: int) -> tuple[int, int, int | None] | None:
    """The signature that stands: version, by whom, on whose behalf."""
    with app.app_context():
        one = service.standing_of([made])[made]
    return (one.version, one.by, one.on_behalf_of) if one else None


def lend(app: Flask, contest: Contest, to: str = DELEGATE, *, days: int = 7, now: datetime = NOW) -> int:
    """The head lets somebody sign for some days."""
    with app.app_context(), unit_of_work():
        return delegations.name(
            contest.person(HEAD),
            contest.person(to),
            contest.units[MARKETING],
            since=now,
            until=now + timedelta(days=days),
            now=now,
        )


def letters(app: Flask, *kinds: str) -> list[tuple[str, int | None]]:
    """(kind, person) of every letter of these kinds, in the order of posting."""
    with app.app_context():
        rows = select(Letter.kind, Letter.person_id).where(Letter.kind.in_(kinds)).order_by(Letter.id)
        return [(kind, person_id) for kind, person_id in db.session.execute(rows)]


def other_words(**answers: str) -> NominationContent:
    """A whole nomination whose deeds end in another word."""
    whole = awards.written(awards.LEAST, **answers)
    return replace(whole, deeds=whole.deeds[:-1] + "词")
