"""Started as an operator starts it: over http, with several workers, over https with our certificate."""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.rig.browser.live import until
from tests.rig.running import command, free_port, running

pytestmark = pytest.mark.kill


def test_by_default_it_is_one_process_over_http(tmp_path: Path) -> None:
    with running(tmp_path) as product:
        page = product.ask("/sign-in")

        assert (page.status, page.getheader("Set-Cookie", "").split("=")[0]) == (200, "eventreg")
        assert product.end() == 0


def test_several_workers_serve_and_one_leads(installed: Path) -> None:
    with running(installed, workers="2") as product:
        said = [json.loads(product.ask("/readyz").body) for _ in range(6)]  # type: ignore[attr-defined]

        disks = dict.fromkeys(("instance", "files", "temporary", "database"), "ok")
        ready = {"status": "ready", "database": "ok", "scheduler": "held", "outbox_age_s": 0}
        assert said[-1] == {**ready, "disks": disks}
        assert product.end() == 0


def test_over_https_the_cookie_is_for_https_and_the_jobs_run(installed: Path) -> None:
    with running(installed, tls="on") as product:
        page, ready = product.ask("/sign-in"), product.ask("/readyz", host="localhost")
        cookie = page.getheader("Set-Cookie", "")

        assert (page.status, cookie.split("=")[0]) == (200, "__Host-eventreg")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert page.getheader("Strict-Transport-Security") is None
        assert json.loads(ready.body)["scheduler"] == "held"  # type: ignore[attr-defined]


def test_who_does_not_know_our_authority_refuses_and_old_phones_are_served(installed: Path) -> None:
    with running(installed, tls="on") as product:
        assert product.trust is not None
        product.trust.maximum_version = ssl.TLSVersion.TLSv1_2
        old = product.ask("/healthz").status
        stranger = replace(product, trust=ssl.create_default_context())

        assert old == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            stranger.ask("/healthz")


def test_the_page_for_phones_shows_the_certificate_that_it_hands_out(installed: Path) -> None:
    with running(installed, tls="on") as product:
        page, file = product.ask("/help/phone"), product.ask("/help/phone/eventreg.crt")
        der: bytes = file.body  # type: ignore[attr-defined]
        held = ssl.PEM_cert_to_DER_cert(
            (installed / "tls/authority.pem").read_text().split("-----BEGIN P")[0]
        )

        assert (file.status, file.getheader("Content-Type"), der) == (
            200,
            "application/x-x509-ca-cert",
            held,
        )
        assert _fingerprint(der) in page.body.decode()  # type: ignore[attr-defined]


def _fingerprint(der: bytes) -> str:
    return sha256(der).digest().hex(":").upper()


@pytest.mark.parametrize("settings", [{"tls": "on"}, {"server": "granian"}], ids=str)
def test_workers_end_with_a_parent_that_was_killed(installed: Path, settings: dict[str, str]) -> None:
    with running(installed, **settings) as product:
        product.end(signal.SIGKILL)

        assert until(lambda: True if not product.is_listening() else None, "the workers to end")


SLOW_WORKERS = """
import time
from eventreg.serving import server as serving
def start_jobs(app, settings):
    print("a worker starts", flush=True)
    time.sleep(8)
    return lambda: None
serving._start_jobs = start_jobs
{fault}
serving.main()
"""


@pytest.mark.parametrize(
    ("fault", "at_once"),
    [("", True), ("serving.stopping.let_workers_stop = lambda: None", False)],
    ids=["", "deaf"],
)
def test_who_is_stopped_while_its_workers_start_ends_at_once(
    installed: Path, fault: str, at_once: bool
) -> None:
    """The second row is the control: workers that do not hear it while they start."""
    script = SLOW_WORKERS.format(fault=fault)
    process = command(installed, free_port(), ("-c", script), server="granian", workers="2")
    assert process.stdout is not None
    while "a worker starts" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)

    try:
        process.communicate(timeout=6 if at_once else 3)
        ended = True
    except subprocess.TimeoutExpired:
        ended = False
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for pid in (process.pid, *map(int, workers)):
            os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=60)
    assert ended is at_once


@pytest.mark.parametrize("settings", [{}, {"server": "granian"}], ids=str)
def test_an_address_that_is_taken_is_said_in_one_line(
    installed: Path, tmp_path: Path, settings: dict[str, str]
) -> None:
    shutil.copytree(installed, tmp_path / "second")
    with running(installed, **settings) as product:
        second = command(tmp_path / "second", product.port, **settings)
        said = second.communicate(timeout=60)[1].splitlines()

    assert (second.returncode, len(said)) == (1, 1)
    assert said[0].startswith("eventreg cannot start: ")
    assert "in use" in said[0]


def test_what_does_not_go_together_is_said_in_one_line(tmp_path: Path) -> None:
    process = command(tmp_path, free_port(), server="waitress", tls="on")

    said = process.communicate(timeout=60)[1].splitlines()

    assert (process.returncode, len(said)) == (1, 1)
    assert "EVENTREG_SERVER=waitress is one process without TLS" in said[0]
