"""One browser for the whole run, a fresh product for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from .live import Live, served
from .phone import PHONE, Phone, open_chromium
from .speech import BOTH, ZH, Speech

NewPhone = Callable[..., Phone]


@pytest.fixture(scope="session")
def engine() -> Iterator[Playwright]:
    """What starts browsers."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(engine: Playwright) -> Iterator[Browser]:
    """The system's Chromium, started once."""
    browser = open_chromium(engine)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demo company, to be copied."""
    folder = tmp_path_factory.mktemp("demo") / "instance"
    with served(folder, demo=True):
        pass
    return folder


@pytest.fixture
def live(demo_folder: Path, tmp_path: Path) -> Iterator[Live]:
    """The demo, served, with nobody signed up."""
    folder = tmp_path / "instance"
    shutil.copytree(demo_folder, folder)
    with served(folder, demo=False) as running:
        yield running


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Live]:
    """A product that nobody has used yet."""
    with served(tmp_path / "empty", demo=False) as running:
        yield running


@pytest.fixture(params=BOTH, ids=lambda says: says.lang)
def says(request: pytest.FixtureRequest) -> Speech:
    """The language of the test."""
    spoken: Speech = request.param
    return spoken


@pytest.fixture
def new_phone(chromium: Browser) -> Iterator[NewPhone]:
    """Phones without JavaScript, unless told otherwise; each must end without a trouble.

    Their browsers ask for the other language: the test's own is what she chooses.
    """
    phones: list[Phone] = []

    def new(live: Live, says: Speech = ZH, **options: Any) -> Phone:
        width, height = options.pop("size", PHONE)
        wanted: dict[str, Any] = {
            "java_script_enabled": False,
            "locale": says.other,
            "accept_downloads": True,
        } | options
        context = chromium.new_context(viewport={"width": width, "height": height}, **wanted)
        phones.append(Phone(context, live, says))
        return phones[-1]

    yield new
    for phone in phones:
        phone.context.close()
    assert [phone.troubles for phone in phones] == [[] for _ in phones]
