"""Paper and electronic in step: check codes, receipts, what was submitted; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventreg.campaigns.service import get_managed
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.delivery.contents import reminder_letters
from eventreg.delivery.contents.reminder_letters import ReminderContent, ReminderReader
from eventreg.nominations import service as nominations
from eventreg.nominations.models import NominationVersion
from eventreg.nominations.papers import check_codes, lists, service
from eventreg.nominations.papers.models import PaperReceipt, Submission
from eventreg.nominations.papers.rules import PaperMatch, PaperReference, in_groups, match
from eventreg.nominations.rules import NominationState
from eventreg.nominations.screening.screening_marks import marks_of
from eventreg.reminders.audiences import get_audience
from tests.rig import awards
from tests.rig.actors import acting
from tests.rig.awards import Contest, save, submit, written
from tests.rig.cast import NOW, Stage
from tests.rig.papers import handed_in, keys_of, printed, receive

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with one place for each of two departments."""
    return awards.set_award(app, stage)


def test_what_was_submitted_once_is_kept_through_an_afternoon_of_autosaves(
    app: Flask, contest: Contest
) -> None:
    made = handed_in(app, contest)
    for n in range(30):
        save(app, contest, "B2", made, written(1001 + n), now=NOW + timedelta(seconds=n))
    submit(app, contest, "B2", made)

    with app.app_context():
        kept = {row.number for row in db.session.query(NominationVersion)}
        submitted = [(row.version, len(row.digest)) for row in db.session.query(Submission)]
    assert {2, 32} <= kept
    assert submitted == [(2, 64), (32, 64)]


