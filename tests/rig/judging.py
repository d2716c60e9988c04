"""An award with candidates and a panel, past its deadline: what tests of judging begin with.

Candidates are A1 (营销部), E5 (城关供电所) and X0001 (办公室); the panel is C3 (营销部, chair), F6 (城关供电所), X0002, X0003
(办公室). So C3 is recused from A1, F6 from E5, X0002 and X0003 from X0001.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from flask import Flask
from sqlalchemy import update

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.awards.panel import service as panel
from eventreg.awards.panel.rules import PanelPart
from eventreg.awards.rounds import service as rounds
from eventreg.awards.rounds.rules import NamedCriterion, RoundRules, TieRule
from eventreg.awards.scores import service as scores
from eventreg.core.db.session import db, unit_of_work
from eventreg.nominations import drafts, service
from eventreg.nominations.models import Nomination, Quota
from eventreg.nominations.signing.rules import ConsentAnswer
from eventreg.people.service import get_person_by_staff_no, person_facts
from eventreg.people.units import chain_of
from tests.rig import awards, cast, screening
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.cast import NOW

CANDIDATES = ("A1", "E5", "X0001")
PANEL = {
    "C3": PanelPart.CHAIR,
    "F6": PanelPart.JUDGE,
    "X0002": PanelPart.JUDGE,
    "X0003": PanelPart.JUDGE,
}
RULES = RoundRules(
    (NamedCriterion("工作业绩", 60, 10), NamedCriterion("思想品德", 40, 50)), tie=TieRule.FIRST_CRITERION
)


@dataclass(frozen=True)
class Judging:
    """The round, the people by staff number, and the candidates' nominations by staff number."""

    contest: Contest
    people: Mapping[str, int]
    round_id: int
    nominations: Mapping[str, int]
    late: datetime

    @property
    def campaign_id(self) -> int:
        """The award's."""
        return self.contest.campaign_id


def set_judging(app: Flask, *, opened: bool = True, now: datetime = NOW) -> Judging:
    """Candidates, rules and a panel; with `opened` the list is frozen and everybody has signed the undertaking."""
    stage = cast.set_stage(app, extra=4, now=now)
    contest = awards.set_award(app, stage, places=3, now=now)
    people = dict(stage.people)
    with app.app_context():
        for no in ("X0001", "X0002", "X0003", "X0004"):
            people[no] = get_person_by_staff_no(no).id
    nominations = {no: _candidate(app, people[no], contest, now=now) for no in CANDIDATES}
    late = contest.closes_at + timedelta(hours=1)
    with app.app_context(), unit_of_work():
        actor = acting(people["F6"], now)
        rounds.set_rules(contest.campaign_id, RULES, reason="", seen=0, actor=actor)
    with app.app_context():
        round_id = rounds.get(contest.campaign_id).id
    with app.app_context(), unit_of_work():
        for no, part in PANEL.items():
            panel.seat(round_id, no, part, actor=acting("test", late))
    made = Judging(contest, people, round_id, nominations, late)
    if opened:
        open_round(app, made)
    return made


def canary(person_id: int) -> str:
    """Words that stand in the nomination of one person alone."""
    return f"Canary{person_id}Sings"


def open_round(app: Flask, made: Judging) -> None:
    """HR opens the round; every judge signs."""
    with app.app_context(), unit_of_work():
        rounds.open_round(made.campaign_id, voting=len(PANEL), actor=acting("test", made.late))
        for no in PANEL:
            panel.pledge(made.round_id, actor=acting(made.people[no], made.late))


def give(app: Flask, made: Judging, judge: str, nominee: str, *values: float, remark: str = "") -> None:
    """A judge scores a nominee by criterion."""
    with app.app_context():
        found = rounds.by_id(made.round_id)
    given = {one.id: Fraction(str(value)) for one, value in zip(found.criteria, values, strict=False)}
    with app.app_context(), unit_of_work():
        actor = acting(made.people[judge], made.late)
        scores.save(made.round_id, made.nominations[nominee], given, remark, actor=actor)


def give_all(app: Flask, made: Judging) -> None:
    """Everybody scores whatever they read: A1 best, then E5, then X0001."""
    base = {"A1": 9, "E5": 8, "X0001": 7}
    for judge in PANEL:
        with app.app_context():
            mine = scores.readable(made.round_id, made.people[judge])
        for nominee, id_ in made.nominations.items():
            if id_ in mine:
                give(app, made, judge, nominee, base[nominee], base[nominee] * 5)


def lock_all(app: Flask, made: Judging) -> None:
    """Every judge has finished."""
    for judge in PANEL:
        with app.app_context(), unit_of_work():
            scores.lock_scores(made.round_id, actor=acting(made.people[judge], made.late))


def _candidate(app: Flask, person_id: int, contest: Contest, *, now: datetime) -> int:
    """A submitted nomination of somebody in any department, agreed to; HR's decision is written in by hand."""
    with app.app_context():
        unit_id = list(reversed(chain_of(person_facts(person_id).unit_id)))[1]
        with unit_of_work():
            if db.session.get(Quota, (contest.campaign_id, unit_id)) is None:
                db.session.add(
                    Quota(campaign_id=contest.campaign_id, unit_id=unit_id, basis=3, places=3, filled=0)
                )
            if unit_id != contest.units[awards.MARKETING]:
                contact = contest.person("B2")
                grants.grant(contact, Role.UNIT_CONTACT, unit_id=unit_id, actor=acting("test", now))
        by = acting(contest.person("B2"), now)
        with unit_of_work():
            made = drafts.begin(contest.campaign_id, unit_id, person_id, actor=by)
        with unit_of_work():
            drafts.save(
                made,
                awards.written(short=canary(person_id), chosen_on=f"{now:%Y}-01-15"),
                seen=1,
                tab="t",
                actor=by,
            )
        with unit_of_work():
            service.submit(made, seen=2, actor=by)
    screening.agree(app, made, ConsentAnswer.GIVEN, now=now)
    with app.app_context(), unit_of_work():
        db.session.execute(update(Nomination).where(Nomination.id == made).values(state="candidate"))
    return made
