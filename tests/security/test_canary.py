"""Nothing that a nomination says reaches anybody but its own department's contact."""

from __future__ import annotations

import pytest

from tests.security.matrix import GETS
from tests.security.things import CANARY
from tests.security.world import VIEWPOINTS, World


@pytest.mark.parametrize("viewpoint", [v for v in VIEWPOINTS if v != "unit_contact"])
def test_no_page_of_anybody_else_holds_a_word_of_it(world: World, viewpoint: str) -> None:
    client = world.client(viewpoint)

    told = [
        row.rule
        for row in GETS
        if CANARY.encode() in client.get(world.filled(row.sample), buffered=True).data
    ]

    assert told == []


def test_the_control_the_canary_sings_on_the_contact_s_own_page(world: World) -> None:
    page = world.client("unit_contact").get(world.filled("/unit/nominations/{nomination}")).text

    assert CANARY in page
