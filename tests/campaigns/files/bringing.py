"""Files of a campaign's page brought as a browser does it."""

from __future__ import annotations

import io

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.rig.clients import token_in
from tests.rig.plan_pages import OUTING

FILES = f"{OUTING}/files"


def bring_file(client: FlaskClient, part: str, content: bytes, name: str, *, to: str = FILES) -> TestResponse:
    """Send the form of one part."""
    token = token_in(client.get(to))
    form = {"csrf_token": token, "part": part, f"{part}-file": (io.BytesIO(content), name)}
    return client.post(to, data=form)
