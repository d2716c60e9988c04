"""My data is complete: every table that refers to a person or a registration is told in it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import LargeBinary

from eventreg.accounts import feed_tokens, grants, links, sessions, sign_in_codes
from eventreg.accounts.rules import FeedScope, Role
from eventreg.awards.panel.models import PanelMember, Recusal
from eventreg.awards.rounds.models import AwardRound, ScoringCriterion
from eventreg.awards.scores.models import JudgeRemark, Score
from eventreg.campaigns.inputs import EligibilityInput
from eventreg.campaigns.models import Activity, Pool, Question
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound
from eventreg.core.uploaded_files.reading import ReadingResult
from eventreg.core.uploaded_files.receiving import ReceivedFile
from eventreg.core.uploaded_files.rules import FileKind, FileState
from eventreg.models import METADATA
from eventreg.nominations import decisions, drafts, materials
from eventreg.nominations import service as nominations
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.papers import check_codes
from eventreg.nominations.papers import service as receipts
from eventreg.nominations.rules import DecisionKind
from eventreg.nominations.signing.models import Delegation, NominationSignature
from eventreg.people import directory, uploads
from eventreg.people.reading import RosterFile
from eventreg.people.rules import RosterRow
from eventreg.privacy import my_data
from eventreg.privacy.my_data import COLLEAGUES, PLACES
from eventreg.privacy.retention.models import ErasureRequest
from eventreg.registrations import service as registrations
from eventreg.registrations import tickets
from eventreg.registrations.by_hand import acts
from eventreg.registrations.by_hand.rules import HandActKind, HandReason
from eventreg.registrations.models import AddedPlace
from eventreg.registrations.one_of import restrictions
from eventreg.season import granting
from eventreg.venue import devices, scans
from eventreg.venue.incoming import IncomingScan, Scanner
from eventreg.venue.offline.models import LetIn
from eventreg.venue.programme.models import ProgrammeItem
from eventreg.venue.teams.models import Team, TeamMember
from eventreg.venue.walk.models import TimeFix, WalkNote
from tests.rig import awards, cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.statements import statements

NOW = utc_now()


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, open since an hour."""
    return cast.set_stage(app, now=NOW - timedelta(hours=1))


def _references() -> set[tuple[str, str]]:
    """Every column of the product that refers to a person or a registration."""
    return {
        (table.name, column.name)
        for table in METADATA.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in {"person", "registration"}
    }


def do_everything(app: Flask, stage: Stage, staff_no: str) -> None:
    """Whatever leaves a row about somebody."""
    me, other = stage.people[staff_no], stage.people["D4"]
    listed = EligibilityInput(person_ids=frozenset(stage.people.values()))
    with app.app_context(), unit_of_work():
        restrictions.change(stage.campaign_id, listed, "几项报一项", seen=1, actor=acting("test", NOW))
        questions = {q.key: q.id for q in db.session.query(Question)}
        answers = {questions["phone"]: "13800138000", questions["remark"]: "请留前排"}
        application = registrations.Application(
            me, answers, stage.notice_id, True, registrations.RegistrationSource.WEB, "key-1"
        )
        made = registrations.register(stage.campaign_id, application, actor=acting(me, NOW, stage.keys))
    with app.app_context(), unit_of_work():
        sessions.begin(me, browser="Firefox", way="code", now=NOW)
        sign_in_codes.ask(staff_no, address="127.0.0.1", locale="zh-CN", keys=stage.keys, now=NOW)
        sign_in_codes.print_codes([me], actor=acting(other, NOW, stage.keys))
        sign_in_codes.print_codes([other], actor=acting(me, NOW, stage.keys))
        links.make(me, now=NOW)
        feed_tokens.make(me, FeedScope.OWN, now=NOW)
        for role in (Role.HR_REVIEWER, Role.ORGANISER):
            granting.give(me, role, unit_id=None, slug="outing", actor=acting("test", NOW))
        directory.correct_phone(me, "13800138000", actor=acting(f"person:{me}", NOW))
        file = RosterFile((RosterRow(2, "N1", "新人", "女", "办公室"),), ())
        uploads.keep(file, name="r.csv", leavers=False, owner_id=me, actor=acting("test", NOW))
        code = devices.invite(stage.campaign_id, "door", "门口", actor=acting(me, NOW))
    with app.app_context(), unit_of_work():
        found = devices.find_device(devices.pair(code, now=NOW), now=NOW)
        ticket = tickets.find_token(made.id, keys=stage.keys)
        assert found is not None
        assert ticket is not None
        one = IncomingScan("n1", ticket, "door", NOW)
        scans.record([one], Scanner(found.id, found.campaign_id), keys=stage.keys, now=NOW)
        acts.record(made.id, HandActKind.CORRECT, HandReason.ASKED, note="电话", actor=acting(other, NOW))
        pool = db.session.query(Pool).first()
        assert pool is not None
        db.session.add(AddedPlace(registration_id=made.id, pool_id=pool.id))
        db.session.add(ErasureRequest(person_id=me, erased={}, kept={}, by="person:9", at=NOW))
        _on_the_day(stage, made.id, found.id)
    if staff_no == "A1":
        _nominate(app, stage)


