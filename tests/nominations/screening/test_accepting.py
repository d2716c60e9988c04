"""Who becomes a candidate: only what is complete, each step in the chain, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.trail import seals, trail_check
from eventreg.nominations import decisions
from eventreg.nominations.rules import CONDITIONS, DecisionKind
from eventreg.nominations.screening import service
from eventreg.nominations.signing.rules import ConsentAnswer
from tests.rig import awards, screening, sight, signing
from tests.rig.actors import acting
from tests.rig.awards import Contest, ready, save, states, submit, written
from tests.rig.cast import NOW, Stage


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with two places for each of two departments; E5 is head of the one."""
    contest = awards.set_award(app, stage, places=2)
    signing.name_head(app, contest)
    return contest


def accept(app: Flask, contest: Contest, made: int, **how: Any) -> bool:
    """F6 makes her a candidate."""
    with app.app_context(), unit_of_work():
        said: dict[str, Any] = {
            "seen": 2,
            "ticked": CONDITIONS,
            "reason": "",
            "actor": acting(contest.person("F6"), NOW),
        }
        return service.accept(made, **(said | how))


def test_what_is_complete_becomes_a_candidate_and_the_chain_holds_every_step(
    app: Flask, contest: Contest
) -> None:
    made = signing.handed_in(app, contest)
    screening.complete(app, contest, made)

    accepted = [accept(app, contest, made) for _twice in range(2)]

    with app.app_context():
        kept = [(d.verdict, d.reason, d.by) for d in decisions.list_of([made])[made]]
        with unit_of_work():
            seals.seal(now=NOW)
        chain = trail_check.verify()
    assert (accepted, kept) == ([True, False], [(DecisionKind.CANDIDATE, "", contest.person("F6"))])
    assert (chain.unsealed, chain.broken, states(app)) == (0, None, ["candidate"])
    assert sight.audit_actions(app, "nomination.") == [
        "nomination.begun",
        "nomination.submitted",
        "nomination.signed",
        "nomination.consent_given",
        "nomination.consent_given",
        "nomination.paper_received",
        "nomination.candidate",
    ]


def test_without_a_signature_or_a_condition_nobody_is_accepted(app: Flask, contest: Contest) -> None:
    made = signing.handed_in(app, contest)

    with pytest.raises(Refused, match="acceptance.blocked"):
        accept(app, contest, made, reason="急")
    screening.complete(app, contest, made)
    with pytest.raises(Refused, match="nomination.conditions"):
        accept(app, contest, made, ticked=CONDITIONS[1:])
    assert states(app) == ["submitted"]


def test_paper_that_is_missing_wants_a_remark_and_a_consent_that_was_declined_is_in_the_way(
    app: Flask, contest: Contest
) -> None:
    made = signing.handed_in(app, contest)
    signing.signed(app, contest, made)
    screening.agree(app, made)

    with pytest.raises(Refused, match="acceptance.open"):
        accept(app, contest, made)
    screening.agree(app, made, ConsentAnswer.DECLINED)
    with pytest.raises(Refused, match="acceptance.blocked"):
        accept(app, contest, made, reason="材料在路上")
    screening.agree(app, made)
    assert accept(app, contest, made, reason="材料在路上")


def test_other_words_put_what_was_signed_and_received_in_question(app: Flask, contest: Contest) -> None:
    made = signing.handed_in(app, contest)
    screening.complete(app, contest, made)
    signing.submit_anew(app, contest, made, signing.other_words())

    with pytest.raises(Refused, match="acceptance.blocked"):
        accept(app, contest, made, seen=3, reason="急")
    assert states(app) == ["submitted"]


def test_together_only_what_is_safe_unchanged_and_another_s_is_accepted(app: Flask, contest: Contest) -> None:
    safe, own = (signing.handed_in(app, contest, nominee=nominee) for nominee in ("A1", "C3"))
    signing.submit_anew(app, contest, own, signing.other_words())
    unsigned = ready(app, contest, "D4", "E5")
    save(app, contest, "D4", unsigned, written(1001))
    submit(app, contest, "D4", unsigned)
    screening.complete(app, contest, safe)
    screening.complete(app, contest, own, version=3)

    with app.app_context(), unit_of_work():
        chosen = [(safe, 2), (unsigned, 3), (own, 3), (safe, 1), (99, 1)]
        accepted = service.accept_safe(
            contest.campaign_id, chosen, ticked=CONDITIONS, actor=acting(contest.person("C3"), NOW)
        )
    assert (accepted, states(app)) == (1, ["candidate", "submitted", "submitted"])
