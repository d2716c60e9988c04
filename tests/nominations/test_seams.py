"""Where one role's step ends and another's begins: who is told, what her page says, what still stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from flask import Flask

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import service as nominations
from eventreg.nominations.rules import CONDITIONS, DecisionKind
from eventreg.nominations.screening import service as screening
from eventreg.nominations.signing import consents, delegations, signatures
from eventreg.nominations.signing.rules import ConsentAnswer, ConsentPurpose
from tests.rig import awards, cast, mailbox, sight, signing
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, STATION, Contest
from tests.rig.clients import send, signed_in_client
from tests.rig.signing import DELEGATE, HEAD

NOW = utc_now()
SINCE = cast.lately()
REVIEWER = "D4"
MIB = 1024 * 1024


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award, open since an hour; E5 heads the marketing department, D4 screens."""
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=SINCE), now=SINCE, places=2)
    signing.name_head(sqlite_app, contest, now=NOW)
    with sqlite_app.app_context(), unit_of_work():
        grants.grant(contest.person(REVIEWER), Role.HR_REVIEWER, unit_id=None, actor=acting("test", SINCE))
    return contest


@pytest.fixture
def made(sqlite_app: Flask, contest: Contest) -> int:
    """A nomination of A1 that was submitted."""
    return handed_in(sqlite_app, contest, "A1")


def handed_in(app: Flask, contest: Contest, nominee: str, *, who: str = "B2") -> int:
    """A nomination by a contact of somebody of her department."""
    begun = awards.begin(app, contest, who, nominee, now=NOW)
    awards.save(app, contest, who, begun, awards.written(chosen_on="2025-11-01"), now=NOW)
    awards.submit(app, contest, who, begun, now=NOW)
    return begun


def decide(
    app: Flask, contest: Contest, made: int, verdict: DecisionKind, *, due: datetime | None = None
) -> None:
    """HR decides about the second version."""
    by = contest.person(REVIEWER)
    with app.app_context(), unit_of_work():
        screening.decide(made, verdict, seen=2, reason="缺 <b>签字页", actor=acting(by, NOW), due_at=due)


def accept(app: Flask, contest: Contest, made: int) -> None:
    """HR makes her a candidate."""
    with app.app_context(), unit_of_work():
        by = contest.person(REVIEWER)
        screening.accept(made, seen=2, ticked=CONDITIONS, reason="纸质后补", actor=acting(by, NOW))


def answer(
    app: Flask,
    contest: Contest,
    made: int,
    said: ConsentAnswer,
    who: str = "A1",
    to: Collection[ConsentPurpose] = (ConsentPurpose.JUDGES, ConsentPurpose.NOTICE),
) -> None:
    """The nominee says the same to these purposes."""
    me = contest.person(who)
    with app.app_context():
        for purpose in to:
            seen = consents.get_own(made, me).shown[purpose].digest
            with unit_of_work():
                consents.answer(made, purpose, said, seen=seen, actor=acting(me, NOW))


def give_back(app: Flask, contest: Contest, made: int) -> None:
    """The head returns it."""
    with app.app_context(), unit_of_work():
        signatures.give_back(made, "班组写错了", seen=2, actor=acting(contest.person(HEAD), NOW))


def sign(app: Flask, contest: Contest, made: int, who: str = HEAD) -> None:
    """The head signs what is on her page."""
    seen, who_id = signing.seen(app, contest, made, who), contest.person(who)
    keys = app.extensions["eventreg.keys"]
    with app.app_context(), unit_of_work():
        browser = signatures.ask_code(made, seen=seen, actor=acting(who_id, NOW, keys), locale="zh-CN")
    typed = signing.code(app, contest)
    with app.app_context(), unit_of_work():
        signatures.sign(made, typed, seen=seen, browser=browser, actor=acting(who_id, NOW, keys))


def page(app: Flask, who: str, path: str) -> str:
    """What somebody reads there."""
    answer = signed_in_client(app, who).get(path)
    assert answer.status_code == 200
    return answer.text


