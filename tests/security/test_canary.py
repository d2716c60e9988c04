"""Nothing that a nomination says reaches anybody but its own department's contact."""

from __future__ import annotations

import pytest

from tests.rig.unpacked import said_in
from tests.security.matrix import GETS
from tests.security.things import CANARY, SUBMITTED
from tests.security.world import VIEWPOINTS, World


@pytest.mark.parametrize("viewpoint", [v for v in VIEWPOINTS if v != "unit_contact"])
def test_no_page_of_anybody_else_holds_a_word_of_it(world: World, viewpoint: str) -> None:
    assert _told(world, viewpoint, CANARY) == []


SCREENED = {"/review/campaigns/<slug>/report", "/review/nominations/<int:nomination_id>"}
LISTED = {"/review/awards/<slug>/summary.pdf", "/review/awards/<slug>/summary.xlsx"}
HR = ("hr_reviewer", "administrator")
ORGANISES = "organiser"


@pytest.mark.parametrize("viewpoint", [v for v in VIEWPOINTS if v not in {"unit_contact", ORGANISES, *HR}])
def test_a_submitted_one_reaches_hr_and_nobody_else(world: World, viewpoint: str) -> None:
    assert _told(world, viewpoint, SUBMITTED) == []


def test_the_award_s_organiser_reads_the_post_in_the_summary_alone(world: World) -> None:
    assert set(_told(world, ORGANISES, SUBMITTED)) == LISTED


def test_the_control_hr_reads_it_on_its_page(world: World) -> None:
    assert [set(_told(world, viewpoint, SUBMITTED)) for viewpoint in HR] == [SCREENED | LISTED] * 2


def test_the_control_the_canary_sings_in_what_the_contact_prints(world: World) -> None:
    prints = {f"/unit/nominations/<int:nomination_id>/form.{kind}" for kind in ("pdf", "docx")}

    assert prints <= set(_told(world, "unit_contact", CANARY))


def test_the_control_the_canary_the_canary_sings_on_the_contact_s_own_page(world: World) -> None:
    page = world.client("unit_contact").get(world.filled("/unit/nominations/{nomination}")).text

    assert CANARY in page


def _told(world: World, viewpoint: str, words: str) -> list[str]:
    """The addresses at which somebody reads these words."""
    client = world.client(viewpoint)
    pages = ((row.rule, client.get(world.filled(row.sample), buffered=True).data) for row in GETS)
    return [rule for rule, page in pages if words in said_in(page)]