def _on_the_day(stage: Stage, registration_id: int, device_id: int) -> None:
    """Rows of the venue."""
    activity_id = db.session.query(Activity.id).filter_by(campaign_id=stage.campaign_id).limit(1).scalar()
    team = Team(
        activity_id=activity_id, number=1 + db.session.query(Team).count(), name="风筝一队", formed="hand"
    )
    db.session.add(team)
    db.session.flush()
    mine = {"registration_id": registration_id}
    here = {"campaign_id": stage.campaign_id, "activity_id": activity_id}
    noted = {"by": "test", "at": NOW}
    db.session.add_all(
        [
            LetIn(
                device_id=device_id,
                nonce=f"l{registration_id}",
                **here,
                **mine,
                check_point="door",
                at=NOW,
                shown="green",
                answered="scan.cancelled",
            ),
            ProgrammeItem(**here, **mine, position=1, kind="forfeit", title="茉莉花", state="due"),
            TeamMember(activity_id=activity_id, **mine, team_id=team.id),
            TimeFix(**mine, check_point="finish", at=NOW, reason="看错", by="test", made_at=NOW),
            WalkNote(activity_id=activity_id, **mine, kind="vehicle", note="脚崴了", **noted),
        ]
    )


def _nominate(app: Flask, stage: Stage) -> None:
    """A1 is her department's contact, and hands herself in."""
    contest = awards.set_award(app, stage, now=NOW, contacts=False)
    with app.app_context(), unit_of_work():
        unit_id = contest.units[awards.MARKETING]
        grants.grant(stage.people["A1"], Role.UNIT_CONTACT, unit_id=unit_id, actor=acting("test", NOW))
        nomination = drafts.begin(
            contest.campaign_id, unit_id, stage.people["A1"], actor=acting(stage.people["A1"], NOW)
        )
    with app.app_context(), unit_of_work():
        content = awards.written(chosen_on="2026-11-01")
        drafts.save(nomination, content, seen=1, tab="t", actor=acting(stage.people["A1"], NOW))
    with app.app_context(), unit_of_work():
        reading = ReadingResult(FileState.READ, "尊老爱幼", 1)
        paper = ReceivedFile("0" * 32, "事迹.pdf", FileKind.PDF, 99, "0" * 64, NOW, reading)
        materials.keep(nomination, paper, MaterialPart.EVIDENCE, actor=acting(stage.people["A1"], NOW))
        nominations.submit(nomination, seen=2, actor=acting(stage.people["A1"], NOW))
    with app.app_context(), unit_of_work():
        row = drafts.lock(nomination, actor=acting(stage.people["A1"], NOW))
        decisions.decide(
            row, DecisionKind.RETURNED, seen=2, reason="补盖章", actor=acting(stage.people["A1"], NOW)
        )
    with app.app_context(), unit_of_work():
        named = check_codes.named_of(nomination, 2, keys=stage.keys)
        me = stage.people["A1"]
        _sign(nomination, me, stage.people["D4"], contest.units[awards.MARKETING])
        received = receipts.receive(named, None, copies=1, remark="", actor=acting(me, NOW)).receipt
        receipts.undo(received.id, "拿错了", None, actor=acting(me, NOW))
        _judge(contest.campaign_id, nomination, me)


def _judge(campaign_id: int, nomination: int, me: int) -> None:
    """Rows of somebody who sits in a panel."""
    round_ = AwardRound(campaign_id=campaign_id, seats=1, tie_break="none", version=1)
    db.session.add(round_)
    db.session.flush()
    criterion = ScoringCriterion(round_id=round_.id, position=1, title="业绩", weight=100, most=10)
    db.session.add(criterion)
    db.session.flush()
    here = {"round_id": round_.id, "person_id": me}
    db.session.add_all(
        [
            PanelMember(**here, part="judge", since=NOW, why_left="CANARY-judge"),
            Recusal(**here, nomination_id=nomination, ground="own", reason="CANARY-judge", by="x", at=NOW),
            Score(**here, nomination_id=nomination, criterion_id=criterion.id, value=800, at=NOW),
            JudgeRemark(**here, nomination_id=nomination, text="CANARY-judge"),
        ]
    )


