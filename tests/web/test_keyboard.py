"""A keyboard alone is enough: Tab reaches everything, in order, and one sees where one is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.phone import Phone
from tests.rig.browser.speech import ZH
from tests.rig.browser.stage import ADMINISTRATOR, CONTACT, SEATED, set_stage

pytestmark = pytest.mark.browser

REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(e => e.type !== "hidden" && !e.disabled && e.checkVisibility({visibilityProperty: true}))
  .filter(e => e.type !== "radio" || e.checked || !document.querySelector(`input[name="${e.name}"]:checked`))
  .map((e, n) => { e.dataset.stop = n; return String(n); })"""
# Every stop is noted by the page itself, as it is at that moment: to ask for each would be a way there and back.
NOTE = """() => {
  const shows = (x, part) => x && getComputedStyle(x, part).outlineStyle !== "none"
    && parseFloat(getComputedStyle(x, part).outlineWidth) >= 2;
  window.stops = [];
  document.addEventListener("focusin", ({ target: e }) => {
    const seen = shows(e) || shows(e, "::after") || shows(e.closest("label"));
    window.stops.push([e.dataset.stop ?? "?", seen, e.outerHTML.slice(0, 90)]);
  });
}"""
LEFT = "() => document.activeElement === document.body"
RINGLESS = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::after { outline: none !important }");
  document.adoptedStyleSheets = [sheet];
}"""
MORE = 20  # presses of Tab beyond what we know of: a stop that we do not know is seen


@pytest.fixture(scope="module")
def stage(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The stage of long names."""
    with set_stage(demo_folder, tmp_path_factory.mktemp("stage") / "instance") as live:
        yield live


PAGES = [
    ("", "/"),
    ("", f"/campaigns/{OUTING}"),
    ("", "/sign-in"),
    (SEATED, "/my"),
    (SEATED, "/my/data"),
    (SEATED, "/campaigns/forum/registration"),
    (CONTACT, "/unit/codes"),
    (ADMINISTRATOR, "/manage"),
    (ADMINISTRATOR, "/manage/people?q=HC008"),
    (ADMINISTRATOR, "/manage/people/import"),
    (ADMINISTRATOR, "/manage/letters"),
    (ADMINISTRATOR, f"/manage/campaigns/{OUTING}/roster"),
    (ADMINISTRATOR, f"/manage/campaigns/{OUTING}/organisers"),
]


def walked(phone: Phone) -> tuple[set[str], list[str]]:
    """Tab through the page that is open: what Tab does not reach or should not, and the stops one does not see."""
    wanted = phone.page.evaluate(REACHABLE)
    phone.page.evaluate(NOTE)
    for _ in wanted:
        phone.page.keyboard.press("Tab")
    for _ in range(MORE):
        if phone.page.evaluate(LEFT):
            break
        phone.page.keyboard.press("Tab")
    assert phone.page.evaluate(LEFT)
    stops = phone.page.evaluate("() => window.stops")
    return set(wanted) ^ {name for name, *_ in stops}, [what for _name, seen, what in stops if not seen]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("staff_no", "path"), PAGES)
def test_tab_reaches_everything_and_shows_where_it_is(
    stage: Live, new_phone: NewPhone, staff_no: str, path: str, width: int
) -> None:
    phone = new_phone(stage, ZH, java_script_enabled=True, size=(width, 844))
    if staff_no:
        phone.signed_in_as(staff_no)
    phone.open(path)

    assert walked(phone) == (set(), [])


def test_the_control_that_hides_rings_and_a_link_is_seen(stage: Live, new_phone: NewPhone) -> None:
    phone = new_phone(stage, ZH, java_script_enabled=True)
    phone.open("/sign-in")
    phone.page.evaluate(RINGLESS)
    phone.page.locator("footer a").first.evaluate("link => link.tabIndex = -1")

    missed, unseen = walked(phone)

    assert len(missed) == 1
    assert len(unseen) > 5


def test_the_first_stop_leads_past_the_links(stage: Live, new_phone: NewPhone) -> None:
    phone = new_phone(stage, ZH, java_script_enabled=True, size=(1280, 844))
    phone.signed_in_as(ADMINISTRATOR)
    phone.open("/manage/people")

    phone.page.keyboard.press("Tab")
    first = phone.page.evaluate(
        "() => [document.activeElement.className, document.activeElement.getBoundingClientRect().top >= 0]"
    )
    phone.page.keyboard.press("Enter")
    phone.page.keyboard.press("Tab")
    inside = phone.page.evaluate("() => document.getElementById('main').contains(document.activeElement)")

    assert first == ["skip", True]
    assert inside is True
