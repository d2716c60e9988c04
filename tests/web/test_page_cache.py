"""Pages that are cached for many readers: each reader finds their own data in them, and never anybody else's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from eventreg.campaigns.models import Campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.process_cache import cache_of
from eventreg.people.models import Person
from eventreg.web.app import page_cache
from eventreg.web.employee.registrations.receipts import queue_of
from tests.rig import cast
from tests.rig.clients import form_of, send
from tests.rig.statements import statements

FORM = "/campaigns/outing/registration"
PAGE = "/campaigns/outing"
ClientFor = Callable[..., FlaskClient]
NAMES = {no: name for no, (name, _gender, _unit) in cast.NAMES.items()}


def open_stage(app: Flask, capacity: int = 20) -> cast.Stage:
    """The outing, open now."""
    return cast.set_stage(app, capacity=capacity, now=cast.lately())


def names_in(text: str) -> list[str]:
    """Who of the cast is named on a page."""
    return sorted(no for no, name in NAMES.items() if name in text)


def test_each_finds_her_own_name_in_the_form_and_a_key_of_her_own(app: Flask, client_for: ClientFor) -> None:
    open_stage(app)
    pages = {no: client_for(no).get(FORM) for no in ("A1", "C3", "F6")}  # three women: one drawing
    forms = [form_of(page) for page in pages.values()]

    assert {no: names_in(page.text) for no, page in pages.items()} == {no: [no] for no in pages}
    for own in ("csrf_token", "idempotency_key"):
        assert len({form[own] for form in forms}) == len(forms)
    assert drawings(app, "employee/registrations/sign_up.html") == 1


def test_each_finds_her_own_ticket(app: Flask, client_for: ClientFor) -> None:
    open_stage(app)
    seen: list[tuple[object, ...]] = []
    for no in ("A1", "C3", "F6"):
        client = client_for(no)
        receipt = client.get(send(client, FORM, phone=f"1380013800{len(seen)}").location).text
        code = re.search(r'path fill="#000" d="([^"]+)"', receipt)
        assert code is not None
        seen.append((names_in(receipt), re.findall(r"1380013800\d", receipt), code[1]))

    assert [entry[:2] for entry in seen] == [
        (["A1"], ["13800138000"]),
        (["C3"], ["13800138001"]),
        (["F6"], ["13800138002"]),
    ]
    assert len({code for _names, _phones, code in seen}) == 3


def test_each_who_waits_finds_her_own_place(app: Flask, client_for: ClientFor) -> None:
    """Whoever reads first, the line is as long as it is when each reads."""
    open_stage(app, capacity=1)
    clients = {no: client_for(no) for no in ("A1", "B2", "C3", "D4", "F6")}
    receipts = {no: send(client, FORM).location for no, client in clients.items()}
    with clients["D4"].session_transaction() as session:
        session["language"] = "en"

    told = {no: _place(clients[no].get(receipts[no]).text) for no in ("F6", "B2", "D4", "C3")}

    assert told == {
        "B2": (
            "1",
            "位，下一个就是你",
            "候补队伍共 4 人，你是第 1 位",
            ["you", "person", "person", "person"],
        ),
        "C3": (
            "2",
            "位，前面还有 1 人",
            "候补队伍共 4 人，你是第 2 位",
            ["person", "you", "person", "person"],
        ),
        "D4": (
            "3rd",
            "in line, 2 people ahead of you",
            "4 people are waiting, you are 3rd in line",
            ["person", "person", "you", "person"],
        ),
        "F6": (
            "4",
            "位，前面还有 3 人",
            "候补队伍共 4 人，你是第 4 位",
            ["person", "person", "person", "you"],
        ),
    }


def test_her_other_pages_name_her_place_too(app: Flask, client_for: ClientFor) -> None:
    open_stage(app, capacity=1)
    for no in ("A1", "B2", "C3"):
        receipt = send(client_for(no), FORM).location

    for page in (receipt, f"{receipt}/answers", f"{receipt}/withdrawal"):
        assert "候补第 2 位" in client_for("C3").get(page).text


@pytest.mark.parametrize(
    ("position", "total", "drawn", "you"),
    [(1, 1, 1, 0), (2, 3, 3, 1), (1, 40, 7, 0), (20, 40, 7, 3), (38, 40, 7, 4), (40, 40, 7, 6), (5, 4, 5, 4)],
)
def test_seven_of_a_line_are_drawn_with_her_among_them(
    position: int, total: int, drawn: int, you: int
) -> None:
    """The last: she came between the campaign's counter and her own place being read."""
    found = queue_of(position, total)

    assert (found.ahead, found.total, found.drawn, found.you) == (
        position - 1,
        max(position, total),
        drawn,
        you,
    )


def test_what_fills_a_hole_is_escaped(app: Flask, client_for: ClientFor) -> None:
    stage = open_stage(app)
    with app.app_context(), unit_of_work():
        hers = Person.id == stage.people["A1"]
        db.session.execute(update(Person).where(hers).values(name="<b>&\"'"))
    client = client_for("A1")
    form = client.get(FORM).text
    receipt = client.get(send(client, FORM, phone="13800138000").location).text

    for page in (form, receipt):
        assert "<b>" not in page
        assert "&lt;b&gt;&amp;&#34;&#39;" in page


