"""A judge gets no role that reads all nominations, and hears by mail that she can begin."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.accounts.rules import Role
from eventreg.awards.panel import service as panel
from eventreg.awards.panel.rules import PanelPart
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.season import granting
from tests.rig import judging
from tests.rig.actors import acting
from tests.rig.judging import Judging, give_all, lock_all
from tests.rig.mailbox import newest


@pytest.fixture
def made(app: Flask) -> Judging:
    return judging.set_judging(app)


@pytest.mark.parametrize(
    ("role", "slug"), [(Role.HR_REVIEWER, None), (Role.ADMINISTRATOR, None), (Role.ORGANISER, "award")]
)
def test_while_she_judges_she_gets_none(app: Flask, made: Judging, role: Role, slug: str | None) -> None:
    with pytest.raises(Refused, match="grant.judges"), app.app_context(), unit_of_work():
        granting.give(made.people["X0002"], role, unit_id=None, slug=slug, actor=acting("test", made.late))


def test_another_campaign_may_be_hers_and_all_of_them_once_she_has_left(app: Flask, made: Judging) -> None:
    with app.app_context(), unit_of_work():
        actor = acting("test", made.late)
        granting.give(made.people["X0002"], Role.ORGANISER, unit_id=None, slug="outing", actor=actor)
        panel.leave(made.round_id, made.people["X0002"], "调走", actor=actor)
        assert granting.give(made.people["X0002"], Role.HR_REVIEWER, unit_id=None, slug=None, actor=actor)


def test_each_voting_member_gets_one_letter_that_is_stale_once_she_has_confirmed(
    app: Flask, made: Judging
) -> None:
    with app.app_context(), unit_of_work():
        for _twice in range(2):
            panel.tell_opened(made.round_id, now=made.late)
    asked = newest(app, panel.KIND, now=made.late)
    give_all(app, made)
    lock_all(app, made)

    assert asked is not None
    assert asked.action == ("开始评审", "http://localhost/judge")
    assert newest(app, panel.KIND, now=made.late) is None


def test_who_takes_a_seat_later_is_written_to(app: Flask, made: Judging) -> None:
    with app.app_context(), unit_of_work():
        panel.seat(made.round_id, "X0004", PanelPart.JUDGE, actor=acting("test", made.late))

    assert newest(app, panel.KIND, now=made.late) is not None
