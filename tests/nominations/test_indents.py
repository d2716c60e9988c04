"""The indent of a text's first paragraph is kept, and a device compares what it has with what is stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.nominations import wordcount
from eventreg.nominations.models import NominationVersion
from tests.rig import awards, cast, handed_in
from tests.rig.awards import Contest
from tests.rig.clients import token_in

from .files.test_materials import bring, use
from .test_nomination_pages import begun, write

INDENTS = {"full-width": "\u3000\u3000", "half-width": "    "}
STORED = "{indent}她把小事办好。\n{indent}天天如此。"


@pytest.fixture
def contest(app: Flask) -> Contest:
    since = cast.lately()
    return awards.set_award(app, cast.set_stage(app, now=since), now=since)


@pytest.fixture
def contact(contest: Contest, client_for: Callable[..., FlaskClient]) -> FlaskClient:
    return client_for("B2")


@pytest.fixture
def draft(contact: FlaskClient, contest: Contest) -> str:
    """A draft's address."""
    return begun(contact, contest)


def stored_deeds(app: Flask) -> str:
    """The deeds text of the newest version."""
    with app.app_context():
        rows = select(NominationVersion).order_by(NominationVersion.number.desc()).limit(1)
        row = db.session.scalars(rows).one()
        deeds = row.deeds
        db.session.remove()
    return deeds


@pytest.mark.parametrize("indent", INDENTS.values(), ids=INDENTS)
def test_a_typed_indent_is_stored_and_shown(
    app: Flask, contact: FlaskClient, draft: str, indent: str
) -> None:
    text = STORED.format(indent=indent)

    write(contact, draft, deeds=f"\r\n \r\n{text}\r\n\r\n".replace("。\n", "。\r\n"), do="save")

    assert stored_deeds(app) == text
    assert f">\r\n{text}</textarea>" in contact.get(draft).text
    assert wordcount.count(text) == wordcount.count(text.replace(indent, ""))


@pytest.mark.parametrize("indent", INDENTS.values(), ids=INDENTS)
def test_the_indent_of_a_document_is_shown_when_it_is_checked_and_used(
    app: Flask, contact: FlaskClient, draft: str, indent: str
) -> None:
    text = STORED.format(indent=indent)
    page = str(bring(contact, draft, handed_in.document(*text.split("\n")), "事迹.docx").location)

    assert f'<dd class="proof-deeds">{text}</dd>' in contact.get(page).text
    use(contact, page)
    assert stored_deeds(app) == text


@pytest.mark.parametrize(
    ("kept", "same"),
    [
        ("\u3000\u3000她把小事办好。\n\n", True),
        ("\u3000\u3000她把⼩事办好。\u200b", True),
        ("\r\n\u3000\u3000她把小事办好。 ", True),
        ("\u3000\u3000她把小事办得更好。", False),
    ],
)
def test_what_a_device_has_is_compared_as_it_would_be_stored(
    app: Flask, contact: FlaskClient, draft: str, kept: str, same: bool
) -> None:
    write(contact, draft, deeds="\u3000\u3000她把小事办好。", do="save")
    form = {"csrf_token": token_in(contact.get(draft)), "version": "1", "tab": "t", "deeds": kept}

    answer = contact.post(
        f"{draft}/autosave", data=form | {"compare": "yes"}, headers={"Accept": "application/json"}
    )

    assert (answer.status_code, answer.get_json()) == (200, {"same": same})
    assert stored_deeds(app) == "\u3000\u3000她把小事办好。"
