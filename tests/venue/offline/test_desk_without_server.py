"""The desk opens from scratch while the server is stopped, and always with the files of one release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.rig.browser.film import film
from tests.rig.browser.phone import WAIT
from tests.venue.test_desk import verdict

from .hall import SETS, Hall, becomes, open_hall

pytestmark = pytest.mark.browser


READER = """Promise.all(["worker", "reader", "wasm"].map((name) =>
  fetch(document.getElementById("main").dataset[name], { cache: "no-store" }).then(({ status }) => status)))"""


@pytest.fixture
def venue(engine: Playwright, tmp_path: Path) -> Iterator[Hall]:
    """A hall with its server."""
    with open_hall(engine, tmp_path) as made:
        yield made


def reads(page: Page, photo: Path) -> str | None:
    """The kind of the verdict on a photo of a ticket."""
    page.locator("#photo").set_input_files(photo)
    kind = verdict(page)[0]
    expect(page.locator("#verdict [data-verdict]")).to_have_count(0, timeout=WAIT)
    return kind


def update(page: Page) -> None:
    """Let the browser look for a new release, as it does when the page is opened; wait for what comes of it."""
    page.evaluate(
        """navigator.serviceWorker.getRegistration().then((r) => r.update()).then((r) => {
          const next = r.installing || r.waiting;
          return !next || new Promise((done) => {
            next.onstatechange = () => ["activated", "redundant"].includes(next.state) && done(true);
          });
        }).catch(() => false)"""
    )


def test_it_opens_after_a_restart_without_a_server_and_reads_a_code(venue: Hall, tmp_path: Path) -> None:
    photo = film(venue.ticket("A1"), tmp_path / "ticket.jpg")
    with venue.phone("one") as page:
        venue.pair(page, "东门")
    venue.stop()

    with venue.phone("one") as page:
        venue.desk(page)
        expect(page.locator("h1")).to_have_text("东门")
        assert reads(page, photo) in {"kept", "admitted"}
        expect(page.locator("#unsent")).to_have_text("1 条未上传")
        page.on("dialog", lambda asked: asked.accept())
    with venue.phone("one") as page:
        venue.desk(page)
        expect(page.locator("#unsent")).to_have_text("1 条未上传")
        venue.start()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator("#unsent")).to_have_text("全部已上传", timeout=WAIT)


def test_a_page_of_the_earlier_release_finds_its_reader_and_its_files_go_when_no_page_uses_them(
    venue: Hall, tmp_path: Path
) -> None:
    photo = film(venue.ticket("A1"), tmp_path / "ticket.jpg")
    with venue.phone("one") as page:
        venue.pair(page, "东门")
        (old,) = page.evaluate(SETS)
        venue.stop()
        venue.start("next_release")
        update(page)
        both = page.evaluate(SETS)
        venue.relay.fate = lambda _path: "down"

        assert len(both) == 2
        assert old in both
        assert page.evaluate(READER) == [200, 200, 200]
        assert reads(page, photo) in {"kept", "admitted"}

        venue.relay.fate = lambda _path: ""
        page.reload()
        becomes(page, f"{SETS}.then((names) => names.length === 1 && !names.includes('{old}'))")
        page.on("dialog", lambda asked: asked.accept())


@pytest.mark.parametrize("fate", ["503", "redirect", "half", "down"])
def test_half_a_release_never_replaces_the_set_in_force(venue: Hall, fate: str) -> None:
    with venue.phone("one") as page:
        venue.pair(page, "东门")
        before = page.evaluate(SETS)
        venue.stop()
        venue.start("next_release")
        venue.relay.fate = lambda path: fate if "reader.js" in path else ""
        update(page)
        after = page.evaluate(SETS)
        venue.relay.fate = lambda path: fate if path.endswith("/service-worker.js") else ""
        update(page)
        venue.relay.fate = lambda path: "down"
        page.reload()

        expect(page.locator("h1")).to_have_text("东门")
        assert (after, page.evaluate(SETS)) == (before, before)
