"""HR's queue, search and decisions, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from eventreg import jobs
from eventreg.campaigns import writing
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.service import get_managed
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations.models import Nomination
from eventreg.nominations.rules import CONDITIONS, DecisionKind
from eventreg.nominations.screening import index, queue, report, service
from eventreg.nominations.screening.models import NominationIndex
from eventreg.nominations.screening.queue import QueueFilter
from eventreg.nominations.screening.rules import GroupDimension, StructureLimitFacts
from eventreg.people.models import Person
from tests.rig import awards, cast, sight
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, STATION, Contest, begin, save, states, submit, written
from tests.rig.cast import NOW, Stage
from tests.rig.statements import statements

YEAR = timedelta(days=365)
DEEDS = "劳动模范张三。" + "她在柜台前守了二十年，" * 95


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with two places for each of two departments."""
    return awards.set_award(app, stage, places=2)


def hand_in(app: Flask, contest: Contest, who: str, nominee: str, **said: str) -> int:
    """A nomination that was submitted, with the deeds of her own."""
    made = begin(app, contest, who, nominee)
    deeds = said.pop("deeds", "字" * awards.LEAST)
    save(app, contest, who, made, replace(written(awards.LEAST, **said), deeds=deeds))
    submit(app, contest, who, made)
    return made


def found(app: Flask, **wanted: Any) -> list[str]:
    """Whose nominations are found, in the order of the queue."""
    with app.app_context():
        page = queue.page_of(get_managed("award"), QueueFilter(**wanted), number=1, now=NOW)
        return [line.nomination.nominee.staff_no for line in page.lines]


def decide(app: Flask, contest: Contest, id_: int, verdict: DecisionKind, **how: Any) -> bool:
    """A decision by HR about the second version."""
    by = contest.person(how.pop("who", "F6"))
    with app.app_context(), unit_of_work():
        if verdict is DecisionKind.CANDIDATE:
            how = {"ticked": CONDITIONS, "reason": "", **how}
            return service.accept(id_, seen=2, actor=acting(by, NOW), **how)
        return service.decide(id_, verdict, seen=2, actor=acting(by, NOW), **{"reason": "", **how})


def test_the_queue_is_sought_by_state_department_and_words_of_two_characters(
    app: Flask, contest: Contest
) -> None:
    first = hand_in(app, contest, "B2", "A1", deeds=DEEDS)
    hand_in(app, contest, "C3", "C3", short="劳动光荣，模范带头。", post="收费 班长")
    hand_in(app, contest, "D4", "E5")
    begin(app, contest, "D4", "F6")
    decide(app, contest, first, DecisionKind.RETURNED, reason="补照片")

    assert found(app) == ["A1", "C3", "E5"]
    assert (found(app, state="returned"), found(app, unit_id=contest.units[STATION])) == (["A1"], ["E5"])
    assert [
        found(app, words=w) for w in ("柜台", "劳动", "劳动 模范", "劳动模范", "费班", "E5", "没有", "%")
    ] == [
        ["A1"],
        ["A1", "C3"],
        ["A1", "C3"],
        ["A1"],
        ["C3"],
        ["E5"],
        [],
        [],
    ]


def test_a_draft_is_not_there_for_hr_and_what_was_withdrawn_is_not_sought(
    app: Flask, contest: Contest
) -> None:
    draft = begin(app, contest, "B2", "A1")
    save(app, contest, "B2", draft, replace(written(), deeds=DEEDS))

    with app.app_context(), pytest.raises(NotFound):
        queue.get(draft)
    with pytest.raises(NotFound):
        decide(app, contest, draft, DecisionKind.RETURNED, reason="补")
    assert (found(app), found(app, words="柜台")) == ([], [])


def test_without_the_head_s_signature_nobody_becomes_a_candidate(app: Flask, contest: Contest) -> None:
    made = hand_in(app, contest, "B2", "A1")

    with pytest.raises(Refused, match="acceptance.blocked"):
        decide(app, contest, made, DecisionKind.CANDIDATE, reason="急")
    assert states(app) == ["submitted"]


def test_nobody_decides_about_her_own(app: Flask, contest: Contest) -> None:
    made = hand_in(app, contest, "B2", "A1")

    for verdict in (DecisionKind.CANDIDATE, DecisionKind.RETURNED):
        with pytest.raises(Refused, match="decision.own"):
            decide(app, contest, made, verdict, who="A1", reason="自荐")


def test_copied_deeds_are_hinted_at_and_one_s_own_words_are_not(app: Flask, contest: Contest) -> None:
    mine = "".join(chr(0x4E00 + n * 7 % 5000) for n in range(1000))
    other = "".join(chr(0x4E01 + n * 11 % 6000) for n in range(600))
    mixed = mine[:500] + other
    copied = hand_in(app, contest, "B2", "A1", deeds=mine)
    second = hand_in(app, contest, "C3", "C3", deeds=mixed)

    with app.app_context():
        [hint] = index.hints(second, mixed)
        none = index.hints(second, "".join(chr(0x6E00 + n * 11 % 4000) for n in range(1000)))
        page = queue.page_of(get_managed("award"), QueueFilter(), number=1, now=NOW)
        twins = [next(c for c in line.checks if c.code == "twins").facts for line in page.lines]
    assert hint.nomination_id == copied
    assert 35 <= hint.percent <= 60
    assert hint.passages[0][:400] == mine[:400]
    assert (none, twins) == ([], [{"twins": 0}, {"twins": 0}])


