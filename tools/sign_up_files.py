"""Print the files of the product whose functions run in one sign-up: python tools/sign_up_files.py

It makes the demo in a temporary folder, signs somebody in, and watches the second of two sign-ups, so that what runs once a
process is not counted. The number tells how many files a reader has to know to follow one request.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402  (the project's folder is added first)
from flask.testing import FlaskClient  # noqa: E402

from eventreg.accounts import sessions  # noqa: E402
from eventreg.config import Settings  # noqa: E402
from eventreg.core.clock import utc_now  # noqa: E402
from eventreg.core.db.session import close_all, unit_of_work  # noqa: E402
from eventreg.demo import company  # noqa: E402
from eventreg.factory import create_app  # noqa: E402
from eventreg.people import service as people  # noqa: E402
from eventreg.web.app.current import TOKEN  # noqa: E402

FORM = "/campaigns/spring-outing/registration"
VISITORS = ("HC0009", "HC0010")


def main() -> int:
    """Print each file with how many calls went into it, and how many files there are."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=Path(folder), scheduler=False))
        with app.app_context(), unit_of_work():
            company.load(now=utc_now())
        for staff_no in VISITORS:
            called = _sign_up(app, staff_no)
        with app.app_context():
            close_all()
    for name, calls in sorted(called.items()):
        print(f"{calls:5} {name}")
    print(f"{len(called)} files")
    return 0


def _sign_up(app: Flask, staff_no: str) -> Counter[str]:
    """Open the form, send it, and count the calls by file while it is sent."""
    client = _signed_in(app, staff_no)
    page = client.get(FORM).text
    fields = dict(
        re.findall(r'name="(csrf_token|idempotency_key|form_version|consent)"[^>]*value="([^"]*)"', page)
    )
    called: Counter[str] = Counter()

    def watch(frame: FrameType, event: str, _arg: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(f"{ROOT}/eventreg/"):
            called[frame.f_code.co_filename.removeprefix(f"{ROOT}/")] += 1

    sys.setprofile(watch)
    try:
        answer = client.post(
            FORM, data=fields, headers={"Origin": app.extensions["eventreg.settings"].base_url}
        )
    finally:
        sys.setprofile(None)
    if answer.status_code != 303:
        raise SystemExit(f"the sign-up was answered {answer.status_code}")
    return called


def _signed_in(app: Flask, staff_no: str) -> FlaskClient:
    with app.app_context(), unit_of_work():
        person = people.get_person_by_staff_no(staff_no)
        token = sessions.begin(person.id, browser="", way="code", now=utc_now())
    client = app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = token
    return client


if __name__ == "__main__":
    sys.exit(main())