def test_nobody_can_type_a_hole(app: Flask, client_for: ClientFor) -> None:
    open_stage(app)
    with app.app_context(), unit_of_work():
        db.session.execute(update(Campaign).values(intro="\ue000csrf_token\ue001", version=2))

    page = client_for("A1").get(PAGE).text

    assert "\ue000csrf_token\ue001" in page


def test_the_page_follows_every_sign_up_and_every_change(app: Flask, client_for: ClientFor) -> None:
    open_stage(app, capacity=2)
    reader, left = app.test_client(), []
    for no in ("A1", "B2", "C3"):
        left.append(_shown(reader))
        send(client_for(no), FORM)
    left.append(_shown(reader))
    with app.app_context(), unit_of_work():
        db.session.execute(update(Campaign).values(title="换了名字的活动", version=Campaign.version + 1))

    assert left == [("2", "0"), ("1", "0"), ("0", "0"), ("0", "1")]
    assert "换了名字的活动" in reader.get(PAGE).text


def test_the_order_follows_who_comes_goes_and_moves_up_and_marks_one_s_own_line(
    app: Flask, client_for: ClientFor
) -> None:
    stage, now = open_stage(app, capacity=1), utc_now()
    reader = app.test_client()
    seen = []
    for work, no in (
        (cast.sign_up, "A1"),
        (cast.sign_up, "C3"),
        (cast.withdraw, "A1"),
        (cast.withdraw, "C3"),
    ):
        work(app, stage, no, now=now)
        seen.append(_order(reader.get(PAGE).text))
    cast.sign_up(app, stage, "A1", now=now)

    assert seen == [[("1", "")], [("1", ""), ("2", "候补")], [("2", "")], []]
    assert _order(client_for("A1").get(PAGE).text) == [("3", "（你）")]
    assert _order(reader.get(PAGE).text) == [("3", "")]


def test_the_order_of_a_campaign_without_limit_follows_a_withdrawal_at_once(app: Flask) -> None:
    stage, now = cast.set_stage(app, capacity=None, now=cast.lately()), utc_now()
    reader = app.test_client()
    seen = []
    for work, no in ((cast.sign_up, "A1"), (cast.sign_up, "C3"), (cast.withdraw, "A1")):
        work(app, stage, no, now=now)
        seen.append(_order(reader.get(PAGE).text))

    assert seen == [[("1", "")], [("1", ""), ("2", "")], [("2", "")]]


def test_while_nothing_moves_the_page_takes_one_statement_at_most(app: Flask) -> None:
    """SQLite tells without one that nothing was committed."""
    open_stage(app)
    reader = app.test_client()
    reader.get(PAGE)

    with statements(app, warm=True) as asked:
        reader.get(PAGE)

    assert len(asked) == (0 if app.extensions["eventreg.commit_watch"] else 1)


def test_two_languages_are_two_drawings(app: Flask) -> None:
    open_stage(app)
    zh, en = (
        app.test_client().get(PAGE, headers={"Accept-Language": accepted}).text
        for accepted in ("zh-CN", "en")
    )

    assert 'lang="zh-CN"' in zh[:300]
    assert 'lang="en"' in en[:300]


def test_a_flash_is_said_once_and_not_kept(app: Flask, client_for: ClientFor) -> None:
    open_stage(app)
    client = client_for("A1")
    receipt = send(client, FORM, phone="13800138000").location
    client.get(receipt)
    send(client, f"{receipt}/answers", phone="13800138009")
    said = "修改已保存"

    assert [said in client.get(receipt).text for _ in range(2)] == [True, False]


def test_a_name_that_is_no_hole_is_seen(app: Flask, client_for: ClientFor) -> None:
    """The control: a page drawn with somebody's name in it is shown to the next, and these tests notice."""
    open_stage(app)

    def leaking(no: str) -> str:
        with app.test_request_context("/", headers={"Cookie": ""}):
            return page_cache.render(
                "site/error.html",
                about=(),
                holes={},
                context=lambda: {"title": NAMES[no], "text": "", "number": 0, "ways": ()},
            )

    assert [names_in(leaking(no)) for no in ("A1", "C3")] == [["A1"], ["A1"]]


def drawings(app: Flask, template: str) -> int:
    """How often a template was drawn."""
    with app.app_context():
        return sum(key[0] == template for key in cache_of("pages"))


def _shown(reader: FlaskClient) -> tuple[str, str]:
    """Free places and people waiting, as the page says."""
    text = reader.get(PAGE).text
    free = re.search(r'class="tally[^>]*>\s*<b[^>]*>(\d+)', text)
    waiting = re.search(r"候补 (\d+) 人", text)
    return free[1] if free else "0", waiting[1] if waiting else "0"


def _order(page: str) -> list[tuple[str, str]]:
    """Arrival number and remark of each line of the order."""
    lines = re.findall(
        r'<span class="num">(\d+)</span><span><span class="order-name"[^>]*>[^<]*</span>(.*?)</span></li>',
        page,
    )
    return [(arrival, re.sub(r"<[^>]+>|\s", "", rest)) for arrival, rest in lines]


def _place(text: str) -> tuple[str, str, str, list[str]]:
    """Her place, who is ahead, what the picture says and whom it shows."""
    found = re.search(r'queue-number"><b>([^<]+)</b></p>\s*<p class="quiet">([^<]+)</p>', text)
    label = re.search(r'<svg viewBox="0 0 \d+ 58"[^>]*aria-label="([^"]+)"', text)
    assert found is not None
    assert label is not None
    return found[1], found[2], label[1], re.findall(r'<circle class="(\w+)"', text)
