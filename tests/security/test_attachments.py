"""Files of strangers leave as attachments under their own name, in a sandbox, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Response

from eventreg.web.app.attachments import attachment

Sent = Callable[[str, str], Response]


@pytest.fixture
def sent(sqlite_app: Flask, tmp_path: Path) -> Iterator[Sent]:
    """An answer with a file of this name and kind, after every hook of the product."""
    file = tmp_path / "0123"
    file.write_bytes(b"<script>alert(1)</script>")

    def send(name: str, kind: str) -> Response:
        with sqlite_app.test_request_context("/"):
            answer = sqlite_app.process_response(attachment(file, name=name, kind=kind))  # type: ignore[arg-type]
        open_ones.callback(answer.close)
        return answer

    with ExitStack() as open_ones:
        yield send


@pytest.mark.parametrize("name", ["女神节.pdf", "a b;c\"d'.pdf", "事迹 100%.pdf", "x" * 196 + ".pdf"])
def test_a_file_is_saved_under_its_own_name(sent: Sent, name: str) -> None:
    way, told = parse_options_header(sent(name, "pdf").headers["Content-Disposition"])

    assert (way, told["filename"]) == ("attachment", name)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("推荐表 王晓芳.pdf", "file.pdf"),
        ("事迹.docx", "file.docx"),
        ("Minutes of 3 March.pdf", "Minutes-of-3-March.pdf"),
        ("2027 名单 A.xlsx", "2027-A.xlsx"),
        ("_CON.docx", "_CON.docx"),
        ("名单 con.docx", "file-con.docx"),
    ],
)
def test_a_program_that_knows_no_unicode_names_gets_one_with_the_right_ending(
    sent: Sent, name: str, plain: str
) -> None:
    said = sent(name, "pdf").headers["Content-Disposition"]

    assert said.startswith(f"attachment; filename={plain}; filename*=UTF-8''")


@pytest.mark.parametrize("kind", ["docx", "pdf", "jpg", "png"])
def test_nothing_in_it_is_shown_run_or_guessed(sent: Sent, kind: str) -> None:
    answer = sent(f"a.{kind}", kind)
    policies = answer.headers.getlist("Content-Security-Policy")

    assert (policies[0], len(policies)) == ("sandbox", 2)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not (answer.mimetype or "").startswith("text/")


def test_it_arrives_byte_for_byte(sent: Sent) -> None:
    answer = sent("a.pdf", "pdf")
    answer.direct_passthrough = False

    assert answer.get_data() == b"<script>alert(1)</script>"
