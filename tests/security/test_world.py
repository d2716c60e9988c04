"""The world of these tests: put back when it was written, and only then."""

from __future__ import annotations

from sqlalchemy import func, select

from eventreg.core.db.session import db, unit_of_work
from eventreg.people.models import Unit
from tests.security.world import World


def units(world: World) -> int:
    """How many there are."""
    with world.app.app_context():
        return db.session.scalar(select(func.count(Unit.id))) or 0


def test_whatever_a_unit_of_work_wrote_is_put_back(world: World) -> None:
    before, department = units(world), Unit.kind == "department"
    with world.app.app_context(), unit_of_work():
        above = db.session.scalars(select(Unit).where(department)).first()
        assert above is not None
        db.session.add(Unit(kind=above.kind, name="new", parent_id=above.parent_id))
    written = units(world)
    world.restore()

    assert (written, units(world)) == (before + 1, before)


def test_what_nobody_wrote_is_left_as_it_is(world: World) -> None:
    put_back, times = world.put_back, list[int]()
    world.restore()
    world.put_back = lambda: times.append(1)
    units(world)
    world.client("anonymous").get("/")  # of somebody signed in, a visit is noted once a minute
    world.restore()
    world.put_back = put_back

    assert times == []
