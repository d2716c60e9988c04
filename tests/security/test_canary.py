"""A nomination opens to nobody but its contact, its head and its nominee, and tells them what it says.

That no other page tells it to anybody else is seen on the walks (`test_walks.py`).
"""

from __future__ import annotations

import pytest

from tests.rig.unpacked import told
from tests.security.signed_things import OWN
from tests.security.things import CANARY, PROPOSED, SUBMITTED
from tests.security.world import World


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
    answer = world.client(viewpoint).get(world.filled(sample), buffered=True)

    assert told(answer, words) == [words]
