"""Nothing that a nomination says reaches anybody but its contact, its head and its nominee."""

from __future__ import annotations

import pytest

from tests.security.matrix import GETS
from tests.security.signed_things import OWN, PAPER
from tests.security.things import CANARY
from tests.security.world import VIEWPOINTS, World

# Words → who reads them, and where: a draft's contact, the head of its unit, the nominee herself.
SINGS = {
    CANARY: ("unit_contact", "/unit/nominations/{nomination}"),
    PAPER: ("department_head", "/unit/signatures/{paper}"),
    OWN: ("unit_contact_other", "/my/nominations/{my_nomination}"),
}


@pytest.mark.parametrize("viewpoint", VIEWPOINTS)
def test_no_page_of_anybody_else_holds_a_word_of_it(world: World, viewpoint: str) -> None:
    client = world.client(viewpoint)
    silent = [words for words, (reader, _page) in SINGS.items() if reader != viewpoint]

    told = [
        (row.rule, words)
        for row in GETS
        for page in [client.get(world.filled(row.sample), buffered=True).data]
        for words in silent
        if words.encode() in page
    ]

    assert told == []


@pytest.mark.parametrize("thing", ["nomination", "paper", "my_nomination"])
@pytest.mark.parametrize("viewpoint", ["department_head", "employee", "unit_contact_other"])
def test_another_s_nomination_is_as_unknown_as_one_that_is_not_there(
    world: World, viewpoint: str, thing: str
) -> None:
    client, hers = world.client(viewpoint), SINGS[{"nomination": CANARY, "paper": PAPER}.get(thing, OWN)][0]
    roots = ("/unit/nominations", "/unit/signatures", "/my/nominations")
    open_ = [
        root for root in roots if client.get(f"{root}/{world.things[thing]}").status_code not in {404, 302}
    ]

    assert len(open_) == (viewpoint == hers)


@pytest.mark.parametrize("words", SINGS)
def test_the_control_the_canary_sings_on_its_reader_s_own_page(world: World, words: str) -> None:
    reader, page = SINGS[words]

    assert words in world.client(reader).get(world.filled(page)).text
