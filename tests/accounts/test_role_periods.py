"""A role granted again: what is held as long already is no second grant, what would end sooner is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventreg.accounts import grants as house
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.db.session import unit_of_work
from eventreg.season import granting
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("role", "slug"), [(Role.HR_REVIEWER, None), (Role.ORGANISER, "outing")], ids=["house", "campaign"]
)
def test_a_role_that_ends_soon_is_granted_for_longer(
    app: Flask, stage: Stage, role: Role, slug: str | None
) -> None:
    def give(days: int | None) -> bool:
        until = None if days is None else NOW + days * DAY
        with app.app_context(), unit_of_work():
            return granting.give(
                stage.people["A1"], role, unit_id=None, slug=slug, actor=acting("test", NOW), until=until
            )

    assert [give(days) for days in (2, 1, 2, 30, 7, None, None, 30)] == [
        True, False, False, True, False, True, False, False,
    ]  # fmt: skip
    with app.app_context():
        held = house.roles_of if slug is None else campaign_grants.roles_of
        assert held(stage.people["A1"], now=NOW + 400 * DAY) == {role}
