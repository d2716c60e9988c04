"""Two contacts of one department at one instant: the last place is given once, no page overwrites another.

Each race has its control: with the lock or the check planted out the same judge must see the loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import drafts, quotas, service
from eventreg.nominations.drafts import SaveResult
from eventreg.nominations.models import Nomination, NominationVersion, Quota
from tests.rig import awards
from tests.rig.actors import acting
from tests.rig.at_once import run_at_once
from tests.rig.awards import MARKETING, Contest, ready, written
from tests.rig.cast import NOW, Stage

pytestmark = pytest.mark.race

TABS = 8


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with one place for each of two departments."""
    return awards.set_award(app, stage)


@dataclass
class StaleLine:
    """A quota as somebody read it before the lock; what is counted on it is lost."""

    places: int = 1
    filled: int = 0
    extended_until: None = None


def hand_in(app: Flask, contest: Contest) -> list[str]:
    """Both contacts hand one in at once; what each was told."""
    pairs = [(who, ready(app, contest, who, nominee)) for who, nominee in (("B2", "A1"), ("C3", "C3"))]
    told: list[str] = []

    def work(who: str, made: int) -> None:
        try:
            with unit_of_work():
                service.submit(made, seen=2, actor=acting(contest.person(who), NOW))
            told.append("submitted")
        except Refused as refused:
            told.append(refused.code)

    run_at_once(app, *(lambda who=who, made=made: work(who, made) for who, made in pairs))
    return sorted(told)


def test_the_last_place_is_given_once(app: Flask, contest: Contest) -> None:
    assert hand_in(app, contest) == ["nomination.over_quota", "submitted"]
    assert awards.standing(app)[MARKETING] == (1, 1)
    assert sorted(awards.states(app)) == ["draft", "submitted"]


def test_the_control_that_counts_before_the_lock_gives_it_twice(
    app: Flask, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = quotas.lock_line
    pairs_are_ready = {"now": False}

    def stale(campaign_id: int, unit_id: int) -> Quota | StaleLine | None:
        return StaleLine() if pairs_are_ready["now"] else honest(campaign_id, unit_id)

    monkeypatch.setattr(quotas, "lock_line", stale)
    monkeypatch.setattr(service, "submit", _once_ready(pairs_are_ready, service.submit))

    assert hand_in(app, contest) == ["submitted", "submitted"]


def _once_ready(ready_now: dict[str, bool], honest: object) -> object:
    def submit(*args: object, **how: object) -> object:
        ready_now["now"] = True
        return honest(*args, **how)  # type: ignore[operator]

    return submit


def saved(app: Flask, contest: Contest) -> list[bool]:
    """Eight pages that saw the same version save at once, each its own text; who was told of another."""
    made = ready(app, contest, "B2", "A1")
    verdicts: list[SaveResult] = []

    def work(n: int) -> None:
        with unit_of_work():
            verdict = drafts.save(
                made, written(1000 + n), seen=2, tab=f"tab-{n}", actor=acting(contest.person("B2"), NOW)
            )
        verdicts.append(verdict)

    run_at_once(app, *(lambda n=n: work(n) for n in range(1, TABS + 1)))
    return sorted(verdict.other is not None for verdict in verdicts)


def test_of_eight_pages_of_one_version_one_is_saved_and_seven_are_told(app: Flask, contest: Contest) -> None:
    assert saved(app, contest) == [False] + [True] * (TABS - 1)
    with app.app_context():
        assert db.session.query(NominationVersion).count() == 3


def test_the_control_that_does_not_look_overwrites(
    app: Flask, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "_saved_elsewhere", lambda *_args, **_how: False)

    assert saved(app, contest) == [False] * TABS


def test_two_who_begin_the_same_person_go_on_with_one_draft(app: Flask, contest: Contest) -> None:
    begun: list[int] = []

    def work(who: str) -> None:
        unit_id, nominee = contest.units[MARKETING], contest.person("A1")
        with unit_of_work():
            made = drafts.begin(contest.campaign_id, unit_id, nominee, actor=acting(contest.person(who), NOW))
        begun.append(made)

    run_at_once(app, *(lambda who=who: work(who) for who in ("B2", "C3")))

    with app.app_context():
        assert (len(begun), len(set(begun)), db.session.query(Nomination).count()) == (2, 1, 1)
