"""Nothing that a nomination says, nor its files, reaches anybody but its own department's contact.

What an employee proposes reaches nobody but her.
"""

from __future__ import annotations

import io
import zipfile
from urllib.parse import unquote

import pytest
from werkzeug.test import TestResponse

from tests.security.matrix import GETS
from tests.security.things import CANARY, PROPOSED
from tests.security.world import VIEWPOINTS, World

SINGERS = {CANARY: "unit_contact", PROPOSED: "employee"}


def holds(answer: TestResponse, words: str) -> bool:
    """Whether an answer says this: in its page, in a document, in the name it is saved under."""
    if words.encode() in answer.data or words in _saved_as(answer):
        return True
    if not zipfile.is_zipfile(io.BytesIO(answer.data)):
        return False
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return any(words.encode() in archive.read(name) for name in archive.namelist())


def _saved_as(answer: TestResponse) -> str:
    return unquote(answer.headers.get("Content-Disposition", ""))


@pytest.mark.parametrize("viewpoint", VIEWPOINTS)
def test_no_page_of_anybody_else_holds_a_word_of_it(world: World, viewpoint: str) -> None:
    client = world.client(viewpoint)
    others = [words for words, singer in SINGERS.items() if singer != viewpoint]

    answers = [(row.rule, client.get(world.filled(row.sample), buffered=True)) for row in GETS]

    assert [rule for rule, answer in answers for words in others if holds(answer, words)] == []


@pytest.mark.parametrize(
    ("words", "sample"),
    [
        (CANARY, "/unit/nominations/{nomination}"),
        (CANARY, "/unit/nominations/{nomination}/files"),
        (CANARY, "/unit/nominations/{nomination}/files/{file}"),
        (CANARY, "/unit/nominations/{nomination}/files/{file}/text"),
        (PROPOSED, "/my/nominations/{proposal}"),
    ],
)
def test_the_control_it_sings_where_it_belongs(world: World, words: str, sample: str) -> None:
    assert holds(world.client(SINGERS[words]).get(world.filled(sample), buffered=True), words)
