"""The preview of a roster names private-use characters."""

# ruff: noqa: F811  (fixtures are imported and are arguments)

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.rig.cast import Stage

from .test_roster_import import HEAD, administrator, bring, confirm, roster_of, stage  # noqa: F401  (fixtures)


def test_a_private_use_character_is_named_by_line_and_can_be_imported(
    app: Flask,
    stage: Stage,
    administrator: FlaskClient,
) -> None:
    brought = bring(administrator, HEAD + "N1,张\ue000,女,营销部,\nN2,李　四,女,营销部,\n")
    preview = administrator.get(brought.location)

    assert "第 2 行，姓名" in preview.text
    assert "(U+E000)" in preview.text
    assert "第 3 行" not in preview.text
    assert confirm(administrator, brought.location, preview).location == brought.location
    assert [roster_of(app)[number][0] for number in ("N1", "N2")] == ["张\ue000", "李四"]
