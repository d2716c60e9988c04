"""A head lets somebody sign for a while: for whom, until when, and nothing more. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventreg.accounts import grants
from eventreg.accounts.sign_in_codes import CodeOutcome
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations.signing import delegations
from tests.rig import awards, sight, signing
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest
from tests.rig.cast import NOW, Stage
from tests.rig.signing import DELEGATE, HEAD, handed_in, lend, letters, signed, standing

DAY = timedelta(days=1)


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with two places for each of two departments; E5 is head of the one."""
    contest = awards.set_award(app, stage, places=2)
    signing.name_head(app, contest)
    return contest


def test_a_delegate_signs_on_the_head_s_behalf_until_the_period_ends(app: Flask, contest: Contest) -> None:
    lend(app, contest)
    made = handed_in(app, contest)

    assert signed(app, contest, made, DELEGATE).what is CodeOutcome.RIGHT
    assert standing(app, made) == (2, contest.person(DELEGATE), contest.person(HEAD))
    with pytest.raises(NotFound):
        signing.paper(app, contest, made, DELEGATE, now=NOW + 7 * DAY)
    told = [who for _kind, who in letters(app, "delegated", "signature_due")]
    assert told == [contest.person(DELEGATE), contest.person(HEAD), contest.person(DELEGATE)]


def test_a_delegation_that_was_taken_back_before_it_began_can_be_made_again(
    app: Flask, contest: Contest
) -> None:
    for later in (timedelta(0), timedelta(minutes=1)):
        with app.app_context(), unit_of_work():
            made = delegations.name(
                contest.person(HEAD),
                contest.person(DELEGATE),
                contest.units[MARKETING],
                since=NOW + DAY,
                until=NOW + 2 * DAY,
                now=NOW + later,
            )
        with app.app_context(), unit_of_work():
            delegations.end(made, actor=acting(contest.person(HEAD), NOW + later))

    assert len(letters(app, "delegated")) == 2


def test_a_delegation_ends_when_the_head_says_so_or_is_head_no_more(app: Flask, contest: Contest) -> None:
    made, given, head = handed_in(app, contest), lend(app, contest), contest.person(HEAD)
    assert given == lend(app, contest)
    with app.app_context(), unit_of_work(), pytest.raises(NotFound):
        delegations.end(given, actor=acting(contest.person("B2"), NOW + DAY))
    with app.app_context(), unit_of_work():
        delegations.end(given, actor=acting(head, NOW + DAY))
    for later in (2 * DAY,):
        with pytest.raises(NotFound):
            signing.paper(app, contest, made, DELEGATE, now=NOW + later)
    lend(app, contest, now=NOW + 2 * DAY)
    with app.app_context(), unit_of_work():
        grants.end(grants.list_of(head)[0].id, person_id=head, actor=acting("test", NOW + 3 * DAY))

    with pytest.raises(NotFound):
        signing.paper(app, contest, made, DELEGATE, now=NOW + 4 * DAY)
    assert sight.audit_actions(app, "delegation.") == [
        "delegation.made",
        "delegation.ended",
        "delegation.made",
    ]


@pytest.mark.parametrize(
    ("to", "days", "code"),
    [(HEAD, 7, "delegation.self"), ("F6", 0, "delegation.period"), ("F6", 93, "delegation.too_long")],
)
def test_a_delegation_that_makes_no_sense_is_refused(
    app: Flask, contest: Contest, to: str, days: int, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        lend(app, contest, to, days=days)


def test_a_delegate_passes_nothing_on(app: Flask, contest: Contest) -> None:
    lend(app, contest)
    with app.app_context(), unit_of_work(), pytest.raises(NotFound):
        delegations.name(
            contest.person(DELEGATE),
            contest.person("B2"),
            contest.units[MARKETING],
            since=NOW,
            until=NOW + DAY,
            now=NOW,
        )