def _sign(nomination: int, me: int, other: int, unit_id: int) -> None:
    """Rows of signing that name her in each of her parts."""
    for signer, behalf, voided_at in ((me, None, NOW), (other, me, None)):
        signature = {"signed_by": signer, "on_behalf_of": behalf, "signed_at": NOW, "voided_at": voided_at}
        db.session.add(NominationSignature(nomination_id=nomination, version=2, digest="x", **signature))
    for head_id, delegate_id in ((me, other), (other, me)):
        period = {"since": NOW, "until": NOW + timedelta(days=1), "made_at": NOW}
        db.session.add(Delegation(head_id=head_id, delegate_id=delegate_id, unit_id=unit_id, **period))


def test_whatever_refers_to_a_person_has_its_place() -> None:
    assert PLACES.keys() == _references()


def test_every_place_is_filled_by_somebody_who_did_everything(app: Flask, stage: Stage) -> None:
    do_everything(app, stage, "A1")

    with app.app_context():
        told = my_data.collect(stage.people["A1"])

    assert {
        part for part in set(PLACES.values()) | {"person", "audit", "requests"} if not told[part]
    } == set()


def test_every_column_is_told_but_bytes_and_colleagues(app: Flask, stage: Stage) -> None:
    do_everything(app, stage, "A1")
    with app.app_context():
        told = my_data.collect(stage.people["A1"])

    for (table, column), part in PLACES.items():
        columns = METADATA.tables[table].columns
        said = {c.name for c in columns if not isinstance(c.type, LargeBinary)} - COLLEAGUES
        others = {"printed_by", "made_by", "submitted_by"} - ({"made_by"} if table == "pairing" else set())
        hidden = {"person_id"} if column in others else {"nomination_id"} if table == "recusal" else set()
        assert (part, said - hidden - told[part][0].keys()) == (part, set())


def test_what_she_typed_stands_in_it_word_for_word(app: Flask, stage: Stage) -> None:
    do_everything(app, stage, "A1")
    with app.app_context():
        text = json.dumps(my_data.as_json(my_data.collect(stage.people["A1"])), ensure_ascii=False)

    words = (
        "安娜",
        "a1@example.cn",
        "营销部 客户服务班",
        "13800138000",
        "请留前排",
        "踏春嘉年华、健康伴我行",
        "Firefox",
    )
    assert [word for word in words if word not in text] == []


def test_nobody_else_stands_in_it(app: Flask, stage: Stage) -> None:
    for staff_no in ("A1", "B2"):
        if staff_no == "A1":
            do_everything(app, stage, staff_no)
        else:
            cast.sign_up(app, stage, staff_no, now=NOW)
    with app.app_context():
        hers = my_data.as_json(my_data.collect(stage.people["B2"]))

    text = json.dumps(hers, ensure_ascii=False)
    assert [word for word in ("安娜", "a1@", "13800138000", "请留前排", "Firefox") if word in text] == []
    assert [len(hers[part]) for part in ("registrations", "roles", "sessions", "printed_codes")] == [
        1,
        0,
        0,
        0,
    ]


def test_colleagues_are_not_named_by_number(app: Flask, stage: Stage) -> None:
    do_everything(app, stage, "A1")
    with app.app_context():
        told = my_data.collect(stage.people["A1"])

    assert {entry["by"] for entry in told["audit"]} == {"you", "colleague", "console", "visitor", "test"}
    assert told["codes_printed_for_others"][0].keys() & {"person_id", "printed_by"} == set()


def test_nothing_is_told_about_nobody(app: Flask, stage: Stage) -> None:
    with app.app_context(), pytest.raises(NotFound):
        my_data.collect(99999)


def test_much_takes_as_many_statements_as_little(app: Flask, stage: Stage) -> None:
    counts = []
    for times in (1, 3):
        for _ in range(times):
            cast.sign_up(app, stage, "C3", now=NOW)
            cast.withdraw(app, stage, "C3", now=NOW)
        with app.app_context(), statements(app) as seen:
            my_data.collect(stage.people["C3"])
        counts.append(len(seen))

    assert counts[0] == counts[1]
    assert len(sight.arrivals(app, stage.campaign_id)) == 4
