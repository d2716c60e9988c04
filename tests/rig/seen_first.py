"""Send the preview of a change that writes to people, as its button does."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def carried(page: str) -> dict[str, list[str]]:
    """The hidden fields of the preview's form, unescaped."""
    form = page.split('<form class="form form-plan"')[-1].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(form):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


def confirmed(client: FlaskClient, preview: TestResponse, **instead: str) -> TestResponse:
    """Press the button of a preview: the answer to it. `instead` replaces fields, such as the step."""
    assert preview.status_code == 200, preview.status
    fields = carried(preview.text) | {"step": ["send"]} | {name: [value] for name, value in instead.items()}
    return client.post(preview.request.path, data=fields)


def seen(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """The answer to a change, after its preview was sent if there was one."""
    return confirmed(client, answer) if answer.status_code == 200 else answer
