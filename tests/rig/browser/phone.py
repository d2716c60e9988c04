"""A browser in somebody's hand. What goes wrong in it and was not expected fails the test."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    Response,
    expect,
)

from .live import Live, text_of
from .speech import Speech

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
# The shell is Chromium without windows and menus: the same engine, and two thirds of the work.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WAIT = 15_000  # milliseconds for anything a page should do
PHONE = (390, 844)


def open_chromium(playwright: Playwright) -> Browser:
    """The system's Chromium; without one, a plain error."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise RuntimeError(f"no browser found ({', '.join(PROGRAMS)}): run `make test`, it installs one")
    return playwright.chromium.launch(executable_path=program, args=list(FLAGS))


class Phone:
    """One browser with cookies of its own; `page` is the tab in front."""

    def __init__(self, context: BrowserContext, live: Live, says: Speech) -> None:
        self.context, self.live, self.says = context, live, says
        self.troubles: list[str] = []
        self.allowed: set[str] = set()
        context.set_default_timeout(WAIT)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        context.on("requestfailed", self._on_failed)
        context.on("response", self._on_response)
        self.page: Page = context.new_page()

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path if path.startswith("http") else self.live.base_url + path)

    def new_tab(self, path: str) -> Page:
        """A second tab in front, in the same browser; returns the one that was there."""
        before, self.page = self.page, self.context.new_page()
        self.open(path)
        return before

    def press(self, words: str) -> None:
        """The one button with these words; the page it leads to is there afterwards."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).click()

    def follow(self, words: str) -> None:
        """The one link in the page's body with these words; its page is there afterwards."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=words, exact=True).click()

    def field(self, label: str) -> Locator:
        """The input with this label."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}"))

    def sees(self, words: str) -> None:
        """These words are on the page, visible."""
        expect(self.page.get_by_role("main").get_by_text(words).first).to_be_visible(timeout=WAIT)

    def sees_answer(self, words: str) -> None:
        """Below the ticket, where the answers are closed."""
        self.page.locator("summary", has_text=self.says.your_answers).click()
        self.sees(words)

    def title_is(self, words: str) -> None:
        """The page's one H1."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words, timeout=WAIT)

    def is_at(self, path: str) -> None:
        """The address bar, as a pattern."""
        expect(self.page).to_have_url(re.compile(f"^{re.escape(self.live.base_url)}{path}$"), timeout=WAIT)

    def error_at(self, label: str) -> str:
        """What is said at a field, as the field's own description (what a reader hears)."""
        field = self.field(label)
        expect(field).to_have_attribute("aria-invalid", "true", timeout=WAIT)
        said_by = (field.get_attribute("aria-describedby") or "").split()
        return self.page.locator(f"#{said_by[-1]}").inner_text().strip()

    def speak(self) -> None:
        """Choose this phone's language at the foot of the home page."""
        self.open("/")
        self.press(self.says.language)
        expect(self.page.locator("html")).to_have_attribute("lang", self.says.lang)

    def ask_code(self, staff_no: str) -> str:
        """From the sign-in page to the field for the code; returns the code in the mail."""
        before = self.live.letters(staff_no, self.says.code_subject)
        self.field(self.says.identifier).fill(staff_no)
        self.press(self.says.send_code)
        self.title_is(self.says.enter_code)
        if self.live.person(staff_no).email is None:
            return ""
        letter = self.live.letter(staff_no, self.says.code_subject, after=before)
        found = re.search(r"\b\d{6}\b", text_of(letter))
        if found is None:
            raise AssertionError("no code in the letter")
        return found[0]

    def sign_in(self, staff_no: str) -> None:
        """Through the sign-in page that is open, with the code from the mail."""
        code = self.ask_code(staff_no)
        self.field(self.says.code).fill(code)
        self.press(self.says.sign_in)
        expect(self.page.get_by_role("banner").get_by_role("link", name=self.says.my_tickets)).to_be_visible()

    def signed_in_as(self, staff_no: str) -> None:
        """As if she had signed in yesterday."""
        value = self.live.cookie(staff_no, self.says.lang)
        self.context.add_cookies([{"name": "eventreg", "value": value, "url": self.live.base_url}])

    def press_submit(self) -> None:
        """Send the sign-up form."""
        self.press(self.says.submit)

    @contextlib.contextmanager
    def allowing(self, *troubles: str) -> Iterator[None]:
        """Expect such troubles ("422", "net::ERR_ABORTED") inside the block, and only there."""
        self.allowed.update(troubles)
        yield
        self.page.wait_for_load_state()
        self.allowed.difference_update(troubles)

    def _note(self, kind: str, trouble: str) -> None:
        if kind not in self.allowed:
            self.troubles.append(trouble)

    def _on_console(self, message: ConsoleMessage) -> None:
        if not message.text.startswith("Failed to load resource"):  # seen as a response already
            self.troubles.append(f"console {message.type}: {message.text}")

    def _on_failed(self, request: Request) -> None:
        if request.failure == "net::ERR_ABORTED" and not request.is_navigation_request():
            return  # she left the page before its picture was there
        self._note(str(request.failure), f"{request.method} {request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self._note(str(response.status), f"{response.request.method} {response.url}: {response.status}")
