"""Each viewpoint opens each page, twice: looking changes nothing, and shows nothing that is somebody else's.

What a nomination says, and its files, reach nobody but its contact, its head, its nominee and HR; what an employee
proposes reaches nobody but her.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from eventreg.accounts.models import BrowserSession
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.models import Person
from tests.rig.unpacked import told
from tests.security.matrix import GETS
from tests.security.rows import everything
from tests.security.signed_things import OWN
from tests.security.things import CANARY, PROPOSED, SUBMITTED
from tests.security.world import VIEWPOINTS, World

HR = ("hr_reviewer", "administrator")
READERS = {
    CANARY: {"unit_contact"},
    PROPOSED: {"employee"},
    SUBMITTED: {"unit_contact", "department_head", "organiser", *HR},
    OWN: {"unit_contact_other", "organiser", *HR},
}
LISTED = {"/review/awards/<slug>/summary.pdf", "/review/awards/<slug>/summary.xlsx"}
SCREENED = {
    "/review/campaigns/<slug>/report",
    "/review/campaigns/<slug>/report.xlsx",
    "/review/nominations/<int:nomination_id>",
    "/review/nominations/<int:nomination_id>/files/<file_id>",
}
READ = {
    "/manage/campaigns/<slug>/nominations/<int:nomination_id>",
    "/manage/campaigns/<slug>/nominations/<int:nomination_id>/files/<file_id>",
}
# The award's organiser reads it on her own pages and in the summary; an administrator there too.
EXACTLY = {
    ("organiser", SUBMITTED): READ | LISTED,
    ("hr_reviewer", SUBMITTED): SCREENED | LISTED,
    ("administrator", SUBMITTED): SCREENED | READ | LISTED,
}
PRINTED = {f"/unit/nominations/<int:nomination_id>/form.{kind}" for kind in ("pdf", "docx")}


def _long_unseen(world: World) -> None:
    """So that each visit has a last-seen to write."""
    with world.app.app_context(), unit_of_work():
        db.session.execute(update(BrowserSession).values(seen_at=utc_now() - timedelta(minutes=5)))


def _walk(world: World, viewpoint: str) -> dict[str, set[str]]:
    """Open every page twice; words -> the rules of the pages that tell them."""
    client, pages = world.client(viewpoint), {words: set[str]() for words in READERS}
    for row in GETS * 2:
        for words in told(client.get(world.filled(row.sample), buffered=True), *READERS):
            pages[words].add(row.rule)
    return pages


@pytest.mark.parametrize("viewpoint", VIEWPOINTS)
def test_looking_writes_no_fact_and_tells_nothing_of_anybody_else(world: World, viewpoint: str) -> None:
    _long_unseen(world)
    before = everything(world)
    pages = _walk(world, viewpoint)

    assert everything(world) == before
    assert {
        words: pages[words] for words, who in READERS.items() if viewpoint not in who and pages[words]
    } == {}
    assert {key: pages[key[1]] for key in EXACTLY if key[0] == viewpoint} == {
        key: rules for key, rules in EXACTLY.items() if key[0] == viewpoint
    }
    assert viewpoint != "unit_contact" or pages[CANARY] >= PRINTED  # the control: it sings in what she prints


def test_a_fact_that_is_written_is_seen(world: World) -> None:
    """The control of the test above."""
    before = everything(world)
    with world.app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.staff_no == "HC0003").values(phone="1"))

    assert everything(world) != before
