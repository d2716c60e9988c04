"""Pages show nobody's person to nobody, and no more than a masked name to colleagues."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.people.models import Person
from eventreg.registrations.models import Answer
from tests.security.matrix import GETS
from tests.security.world import NOBODY, World

HER_LINK = "/sign-in/link/{link}"  # it is for her alone, and says whom it signs in


def _personal(world: World) -> set[str]:
    """Names, staff numbers, addresses, phones and answers of everybody."""
    columns = (Person.name, Person.staff_no, Person.email, Person.phone)
    with world.app.app_context():
        rows = db.session.execute(select(*columns)).all()
        answers = db.session.scalars(select(Answer.value)).all()
        db.session.remove()
    return {value for row in rows for value in row if value} | set(answers)


@pytest.mark.parametrize("viewpoint", NOBODY)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_for_nobody_name_nobody(world: World, viewpoint: str, language: str) -> None:
    secrets, client = _personal(world), world.client(viewpoint)
    with client.session_transaction() as session:
        session["language"] = language

    told = {
        (row.rule, secret)
        for row in GETS
        if row.sample != HER_LINK
        if not row.rule.startswith("/static")
        for text in [client.get(world.filled(row.sample), buffered=True).data.decode(errors="replace")]
        for secret in secrets
        if secret in text
    }

    assert len(secrets) > 600
    assert told == set()


def test_a_page_that_tells_would_be_caught(world: World) -> None:
    """The control: her own page does name her."""
    page = world.client("employee").get(world.filled("/my/registrations/{own}")).text

    assert [secret in page for secret in ("13800138001",)] == [True]


@pytest.mark.parametrize("viewpoint", ["employee_other", "unit_contact", "organiser", "judge"])
def test_colleagues_are_told_no_phone_and_no_full_name(world: World, viewpoint: str) -> None:
    client = world.client(viewpoint)
    pages = [
        client.get(path).text for path in ("/", "/campaigns/spring-outing", "/campaigns/spring-outing/order")
    ]
    with world.app.app_context():
        name = db.session.scalar(select(Person.name).where(Person.staff_no == "HC0003")) or ""
        db.session.remove()

    assert [secret in page for page in pages for secret in (name, "HC0003", "13800138001")] == [False] * 9