def test_who_was_nominated_last_year_is_no_twin_and_who_is_in_two_awards_of_a_season_is(
    app: Flask, contest: Contest
) -> None:
    made = hand_in(app, contest, "B2", "A1", deeds=DEEDS)
    with app.app_context(), unit_of_work():
        this = writing.make_season(cast.season())
        last = writing.make_season(replace(cast.season(), slug="last", day=cast.DAY.date() - YEAR))
        award = replace(awards.award(NOW), slug="other")
        writing.publish(award, season_id=this, notice_id=contest.stage.notice_id, actor=acting("test", NOW))
        other = get_managed("other").id
        db.session.execute(update(Nomination).where(Nomination.id == made).values(campaign_id=other))
        db.session.execute(
            update(Campaign).where(Campaign.id.in_([other, contest.campaign_id])).values(season_id=this)
        )
    again = hand_in(app, contest, "B2", "A1")
    twins = []
    for season_id in (this, last):
        with app.app_context():
            with unit_of_work():
                db.session.execute(update(Campaign).where(Campaign.id == other).values(season_id=season_id))
            line = queue.lines_of(get_managed("award"), [again], now=NOW)[0]
            twins.append(next(c for c in line.checks if c.code == "twins").facts["twins"])

    assert twins == [1, 0]


def test_what_was_submitted_before_there_was_an_index_is_indexed_by_the_job(
    app: Flask, contest: Contest
) -> None:
    hand_in(app, contest, "B2", "A1", deeds=DEEDS)
    with app.app_context(), unit_of_work():
        db.session.execute(delete(NominationIndex))
    before = found(app, words="柜台")

    with app.app_context():
        tidied = [jobs.tidy(NOW) for _twice in range(2)]

    assert (before, tidied, found(app, words="柜台")) == ([], [1, 0], ["A1"])


def test_several_at_once_want_every_condition_looked_at_again(app: Flask, contest: Contest) -> None:
    made = hand_in(app, contest, "B2", "A1")

    with app.app_context(), pytest.raises(Refused, match="nomination.conditions"), unit_of_work():
        service.accept_safe(
            contest.campaign_id, [(made, 2)], ticked=CONDITIONS[1:], actor=acting(contest.person("F6"), NOW)
        )
    assert states(app) == ["submitted"]


def test_thirty_lines_take_as_many_statements_as_one(app: Flask, contest: Contest) -> None:
    counts = []
    for who, nominee in (("B2", "A1"), ("C3", "C3")):
        hand_in(app, contest, who, nominee)
        with app.app_context(), statements(app) as seen:
            queue.page_of(get_managed("award"), QueueFilter(), number=1, now=NOW)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_report_counts_groups_and_holds_limits(app: Flask, contest: Contest) -> None:
    hand_in(app, contest, "B2", "A1", post="部门经理")
    hand_in(app, contest, "D4", "E5")
    limit = StructureLimitFacts(GroupDimension.POST, "经理", True, 20)
    by = contest.person("F6")
    for _ in range(2):
        with app.app_context(), unit_of_work():
            report.add_limit(contest.campaign_id, limit, actor=acting(by, NOW))

    with app.app_context():
        told = report.report(get_managed("award"))
        [(limit_id, bar)] = told.bars
        with unit_of_work():
            report.drop_limit(contest.campaign_id, limit_id, actor=acting(by, NOW))
        after = report.report(get_managed("award")).bars
    assert (told.nominated, told.candidates, after) == (2, 0, [])
    assert bar.limit == limit
    assert bar.count == 1
    assert bar.of == 2
    assert bar.kept is False
    assert {code: n for code, n, _c in told.groups[GroupDimension.POST]} == {"部门经理": 1, "班长": 1}
    assert {code for code, _n, _c in told.groups[GroupDimension.UNIT]} == {
        str(contest.units[MARKETING]),
        str(contest.units[STATION]),
    }
    assert sight.audit_actions(app, "award.") == ["award.limit_added", "award.limit_dropped"]


def test_look_alike_characters_are_sought_as_what_they_look_like(app: Flask, contest: Contest) -> None:
    hand_in(app, contest, "B2", "A1", deeds=DEEDS + "⻘天，龚\ue863。")
    with app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.staff_no == "A1").values(name="张三"))

    sought = ("青天", "⻘天", "青\u200b天", "张　三", "张\u200b三", "ａ１", "青云")
    assert [found(app, words=words) for words in sought] == [["A1"]] * 6 + [[]]
