"""The desk over https with our own certificate: a browser that knows it opens the camera."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Playwright

from eventreg.config import Settings
from tests.conftest import close, make_app
from tests.rig.browser.film import film, filming
from tests.rig.browser.laws import breaches
from tests.rig.browser.live import Live
from tests.rig.browser.phone import Phone
from tests.rig.browser.speech import BOTH, ZH
from tests.rig.running import running

from .test_desk import HOLDER, paired, verdict

pytestmark = pytest.mark.browser

AXE = Axe()


@pytest.fixture
def hall(demo_folder: Path, tmp_path: Path) -> Iterator[Live]:
    """The demo as `make run TLS=1` serves it, on loopback; its app here only looks at the tables."""
    folder = tmp_path / "instance"
    shutil.copytree(demo_folder, folder)
    with running(folder, tls="on") as product:
        address = f"https://127.0.0.1:{product.port}"
        app = make_app(
            Settings(instance=folder, base_url=address, server="granian", tls=True, scheduler=False)
        )
        yield Live(app, address, folder / "mail")
        close(app)


def _known(folder: Path) -> str:
    """The flag by which Chromium takes our certificate and no other unknown one."""
    made = x509.load_pem_x509_certificate((folder / "tls/server.pem").read_bytes())
    key = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"--ignore-certificate-errors-spki-list={base64.b64encode(hashlib.sha256(key).digest()).decode()}"


def test_a_phone_that_takes_our_certificate_scans_with_its_camera(
    hall: Live, engine: Playwright, tmp_path: Path
) -> None:
    hall.sign_up(HOLDER)
    scene = film(hall.ticket_address(HOLDER), tmp_path / "ticket.mjpeg")
    with filming(engine, scene, _known(tmp_path / "instance")) as browser:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="zh-CN", permissions=["camera"]
        )
        phone = paired(Phone(context, hall, ZH))
        phone.page.get_by_role("button", name="开始扫码").click()

        kind, lines = verdict(phone.page)

        assert (kind, lines[1]) == ("admitted", hall.person(HOLDER).name)
        assert phone.page.evaluate("isSecureContext") is True
        context.close()
        assert phone.troubles == []


def test_how_the_page_for_phones_looks(hall: Live, engine: Playwright, tmp_path: Path) -> None:
    found = {}
    with filming(engine, tmp_path, _known(tmp_path / "instance")) as browser:
        for says in BOTH:
            phone = Phone(browser.new_context(locale=says.other, reduced_motion="reduce"), hall, says)
            phone.speak()
            phone.open("/help/phone")
            found[says.lang] = breaches(phone.page, AXE)
            phone.context.close()

    assert found == {says.lang: [] for says in BOTH}
