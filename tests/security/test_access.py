"""The rooms' `access.py` and matrix.toml say the same: who opens the pages of awards, campaigns and registrations.

`test_matrix.py` asks the pages; here the rules are asked, so that neither can change alone.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import true

from eventreg.nominations import access
from tests.security.matrix import ROWS
from tests.security.opening import RULES, blueprint_of, disagreements
from tests.security.world import World

AWARD_PACKAGES = ("eventreg.web.award.", "eventreg.web.judge", "eventreg.web.review.")
NO_AWARD = {"unit"}  # a contact prints sign-in codes there
DRAFT = "GET /unit/nominations/<int:nomination_id>"


def test_the_matrix_says_what_the_rules_of_access_say(whole_world: World) -> None:
    assert disagreements(whole_world, ROWS) == {}


def test_every_blueprint_of_an_award_has_a_rule(whole_world: World) -> None:
    """A new package beside them is found here, before its pages are without a rule."""
    pages = whole_world.app.blueprints.items()
    of_awards = {name for name, bp in pages if bp.import_name.startswith(AWARD_PACKAGES)}

    assert of_awards - NO_AWARD == set(RULES) - {"award", "award_nominations", "quotas"}


def test_every_address_with_a_nomination_has_a_rule(whole_world: World) -> None:
    with whole_world.app.app_context():
        named = {blueprint_of(whole_world, row) for row in ROWS if "<int:nomination_id>" in row.rule}

    assert named - set(RULES) == set()


@pytest.mark.parametrize("viewpoint", ["unit_contact", "hr_reviewer"])
def test_a_wrong_row_is_seen(whole_world: World, viewpoint: str) -> None:
    """The control: a reader too few and a reader too many."""
    row = next(row for row in ROWS if str(row) == DRAFT)

    assert disagreements(whole_world, [replace(row, allow=row.allow ^ {viewpoint})]) == {DRAFT: {viewpoint}}


def test_a_wrong_rule_is_seen(whole_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the other side: contacts who may open every nomination."""
    monkeypatch.setattr(access, "for_contact", lambda _person_id, *, now: true())

    assert disagreements(whole_world, ROWS)[DRAFT] == {"unit_contact_other"}