def told(app: Flask, contest: Contest, kind: str) -> list[str]:
    """Who got a letter of a kind, by staff number."""
    numbers = {id_: staff_no for staff_no, id_ in contest.stage.people.items()}
    return [numbers[id_ or 0] for _kind, id_ in signing.letters(app, kind)]


def test_what_hr_returns_reaches_the_contacts_with_reason_and_day_and_comes_back_signed(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    sign(sqlite_app, contest, made)
    decide(sqlite_app, contest, made, DecisionKind.RETURNED, due=contest.closes_at + timedelta(days=2))
    letter, contact = mailbox.newest(sqlite_app, "nomination_returned", now=NOW), f"/unit/nominations/{made}"
    shown = page(sqlite_app, "B2", contact)

    awards.submit(sqlite_app, contest, "B2", made, now=NOW + timedelta(minutes=1))
    queue = page(sqlite_app, REVIEWER, "/review/campaigns/award/nominations?state=submitted")

    assert told(sqlite_app, contest, "nomination_returned") == ["B2", "C3"]
    assert letter is not None
    assert (letter.heading, letter.facts[-2][1]) == ("审核人退回了推荐", "缺 <b>签字页")
    assert "最晚 " + letter.facts[-1][1] in shown
    assert "缺 &lt;b&gt;签字页" in shown
    assert "安娜" in queue
    assert "鄂兰 于" in page(sqlite_app, "B2", contact)
    assert mailbox.newest(sqlite_app, "nomination_returned", now=NOW) is None


def test_what_the_head_returns_unsigns_and_the_same_words_again_ask_her_anew(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    sign(sqlite_app, contest, made)
    give_back(sqlite_app, contest, made)
    shown = page(sqlite_app, "B2", f"/unit/nominations/{made}")

    with sqlite_app.app_context(), unit_of_work():
        later = NOW + timedelta(minutes=1)
        nominations.submit(made, seen=2, actor=acting(contest.person("B2"), later))

    assert "班组写错了" in shown
    assert "等负责人签字" in shown
    assert told(sqlite_app, contest, "signature_due") == [HEAD, HEAD]
    assert told(sqlite_app, contest, "consent_due") == ["A1", "A1"]
    assert "等签字" in page(sqlite_app, HEAD, f"/unit/signatures/{made}")


def test_a_candidate_is_told_so_on_the_contact_s_page_and_on_her_own(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    sign(sqlite_app, contest, made)
    answer(sqlite_app, contest, made, ConsentAnswer.GIVEN)
    accept(sqlite_app, contest, made)

    contact = page(sqlite_app, "B2", f"/unit/nominations/{made}")
    own, listed = page(sqlite_app, "A1", f"/my/nominations/{made}"), page(sqlite_app, "A1", "/my/nominations")

    assert "审核人已定为候选人，不能再改了。" in contact
    assert "截止以前还能改" not in contact
    assert "你是候选人了" in own
    assert "候选人" in listed


def test_who_is_ruled_out_is_told_without_the_reason_and_the_contacts_with_it(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    decide(sqlite_app, contest, made, DecisionKind.INELIGIBLE)
    letter = mailbox.newest(sqlite_app, "nomination_ineligible", now=NOW)
    contact, own = (
        page(sqlite_app, "B2", f"/unit/nominations/{made}"),
        page(sqlite_app, "A1", f"/my/nominations/{made}"),
    )

    assert letter is not None
    assert letter.facts[-1][1] == "缺 <b>签字页"
    assert "空出来了" in contact
    assert "不再参评" in own
    assert "签字页" not in own


def test_a_nominee_who_declines_is_told_to_the_contacts_until_she_agrees(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    answer(sqlite_app, contest, made, ConsentAnswer.DECLINED, to=[ConsentPurpose.NOTICE])
    letter = mailbox.newest(sqlite_app, "consent_declined", now=NOW)
    contact = page(sqlite_app, "B2", f"/unit/nominations/{made}")
    answer(sqlite_app, contest, made, ConsentAnswer.GIVEN)

    assert letter is not None
    assert letter.heading == "被推荐人不同意"
    assert "不同意" in contact
    assert told(sqlite_app, contest, "consent_declined") == ["B2", "C3"]
    assert mailbox.newest(sqlite_app, "consent_declined", now=NOW) is None


def test_who_leaves_the_company_is_no_candidate_and_her_place_can_be_freed(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    sign(sqlite_app, contest, made)
    answer(sqlite_app, contest, made, ConsentAnswer.GIVEN)
    sight.leave(sqlite_app, contest.person("A1"))

    with pytest.raises(Refused, match="acceptance.blocked"):
        accept(sqlite_app, contest, made)
    awards.save(sqlite_app, contest, "B2", made, awards.written(1001), now=NOW)
    with pytest.raises(Refused, match="nomination.left"):
        awards.submit(sqlite_app, contest, "B2", made, now=NOW)
    contact = f"/unit/nominations/{made}"
    assert send(signed_in_client(sqlite_app, "B2"), contact, f"{contact}/withdrawal").status_code == 303
    assert awards.standing(sqlite_app)[MARKETING] == (2, 0)


def test_a_head_who_is_nominated_does_not_sign_and_her_delegate_is_asked_where_nobody_is_above(
    sqlite_app: Flask, contest: Contest
) -> None:
    station, head = contest.units[STATION], contest.person(HEAD)
    signing.name_head(sqlite_app, contest, HEAD, STATION, now=NOW)
    alone = handed_in(sqlite_app, contest, HEAD, who="D4")
    nobody = page(sqlite_app, "D4", f"/unit/nominations/{alone}")
    with sqlite_app.app_context(), unit_of_work():
        nominations.withdraw(alone, actor=acting(contest.person("D4"), NOW))
    with sqlite_app.app_context(), unit_of_work():
        week = NOW + timedelta(days=7)
        delegations.name(head, contest.person(DELEGATE), station, since=NOW, until=week, now=NOW)
    made = handed_in(sqlite_app, contest, HEAD, who="D4")

    own = page(sqlite_app, HEAD, f"/unit/signatures/{made}")
    for work in (sign, give_back):
        with pytest.raises(Refused, match="signature.own"):
            work(sqlite_app, contest, made)
    assert "没有别的负责人可以签" in nobody
    assert "要由上级负责人或者代签人来签" in own
    assert told(sqlite_app, contest, "signature_due") == [DELEGATE]
    assert "没有别的负责人可以签" not in page(sqlite_app, "D4", f"/unit/nominations/{made}")


def test_a_contact_who_is_nominated_answers_as_a_nominee(sqlite_app: Flask, contest: Contest) -> None:
    made = handed_in(sqlite_app, contest, "C3", who="C3")
    before = page(sqlite_app, "C3", f"/unit/nominations/{made}")
    answer(sqlite_app, contest, made, ConsentAnswer.GIVEN, "C3")

    assert (before.count("等她回复"), told(sqlite_app, contest, "consent_due")) == (2, ["C3"])
    assert "等她回复" not in page(sqlite_app, "C3", f"/unit/nominations/{made}")


def test_a_reviewer_who_is_nominated_reads_why_she_does_not_decide(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    with sqlite_app.app_context(), unit_of_work():
        grants.grant(contest.person("A1"), Role.HR_REVIEWER, unit_id=None, actor=acting("test", SINCE))

    own, other = (page(sqlite_app, who, f"/review/nominations/{made}") for who in ("A1", REVIEWER))

    assert "请由别的审核人决定" in own
    assert 'name="verdict"' not in own
    assert "请由别的审核人决定" not in other
    assert 'name="verdict"' in other


def test_too_large_a_file_is_told_its_limit_and_the_way_back(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    contact, files = signed_in_client(sqlite_app, "B2"), f"/unit/nominations/{made}/files"

    answer = contact.post(files, data=bytes(27 * MIB), content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 413
    assert "一个文件最大 25 MB" in answer.text
    assert f'href="{files}"' in answer.text
    assert "删短" not in answer.text