def test_each_version_has_a_code_of_its_own_that_only_the_key_makes(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    save(app, contest, "B2", made, written(1001))
    submit(app, contest, "B2", made)

    first, second = printed(app, made), printed(app, made, 3)

    with app.app_context():
        assert check_codes.get_named(check_codes.token_of(first), keys=keys_of(app)) == first
    assert len(first.code) == 8
    assert first.code != second.code


def test_a_version_that_was_never_submitted_has_no_code(app: Flask, contest: Contest) -> None:
    made = awards.ready(app, contest, "B2", "A1")

    with pytest.raises(NotFound):
        printed(app, made)


@pytest.mark.parametrize("change", ["number", "version", "code", "short", "nothing"])
def test_an_address_that_is_nearly_right_is_none(app: Flask, contest: Contest, change: str) -> None:
    named = printed(app, handed_in(app, contest))
    code = named.code[:-1] + ("0" if named.code[-1] != "0" else "1")
    near = {
        "number": PaperReference(named.nomination_id + 1, 2, named.code),
        "version": PaperReference(named.nomination_id, 3, named.code),
        "code": PaperReference(named.nomination_id, 2, code),
        "short": PaperReference(named.nomination_id, 2, named.code[:7]),
        "nothing": PaperReference(named.nomination_id, 2, ""),
    }

    with app.app_context(), pytest.raises(NotFound):
        check_codes.get_named(check_codes.token_of(near[change]), keys=keys_of(app))


def test_a_code_is_typed_as_people_type(app: Flask, contest: Contest) -> None:
    named = printed(app, handed_in(app, contest))
    ways = (
        named.code,
        named.code.lower(),
        in_groups(named.code),
        f" {named.code[:4]} {named.code[4:]} ",
        named.code.replace("0", "O").replace("1", "l"),
        "".join(chr(ord(mark) + 0xFEE0) for mark in named.code),
    )

    with app.app_context():
        found = {check_codes.find_typed(way, None, keys=keys_of(app)) for way in ways}
    assert found == {named}


def test_a_code_of_another_award_or_of_none_is_unknown(app: Flask, contest: Contest) -> None:
    named = printed(app, handed_in(app, contest))

    with app.app_context():
        for typed, award_ids in ((named.code, []), ("00000000", None), ("", None), ("女神节", None)):
            with pytest.raises(Refused, match=r"paper\.unknown_code"):
                check_codes.find_typed(typed, award_ids, keys=keys_of(app))


def test_a_paper_is_received_once_and_says_so_the_second_time(app: Flask, contest: Contest) -> None:
    named = printed(app, handed_in(app, contest))

    first = receive(app, contest, named, copies=2, remark="缺骑缝章")
    again = receive(app, contest, named, copies=9, by="D4", now=LATER)

    with app.app_context():
        (entry,) = [
            e
            for e in audit.list_about([f"nomination:{named.nomination_id}"])
            if e.action == "nomination.paper_received"
        ]
        standing = service.standing_of([named.nomination_id, 99])
    told = first.receipt
    assert first.fresh is True
    assert again.fresh is False
    assert again.receipt == told
    assert (told.version, told.copies, told.remark, told.at, told.by) == (
        2,
        2,
        "缺骑缝章",
        NOW,
        contest.person("F6"),
    )
    assert (entry.facts["version"], entry.facts["copies"], standing) == (2, 2, {named.nomination_id: told})


def test_screening_sees_which_version_came_in(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    receive(app, contest, printed(app, made))

    with app.app_context():
        assert {id_: marks.received for id_, marks in marks_of([made, 99]).items()} == {made: 2, 99: None}


def test_a_newer_paper_stands_beside_the_older_one(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    receive(app, contest, printed(app, made))
    save(app, contest, "B2", made, written(1001))
    submit(app, contest, "B2", made)

    newer = receive(app, contest, printed(app, made, 3), now=LATER)

    with app.app_context():
        older = service.find_receipt(printed(app, made))
        assert service.standing_of([made]) == {made: newer.receipt}
    assert (older and older.version, newer.receipt.version) == (2, 3)


@pytest.mark.parametrize("copies", [0, 10])
def test_one_to_nine_copies(app: Flask, contest: Contest, copies: int) -> None:
    named = printed(app, handed_in(app, contest))

    with pytest.raises(Refused, match=r"typed\.out_of_bounds"):
        receive(app, contest, named, copies=copies)

    with app.app_context():
        assert db.session.query(PaperReceipt).count() == 0


def test_a_paper_of_what_is_withdrawn_is_not_received(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    named = printed(app, made)
    with app.app_context(), unit_of_work():
        nominations.withdraw(made, actor=acting(contest.person("B2"), NOW))

    with pytest.raises(Refused, match=r"paper\.withdrawn"):
        receive(app, contest, named)


def test_another_award_s_desk_receives_nothing(app: Flask, contest: Contest) -> None:
    named = printed(app, handed_in(app, contest))

    with pytest.raises(NotFound):
        receive(app, contest, named, mine=[contest.campaign_id + 1])


def test_a_receipt_is_undone_with_a_reason_and_the_paper_can_come_again(app: Flask, contest: Contest) -> None:
    named = printed(app, handed_in(app, contest))
    receipt = receive(app, contest, named).receipt
    by = contest.person("F6")
    with app.app_context():
        with pytest.raises(Refused, match=r"typed\.missing"), unit_of_work():
            service.undo(receipt.id, "", None, actor=acting(by, LATER))
        with pytest.raises(NotFound), unit_of_work():
            service.undo(receipt.id, "拿错了", [], actor=acting(by, LATER))
        for reason in ("拿错了", "又按了一次"):
            with unit_of_work():
                service.undo(receipt.id, reason, None, actor=acting(by, LATER))

        kept = db.session.get_one(PaperReceipt, receipt.id)
        assert (kept.undone_at, kept.reason, service.standing_of([named.nomination_id])) == (
            LATER,
            "拿错了",
            {},
        )
    assert receive(app, contest, named, now=LATER).fresh is True


@pytest.mark.parametrize(
    ("state", "handed_in_version", "expected"),
    [
        (NominationState.SUBMITTED, 2, PaperMatch.SAME),
        (NominationState.CANDIDATE, 3, PaperMatch.OLDER),
        (NominationState.DRAFT, None, PaperMatch.TAKEN_BACK),
        (NominationState.WITHDRAWN, None, PaperMatch.WITHDRAWN),
    ],
)
def test_how_a_paper_stands_to_what_is_stored(
    state: NominationState, handed_in_version: int | None, expected: PaperMatch
) -> None:
    assert match(state, handed_in_version, 2) is expected


def test_who_submitted_and_brought_no_paper_of_it_is_reminded(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    other = awards.ready(app, contest, "D4", "E5")
    submit(app, contest, "D4", other)
    receive(app, contest, printed(app, made))
    receive(app, contest, printed(app, other))
    save(app, contest, "D4", other, written(1001))
    submit(app, contest, "D4", other)

    with app.app_context():
        audience = get_audience("unreceived")
        found = {person for person, _since in db.session.execute(audience.people(get_managed("award")))}
        suits = [audience.suits(get_managed(slug)) for slug in ("award", "outing")]
    assert (found, suits) == ({contest.person("D4")}, [True, False])


def test_a_summary_lists_what_counts_now_with_what_was_received(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    receive(app, contest, printed(app, made))
    save(app, contest, "B2", made, written(1000, post="所长"))
    awards.more_places(app)
    draft = awards.begin(app, contest, "B2", "C3")

    with app.app_context():
        mine = lists.of_department(contest.campaign_id, contest.units[awards.MARKETING])
        whole = lists.of_award(contest.campaign_id)
    assert [(one.found.id, one.post, one.received) for one in mine] == [
        (made, "班长", True),
        (draft, "", False),
    ]
    assert [one.found.id for one in whole] == [made]


def test_the_reminder_says_what_to_bring_where(app: Flask, contest: Contest) -> None:
    with app.test_request_context():
        about = ReminderContent(get_managed("award"), "unreceived", None, over=True)
        said = reminder_letters.content(
            about, ReminderReader(contest.person("B2")), base_url="http://localhost"
        )

    assert said.heading == "纸质推荐表还没有收到"
    assert "请交到党群工作部" in said.lines[0]
