"""Letters by SMTP: what the server gets, and what becomes of a letter when it misbehaves."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from eventreg.config import Settings
from eventreg.delivery.mail.smtp import SmtpTimeouts
from tests.conftest import close, make_app
from tests.rig import cast, sight
from tests.rig.cast import NOW

from .mail_server import Box, self_signed, smtp
from .test_letters import deliver_all


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The sender reads the clock: let it read the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


@contextmanager
def app_with_smtp(tmp_path: Path, port: int, ca_file: str = "") -> Iterator[Flask]:
    """An app whose letters go to that server."""
    url = f"smtp://127.0.0.1:{port}"
    made = make_app(
        Settings(instance=tmp_path / "i", base_url="http://localhost", smtp_url=url, smtp_ca_file=ca_file)
    )
    yield made
    close(made)


def test_smtp_gets_the_letter_with_a_stable_message_id_and_short_lines(tmp_path: Path) -> None:
    box = Box()
    with smtp(box) as port, app_with_smtp(tmp_path, port) as app:
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)

        assert sight.letters(app) == [("registration_seated", "sent")]
    [raw] = box.got
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["subject"] == "已报上：踏春嘉年华、健康伴我行"
    assert str(mail["message-id"]).endswith("@eventreg.invalid>")
    assert max(len(line) for line in raw.splitlines()) < 998
    assert not any(byte > 127 for byte in raw)


def test_an_error_after_the_250_is_no_failure(tmp_path: Path) -> None:
    box = Box(drop_after_data=True)
    with smtp(box) as port, app_with_smtp(tmp_path, port) as app:
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)

        assert (sight.letters(app), len(box.got)) == ([("registration_seated", "sent")], 1)


@pytest.mark.parametrize(("answer", "state"), [("450 later", "queued"), ("550 nobody", "failed")])
def test_a_refused_recipient_is_tried_later_or_given_up(tmp_path: Path, answer: str, state: str) -> None:
    with smtp(Box(rcpt=answer)) as port, app_with_smtp(tmp_path, port) as app:
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)

        assert sight.letters(app) == [("registration_seated", state)]


def test_a_silent_server_is_given_up_in_time(tmp_path: Path) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, app_with_smtp(tmp_path, int(silent.getsockname()[1])) as app:
        delivery = app.extensions["eventreg.delivery"]
        app.extensions["eventreg.delivery"] = replace(delivery, waits=SmtpTimeouts(0.3, 0.3, 0.3))
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)

        assert sight.letters(app) == [("registration_seated", "queued")]


def test_a_certificate_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    box, certificate = Box(), self_signed(tmp_path, NOW)
    with smtp(box, certificate) as port, app_with_smtp(tmp_path, port) as app:
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)

        assert (sight.letters(app), box.got) == ([("registration_seated", "queued")], [])


def test_a_certificate_of_our_own_authority_is_trusted(tmp_path: Path) -> None:
    box, certificate = Box(), self_signed(tmp_path, NOW)
    with smtp(box, certificate) as port, app_with_smtp(tmp_path, port, str(certificate)) as app:
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)

        assert (sight.letters(app), len(box.got)) == ([("registration_seated", "sent")], 1)


def test_no_password_goes_over_a_line_without_tls(tmp_path: Path) -> None:
    box = Box()
    with smtp(box) as port, app_with_smtp(tmp_path, port) as app:
        app.extensions["mail"].username, app.extensions["mail"].password = "name", "word"
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)

        assert (sight.letters(app), box.got) == ([("registration_seated", "queued")], [])
