"""Nothing that a nomination says, nor its files, reaches anybody but its contact, its head, its nominee and HR; what
an employee proposes reaches nobody but her.
"""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from werkzeug.test import TestResponse

from tests.rig.unpacked import said_in
from tests.security.matrix import GETS
from tests.security.signed_things import OWN
from tests.security.things import CANARY, PROPOSED, SUBMITTED
from tests.security.world import VIEWPOINTS, World

HR = ("hr_reviewer", "administrator")
ORGANISES = "organiser"
READERS = {
    CANARY: {"unit_contact"},
    PROPOSED: {"employee"},
    SUBMITTED: {"unit_contact", "department_head", ORGANISES, *HR},
    OWN: {"unit_contact_other", *HR},
}
SCREENED = {
    "/review/campaigns/<slug>/report",
    "/review/nominations/<int:nomination_id>",
    "/review/nominations/<int:nomination_id>/files/<file_id>",
}
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
    ("viewpoint", "words", "sample"),
    [
        ("unit_contact", CANARY, "/unit/nominations/{nomination}"),
        ("unit_contact", CANARY, "/unit/nominations/{nomination}/files"),
        ("unit_contact", CANARY, "/unit/nominations/{nomination}/files/{file}"),
        ("unit_contact", CANARY, "/unit/nominations/{nomination}/files/{file}/text"),
        ("employee", PROPOSED, "/my/proposals/{proposal}"),
        ("department_head", SUBMITTED, "/unit/signatures/{submitted}"),
        ("unit_contact_other", OWN, "/my/nominations/{my_nomination}"),
    ],
)
def test_the_control_it_sings_where_it_belongs(world: World, viewpoint: str, words: str, sample: str) -> None:
    assert _holds(world.client(viewpoint).get(world.filled(sample), buffered=True), words)


def _told(world: World, viewpoint: str, *words: str) -> list[str]:
    """The addresses at which somebody reads any of these words."""
    client = world.client(viewpoint)
    answers = ((row.rule, client.get(world.filled(row.sample), buffered=True)) for row in GETS)
    return [rule for rule, answer in answers if any(_holds(answer, word) for word in words)]


def _holds(answer: TestResponse, words: str) -> bool:
    """Whether an answer says this: in its page, in what it is packed in, in the name it is saved under."""
    return words in said_in(answer.data) or words in unquote(answer.headers.get("Content-Disposition", ""))
