"""Nothing that a nomination says reaches anybody but its contact, its head, its nominee and HR."""

from __future__ import annotations

import pytest

from tests.rig.unpacked import said_in
from tests.security.matrix import GETS
from tests.security.signed_things import OWN
from tests.security.things import CANARY, SUBMITTED
from tests.security.world import VIEWPOINTS, World

HR = ("hr_reviewer", "administrator")
ORGANISES = "organiser"
READERS = {
    CANARY: {"unit_contact"},
    SUBMITTED: {"unit_contact", "department_head", ORGANISES, *HR},
    OWN: {"unit_contact_other", *HR},
}
SCREENED = {"/review/campaigns/<slug>/report", "/review/nominations/<int:nomination_id>"}
LISTED = {"/review/awards/<slug>/summary.pdf", "/review/awards/<slug>/summary.xlsx"}


@pytest.mark.parametrize("viewpoint", VIEWPOINTS)
def test_no_page_of_anybody_else_holds_a_word_of_it(world: World, viewpoint: str) -> None:
    silent = [words for words, readers in READERS.items() if viewpoint not in readers]

    assert _told(world, viewpoint, *silent) == []


@pytest.mark.parametrize("viewpoint", ["department_head", "employee", "unit_contact_other"])
@pytest.mark.parametrize("thing", ["nomination", "submitted", "my_nomination"])
def test_another_s_nomination_opens_nowhere(world: World, viewpoint: str, thing: str) -> None:
    client, id_ = world.client(viewpoint), world.things[thing]
    roots = ("/unit/nominations", "/unit/signatures", "/my/nominations")
    opened = [root for root in roots if client.get(f"{root}/{id_}").status_code == 200]

    hers = {
        ("department_head", "submitted"): ["/unit/signatures"],
        ("unit_contact_other", "my_nomination"): ["/my/nominations"],
    }
    assert opened == hers.get((viewpoint, thing), [])


def test_the_award_s_organiser_reads_the_post_in_the_summary_alone(world: World) -> None:
    assert set(_told(world, ORGANISES, SUBMITTED)) == LISTED


def test_the_control_hr_reads_it_on_its_page(world: World) -> None:
    assert [set(_told(world, viewpoint, SUBMITTED)) for viewpoint in HR] == [SCREENED | LISTED] * 2


def test_the_control_the_canary_sings_in_what_the_contact_prints(world: World) -> None:
    prints = {f"/unit/nominations/<int:nomination_id>/form.{kind}" for kind in ("pdf", "docx")}

    assert prints <= set(_told(world, "unit_contact", CANARY))


@pytest.mark.parametrize(
    ("words", "viewpoint", "page"),
    [
        (CANARY, "unit_contact", "/unit/nominations/{nomination}"),
        (SUBMITTED, "department_head", "/unit/signatures/{submitted}"),
        (OWN, "unit_contact_other", "/my/nominations/{my_nomination}"),
    ],
)
def test_the_control_the_canary_sings_on_its_reader_s_own_page(
    world: World, words: str, viewpoint: str, page: str
) -> None:
    assert words in world.client(viewpoint).get(world.filled(page)).text


def _told(world: World, viewpoint: str, *words: str) -> list[str]:
    """The addresses at which somebody reads one of these words."""
    client = world.client(viewpoint)
    pages = ((row.rule, client.get(world.filled(row.sample), buffered=True).data) for row in GETS)
    return [rule for rule, page in pages if any(word in said_in(page) for word in words)]
