"""The organiser's roster is searched in any spelling."""

# ruff: noqa: F811  (fixtures are imported and are arguments)

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.rig.cast import Stage

from .test_roster import names, organiser, rename, signed_up, stage  # noqa: F401  (fixtures)


@pytest.mark.parametrize("sought", ["张　三", "张\u200b三", "张三", "ａ１", "\u202da1", "营 销 部"])
def test_a_search_reads_what_is_typed_in_any_form(
    app: Flask,
    stage: Stage,
    organiser: FlaskClient,
    sought: str,
) -> None:
    rename(app, A1="张三")
    signed_up(app, stage, "A1")

    assert names(organiser, f"?q={quote(sought)}") == ["张三"]
