"""Pages of signing: what a head, her delegate, a nominee and the contact see and send."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.uploaded_files import receiving
from eventreg.nominations import materials
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.models import Nomination
from eventreg.nominations.rules import NominationContent
from eventreg.nominations.signing import signatures
from eventreg.people.models import Person
from tests.rig import awards, cast, handed_in, signing
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.clients import signed_in_client, token_in
from tests.rig.signing import DELEGATE, HEAD

NOW = utc_now()
SINCE = cast.lately()


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award, open since an hour; E5 heads the marketing department."""
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=SINCE), now=SINCE, places=2)
    signing.name_head(sqlite_app, contest, now=NOW)
    return contest


@pytest.fixture
def made(sqlite_app: Flask, contest: Contest) -> int:
    """A nomination of A1 that was submitted."""
    begun = awards.begin(sqlite_app, contest, "B2", "A1", now=NOW)
    awards.save(sqlite_app, contest, "B2", begun, whole(), now=NOW)
    awards.submit(sqlite_app, contest, "B2", begun, now=NOW)
    return begun


def whole(**answers: str) -> NominationContent:
    """All that is asked; the department chose last year."""
    return awards.written(awards.LEAST, chosen_on="2025-11-01", **answers)


def hidden(page: TestResponse, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action."""
    form = re.search(rf'<form[^>]* action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)
    assert form is not None, page.text
    inputs = re.findall(r"<input[^>]*>", form[0])
    pairs = [(re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs]
    return {name[1]: value[1] for name, value in pairs if name and value}


def send(client: FlaskClient, path: str, action: str = "", **typed: str) -> TestResponse:
    """Open a page and send one of its forms."""
    page, action = client.get(path), action or path
    return client.post(action, data=hidden(page, action) | typed)


def test_signed_with_the_code_from_the_mail(sqlite_app: Flask, contest: Contest, made: int) -> None:
    head, page = signed_in_client(sqlite_app, HEAD), f"/unit/signatures/{made}"

    asked = send(head, page, f"{page}/code")
    nothing = send(head, page, code=" ")
    wrong = send(head, page, code="1")
    right = send(head, page, code=signing.code(sqlite_app, contest))

    assert (asked.status_code, asked.location, nothing.status_code) == (303, f"{page}#sign", 422)
    assert wrong.status_code == 422
    assert "还可以试 4 次" in wrong.text
    assert right.status_code == 303
    assert "鄂兰 于" in head.get(page).text
    contact = signed_in_client(sqlite_app, "B2").get(f"/unit/nominations/{made}").text
    assert "鄂兰 于" in contact
    assert "等她回复" in contact


def test_the_code_that_was_asked_for_in_another_browser_signs_nothing(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    page = f"/unit/signatures/{made}"
    first, second = (signed_in_client(sqlite_app, HEAD) for _n in range(2))
    send(first, page, f"{page}/code")
    send(second, page, f"{page}/code")
    theirs = signing.code(sqlite_app, contest)

    assert send(first, page, code=theirs).status_code == 422


def test_a_changed_paper_comes_back_with_the_changes_marked(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    head, page = signed_in_client(sqlite_app, HEAD), f"/unit/signatures/{made}"
    send(head, page, f"{page}/code")
    before = head.get(page)
    awards.save(sqlite_app, contest, "B2", made, whole(post="值班长"), now=NOW)
    awards.submit(sqlite_app, contest, "B2", made, now=NOW)
    code = signing.code(sqlite_app, contest)

    answer = head.post(page, data=hidden(before, page) | {"code": code})

    assert answer.status_code == 409
    assert "改了哪里标在下面" in answer.text
    assert "<ins>" in answer.text
    assert 'name="code"' not in answer.text


def test_a_reason_is_needed_and_a_long_one_comes_back(sqlite_app: Flask, contest: Contest, made: int) -> None:
    head, page = signed_in_client(sqlite_app, HEAD), f"/unit/signatures/{made}"
    action, long = f"{page}/return", "字" * 501

    blank = send(head, page, action, reason="")
    much = send(head, page, action, reason=long)
    done = send(head, page, action, reason="班组写错了")

    assert blank.status_code == 422
    assert "还没有填" in blank.text
    assert much.status_code == 422
    assert long in much.text
    assert done.status_code == 303
    contact = signed_in_client(sqlite_app, "C3").get(f"/unit/nominations/{made}").text
    assert "班组写错了" in contact
    assert "负责人在" in contact
    assert "重新提交" in contact


def test_a_reason_for_what_changed_meanwhile_is_kept(sqlite_app: Flask, contest: Contest, made: int) -> None:
    head, page = signed_in_client(sqlite_app, HEAD), f"/unit/signatures/{made}"
    action = f"{page}/return"
    before = hidden(head.get(page), action)
    awards.save(sqlite_app, contest, "B2", made, whole(post="值班长"), now=NOW)
    awards.submit(sqlite_app, contest, "B2", made, now=NOW)

    answer = head.post(action, data=before | {"reason": "班组写错了"})

    assert answer.status_code == 409
    assert "班组写错了" in answer.text
    assert "<ins>" in answer.text


def test_a_delegate_is_named_sees_and_is_ended(sqlite_app: Flask, contest: Contest, made: int) -> None:
    head, delegate = (signed_in_client(sqlite_app, who) for who in (HEAD, DELEGATE))
    unit, path = str(contest.units[awards.MARKETING]), "/unit/signatures/delegates"
    until = (NOW + timedelta(days=3)).date().isoformat()
    nothing = delegate.get("/unit/signatures").status_code

    refused = [
        send(head, path, staff_no=who, unit=where, until=day).status_code
        for who, where, day in (("", unit, until), ("F6", "x", until), ("F6", unit, ""), ("E5", unit, until))
    ]
    named = send(head, path, staff_no="F6", unit=unit, until=until)
    seen = delegate.get(f"/unit/signatures/{made}")
    passed_on = delegate.get(path).status_code
    end = re.search(rf'action="({path}/\d+/end)"', head.get(path).text)
    assert end is not None
    ended = head.post(end[1], data={"csrf_token": token_in(head.get(path))})

    assert (nothing, refused, named.status_code) == (404, [422] * 4, 303)
    assert seen.status_code == 200
    assert "你代鄂兰签" in seen.text
    assert passed_on == 404
    assert (ended.status_code, delegate.get("/unit/signatures").status_code) == (303, 404)


def test_the_nominee_sees_both_and_answers_each(sqlite_app: Flask, contest: Contest, made: int) -> None:
    nominee, page = signed_in_client(sqlite_app, "A1"), f"/my/nominations/{made}"
    shown, action = nominee.get(page), f"{page}/consent"
    forms = re.findall(r'name="seen" value="([^"]+)"', shown.text)
    token = token_in(shown)

    def say(purpose: str, answer: str, seen: str) -> int:
        form = {"csrf_token": token, "purpose": purpose, "answer": answer, "seen": seen}
        return nominee.post(action, data=form).status_code

    assert [
        say("judges", "given", forms[0]),
        say("notice", "declined", forms[-1]),
        say("notice", "given", "x"),
        say("all", "given", forms[0]),
    ] == [303, 303, 409, 422]
    after = nominee.get(page).text
    assert "已同意" in after
    assert "不同意" in after
    assert "撤回同意：提交评审" in after
    assert "已回复" in nominee.get("/my/nominations").text


def test_a_correction_is_shown_to_the_contact_and_a_long_one_is_kept(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    nominee, page = signed_in_client(sqlite_app, "A1"), f"/my/nominations/{made}"

    much = send(nominee, page, f"{page}/correction", text="错" * 2001)
    done = send(nominee, page, f"{page}/correction", text="是 2009 年\n不是 2008 年")

    assert much.status_code == 422
    assert "错" * 2001 in much.text
    assert done.status_code == 303
    assert "是 2009 年" in signed_in_client(sqlite_app, "B2").get(f"/unit/nominations/{made}").text


@pytest.mark.parametrize("path", ["/unit/signatures/{}", "/my/nominations/{}"])
def test_another_s_and_none_answer_alike(sqlite_app: Flask, contest: Contest, made: int, path: str) -> None:
    signing.name_head(sqlite_app, contest, "F6", awards.STATION, now=NOW)
    client = signed_in_client(sqlite_app, "F6")
    answers = [client.get(path.format(id_)) for id_ in (made, 999_999)]
    bare = [re.sub(r'(csrf_token|next)" value="[^"]+"|\d{6}', "", one.text) for one in answers]

    assert ([one.status_code for one in answers], bare[0]) == (
        [404, 404],
        bare[1].replace("/999999", f"/{made}"),
    )


def test_what_was_submitted_is_written_on_until_it_is_submitted_again(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    contact, page = signed_in_client(sqlite_app, "B2"), f"/unit/nominations/{made}"
    form = contact.get(page)
    state = {
        name: value for name, value in hidden(form, page).items() if name in {"csrf_token", "version", "tab"}
    }
    typed = {**dict(whole().answers), "ticked": list(whole().ticked), "deeds": "字" * 1001}

    saved = contact.post(page, data=state | typed | {"do": "save"})
    between = contact.get(page).text
    again = contact.post(page, data=state | typed | {"do": "submit"})

    assert saved.status_code == 303
    assert "改了还没有重新提交" in between
    assert again.status_code == 303
    assert "提交的，就是这一份" in contact.get(page).text
    assert awards.states(sqlite_app) == ["submitted"]


def test_after_the_deadline_what_was_submitted_is_read_and_typed_text_comes_back(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    contact, page = signed_in_client(sqlite_app, "B2"), f"/unit/nominations/{made}"
    state = hidden(contact.get(page), page)
    awards.save(sqlite_app, contest, "B2", made, whole(post="值班长"), now=NOW)
    with sqlite_app.app_context(), unit_of_work():
        row = db.session.get_one(Nomination, made)
        row.state = "candidate"

    read = contact.get(page).text
    late = contact.post(page, data=state | {"deeds": "来晚了的一段话", "do": "save"})

    assert 'name="deeds"' not in read
    assert "值班长" not in read
    assert "班长" in read
    assert late.status_code == 409
    assert "来晚了的一段话" in late.text


def test_a_head_without_a_mailbox_is_told_what_to_do(sqlite_app: Flask, contest: Contest, made: int) -> None:
    with sqlite_app.app_context(), unit_of_work():
        db.session.get_one(Person, contest.person(HEAD)).email = None
    head, page = signed_in_client(sqlite_app, HEAD), f"/unit/signatures/{made}"

    answer = send(head, page, f"{page}/code")

    assert answer.status_code == 409
    assert "请管理员补上邮箱" in answer.text
    with sqlite_app.app_context():
        assert signatures.list_for(contest.person(HEAD), now=NOW)[0][1] is None


def test_the_nominee_gets_the_copy_of_evidence_and_never_how_the_department_chose(
    sqlite_app: Flask, contest: Contest, made: int
) -> None:
    with sqlite_app.app_context():
        kept = {}
        for part in (MaterialPart.EVIDENCE, MaterialPart.MINUTES):
            received = receiving.receive(io.BytesIO(handed_in.document(str(part))), "a.docx", began=NOW)
            with unit_of_work():
                kept[part] = materials.keep(made, received, part, actor=acting(contest.person("B2"), NOW)).id
    nominee = signed_in_client(sqlite_app, "A1")

    answers = {
        part: nominee.get(f"/my/nominations/{made}/files/{id_}", buffered=True) for part, id_ in kept.items()
    }

    assert {part: answer.status_code for part, answer in answers.items()} == {
        MaterialPart.EVIDENCE: 200,
        MaterialPart.MINUTES: 404,
    }
