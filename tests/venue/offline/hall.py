"""A hall with a server that can be stopped, a relay before it, and phones whose browsers keep their storage."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.registrations import tickets
from eventreg.venue import devices
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.browser.live import until
from tests.rig.browser.profiles import profile
from tests.rig.cast import Stage
from tests.rig.relay import Relay
from tests.rig.running import free_port
from tests.rig.server import Server

WORKER_READY = "navigator.serviceWorker.ready.then(() => true)"
SETS = "caches.keys().then((names) => names.sort())"


@dataclass
class Hall:
    """The outing with its server behind a relay; phones know the address of the relay only."""

    app: Flask
    stage: Stage
    settings: Settings
    relay: Relay
    engine: Playwright
    folder: Path
    server: Server | None = None
    tokens: dict[str, str] = field(default_factory=dict)

    def start(self, fault: str = "") -> None:
        """Start the server; `fault` names a planted one."""
        self.server = Server(self.settings, fault)
        self.relay.target = self.server.port

    def stop(self) -> None:
        """SIGKILL, if it runs."""
        if self.server is not None:
            self.server.kill()
            self.server = None

    def invite(self, name: str, point: str = "door") -> str:
        """The address of a pairing code."""
        with self.app.app_context(), unit_of_work():
            by = acting(self.stage.people["A1"], utc_now())
            code = devices.invite(self.stage.campaign_id, point, name, actor=by)
        return f"{self.settings.base_url}/desk/pair#{code}"

    def ticket(self, staff_no: str) -> str:
        """Somebody signs up; the address in the QR code of their ticket."""
        made = cast.sign_up(self.app, self.stage, staff_no, now=utc_now())
        with self.app.app_context():
            token = tickets.find_token(made.id, keys=self.stage.keys) or ""
        return f"{self.settings.base_url}/t/{token}"

    @contextlib.contextmanager
    def phone(self, name: str, *, shift_ms: int = 0) -> Iterator[Page]:
        """The browser of this phone; its storage lies in a folder of this name."""
        with profile(self.engine, self.folder / name, shift_ms=shift_ms) as context:
            yield tab(context)

    def pair(self, page: Page, name: str, point: str = "door") -> None:
        """Pair the phone; the desk is open, and its files are stored."""
        page.goto(self.invite(name, point))
        expect(page).to_have_url(f"{self.settings.base_url}/desk")
        expect(page.locator("h1")).to_have_text(name)
        assert page.evaluate(WORKER_READY)

    def desk(self, page: Page) -> None:
        """Open the desk from scratch."""
        page.goto(f"{self.settings.base_url}/desk")


def becomes(page: Page, expression: str) -> None:
    """Wait until this is true in the page, whose policy forbids Playwright's own way of waiting."""
    until(lambda: page.evaluate(expression) or None, expression)


def tab(context: BrowserContext) -> Page:
    """The tab that a browser opens with."""
    return context.pages[0] if context.pages else context.new_page()


@contextlib.contextmanager
def open_hall(engine: Playwright, folder: Path, *, capacity: int = 20, extra: int = 20) -> Iterator[Hall]:
    """A hall in this folder, with the server running."""
    port = free_port()
    settings = Settings(instance=folder / "instance", base_url=f"http://127.0.0.1:{port}")
    app = make_app(settings)
    stage = cast.set_stage(app, capacity=capacity, extra=extra, now=cast.lately())
    made = Hall(app, stage, settings, Relay(0, port), engine, folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        made.relay.close()
        close(app)
