"""A program with a token at the API's door."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.rig import cast
from tests.rig.cast import Stage

from .program import Program, token_for


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with two places, open since an hour."""
    return cast.set_stage(app, now=cast.lately())


@pytest.fixture
def program(app: Flask, stage: Stage) -> Program:
    """A program whose token has all that registrations need."""
    return Program(app, token_for(app, "campaigns", "registrations"))
