"""Every page tells a visitor what they themselves would get: a place, the waiting list, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.rules import PlaceApplicant, PoolFacts, PoolScope, ScheduleState
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db
from eventreg.people.models import Unit
from eventreg.registrations import announcing
from eventreg.registrations.capacity import change_places
from eventreg.registrations.rules import ANYBODY, Outcome, Prospect, prospect_of
from tests.rig import cast
from tests.rig.clients import send
from tests.rig.plans import as_new, do, facts
from tests.rig.statements import statements

ClientFor = Callable[..., FlaskClient]
HOME, PAGE, FORM = "/", "/campaigns/outing", "/campaigns/outing/registration"
MAN, WOMAN = PlaceApplicant(1, "male", frozenset({1, 7})), PlaceApplicant(2, "female", frozenset({1, 8}))


def pool(capacity: int, taken: int, id_: int = 1, **whom: object) -> PoolFacts:
    """A pool of all, of a unit or of a gender."""
    scope = PoolScope.UNIT if "unit_id" in whom else PoolScope.GENDER if "gender" in whom else PoolScope.TOTAL
    return PoolFacts(id_, scope, capacity, taken, **whom)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("who", "pools", "waiting", "expected"),
    [
        (MAN, [pool(3, 1), pool(1, 1, 2, gender="male")], 0, Prospect(Outcome.WAITING_LIST, 0, True)),
        (WOMAN, [pool(3, 1), pool(1, 1, 2, gender="male")], 0, Prospect(Outcome.PLACE, 2, False)),
        (WOMAN, [pool(3, 1), pool(1, 1, 2, gender="male")], 2, Prospect(Outcome.PLACE, 2, False)),
        (ANYBODY, [pool(3, 1), pool(1, 1, 2, gender="male")], 0, Prospect(Outcome.PLACE, 2, False)),
        (MAN, [pool(9, 1), pool(2, 1, 2, unit_id=7)], 0, Prospect(Outcome.PLACE, 1, True)),
        (MAN, [pool(9, 1), pool(0, 0, 2, unit_id=7)], 0, Prospect(Outcome.NOT_FOR_YOU, 0, True)),
        (MAN, [pool(0, 0)], 0, Prospect(Outcome.WAITING_LIST, 0, False)),
        (MAN, [pool(3, 2)], 1, Prospect(Outcome.WAITING_LIST, 1, False)),
        (MAN, [], 0, Prospect(Outcome.PLACE, None, False)),
        (MAN, [pool(2, 1, 2, gender="male")], 0, Prospect(Outcome.PLACE, 1, True)),
    ],
)
def test_what_somebody_would_get(
    who: PlaceApplicant, pools: list[PoolFacts], waiting: int, expected: Prospect
) -> None:
    assert prospect_of(who, pools, waiting=waiting) == expected


def bounded(app: Flask, *bounds: NewPool) -> cast.Stage:
    """The outing with three places and these bounds."""
    stage = cast.set_stage(app, capacity=3, now=cast.lately())
    bind(app, *bounds)
    return stage


def bind(app: Flask, *bounds: NewPool) -> None:
    """Three places with these bounds."""
    do(app, "outing", change_places, [NewPool(PoolScope.TOTAL, 3), *bounds], now=utc_now())


def men(places: int) -> NewPool:
    """At most so many men."""
    return NewPool(PoolScope.GENDER, places, gender="male")


def unit(app: Flask, name: str, places: int) -> NewPool:
    """At most so many people of a unit."""
    with app.app_context():
        id_ = db.session.query(Unit.id).filter(Unit.name == name).scalar()
    return NewPool(PoolScope.UNIT, places, unit_id=id_)


def text(client: FlaskClient, path: str) -> str:
    """The words of a page's main part."""
    main = client.get(path).text.split("<main", 1)[1].split("</main", 1)[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", main)).split())


def test_a_man_without_a_place_is_told_so_everywhere(app: Flask, client_for: ClientFor) -> None:
    stage = bounded(app, men(1))
    cast.sign_up(app, stage, "B2", now=utc_now())
    man, woman, nobody = client_for("D4"), client_for("C3"), app.test_client()

    told = {path: text(man, path) for path in (HOME, PAGE, FORM)}
    hers = {path: text(woman, path) for path in (HOME, PAGE, FORM)}

    assert ["你能用的名额已报满" in told[HOME], "加入候补" in told[HOME], "报名参加" in told[HOME]] == [
        True,
        True,
        False,
    ]
    assert ["你能用的名额已报满" in told[PAGE], "报名参加" in told[PAGE]] == [True, False]
    assert ["你能用的名额已报满，提交后加入候补" in told[FORM], "现在有 0 人在候补" in told[FORM]] == [
        True,
        True,
    ]
    assert ["余 2 / 3" in hers[HOME], "报名参加" in hers[PAGE], "现在余 2 个名额" in hers[FORM]] == [True] * 3
    assert ["余 2 / 3" in text(nobody, HOME), "男职工最多 1 人，其余留给女职工。" in text(nobody, PAGE)] == [
        True,
        True,
    ]


def test_the_page_keeps_its_word(app: Flask, client_for: ClientFor) -> None:
    """What the form announces is what signing up leads to."""
    stage = bounded(app, men(1))
    cast.sign_up(app, stage, "B2", now=utc_now())

    for who, state in (("D4", "候补中，还没有名额"), ("C3", "已报上，编号 3")):
        assert state in text(client_for(who), send(client_for(who), FORM).location)


def test_a_unit_s_ceiling_counts_for_its_people_alone(app: Flask, client_for: ClientFor) -> None:
    stage = bounded(app)
    bind(app, unit(app, "营销部", 1))
    assert "你能用的余 1 个名额" in text(client_for("A1"), HOME)
    cast.sign_up(app, stage, "B2", now=utc_now())

    assert "你能用的名额已报满" in text(client_for("A1"), HOME)
    assert "余 2 / 3" in text(client_for("F6"), HOME)


def test_whom_it_is_not_for_is_not_asked_to_sign_up(app: Flask, client_for: ClientFor) -> None:
    bounded(app, men(0))
    man = client_for("D4")

    assert ["没有你能用的名额" in text(man, HOME), "报名参加" in text(man, HOME)] == [True, False]
    assert ["没有你能用的名额" in text(man, PAGE), "报名参加" in text(man, PAGE)] == [True, False]
    assert man.get(FORM).location == PAGE
    assert "报名参加" in text(client_for("C3"), PAGE)


def test_cached_pages_follow_the_outcome_of_each_reader(app: Flask, client_for: ClientFor) -> None:
    """A woman, a man and a woman in turn: the kept page of one is not shown to the other."""
    stage = bounded(app, men(1))
    cast.sign_up(app, stage, "B2", now=utc_now())
    readers = [client_for(who) for who in ("C3", "D4", "F6")]

    for path in (HOME, PAGE):
        assert ["报名参加" in text(reader, path) for reader in readers] == [True, False, True]
    assert ["提交报名" in text(reader, FORM) for reader in readers] == [True, False, True]


@pytest.mark.parametrize("path", [HOME, PAGE, FORM])
def test_the_outcome_costs_one_statement_at_most(app: Flask, client_for: ClientFor, path: str) -> None:
    cast.set_stage(app, capacity=3, now=cast.lately())
    client, counts = client_for("A1"), list[int]()
    client.get(path)  # the first request of a session notes when it was seen
    for bounds in ([], [men(1)], [men(1), unit(app, "营销部", 1)]):
        bind(app, *bounds)
        with statements(app) as seen:
            assert client.get(path).status_code == 200
        counts.append(len(seen))
    plain, gender, with_unit = counts

    assert gender == plain
    assert with_unit - plain <= 2  # the reader's units, and the names of the bounded units


def test_who_withdrew_from_a_full_event_is_led_to_the_waiting_list(app: Flask, client_for: ClientFor) -> None:
    stage = cast.set_stage(app, capacity=1, now=cast.lately())
    first = client_for("A1")
    receipt = send(first, FORM).location
    cast.sign_up(app, stage, "B2", now=utc_now())
    cast.withdraw(app, stage, "A1", now=utc_now())
    full = text(first, receipt)
    cast.withdraw(app, stage, "B2", now=utc_now())
    free = text(first, receipt)

    assert ["重新加入候补" in full, "重新报名" in full, "现在有 0 人在候补" in full] == [True, False, True]
    assert ["重新加入候补" in free, "重新报名" in free] == [False, True]


def test_somebody_waits_is_said_only_where_somebody_waits(app: Flask, client_for: ClientFor) -> None:
    stage = cast.set_stage(app, capacity=1, now=cast.lately())
    guest = client_for("A1")
    receipt = send(guest, FORM).location
    alone = text(guest, f"{receipt}/withdrawal")
    cast.sign_up(app, stage, "B2", now=utc_now())
    behind = text(guest, f"{receipt}/withdrawal")

    assert ["候补里的下一位" in alone, "候补里的下一位" in behind] == [False, True]
    assert "候补的同事" not in text(guest, receipt)


def test_receipts_promise_nothing_while_all_is_called_off(app: Flask, client_for: ClientFor) -> None:
    stage = cast.set_stage(app, capacity=1, now=cast.lately())
    receipts = {who: send(client_for(who), FORM).location for who in ("A1", "B2", "C3")}
    cast.withdraw(app, stage, "C3", now=utc_now())
    for activity in facts(app, "outing").activities:
        off = as_new(activity, schedule=ScheduleState.CANCELLED)
        do(app, "outing", announcing.change_activity, activity.id, off, now=utc_now())
    seated, waiting, gone = (text(client_for(who), receipts[who]) for who in ("A1", "B2", "C3"))

    assert ["活动取消" in page for page in (seated, waiting)] == [True, True]
    assert [words in seated for words in ("到场出示二维码", "加到日历")] == [False, False]
    assert [words in waiting for words in ("下一个就是你", "轮到你时")] == [False, False]
    assert "早一点退出" not in seated
    assert ["有人退出" in waiting, "候补不往下走" in waiting] == [False, True]
    assert ["重新" in gone, "报名即可参加" in text(client_for("F6"), PAGE)] == [False, False]
    assert "名额当即给候补第一位" not in text(client_for("F6"), PAGE)


def test_an_unlimited_campaign_called_off_promises_no_place(app: Flask) -> None:
    cast.set_stage(app, capacity=None, now=cast.lately())
    before = text(app.test_client(), PAGE)
    for activity in facts(app, "outing").activities:
        off = as_new(activity, schedule=ScheduleState.CANCELLED)
        do(app, "outing", announcing.change_activity, activity.id, off, now=utc_now())

    assert ["报名即可参加" in before, "报名即可参加" in text(app.test_client(), PAGE)] == [True, False]


def test_the_receipt_of_a_woman_is_not_kept_for_a_man(app: Flask, client_for: ClientFor) -> None:
    stage = bounded(app, men(1))
    receipts = {who: send(client_for(who), FORM).location for who in ("B2", "C3")}
    for who in receipts:
        cast.withdraw(app, stage, who, now=utc_now())
    cast.sign_up(app, stage, "D4", now=utc_now())

    assert "重新报名" in text(client_for("C3"), receipts["C3"])
    assert "重新加入候补" in text(client_for("B2"), receipts["B2"])
