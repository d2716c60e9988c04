"""A keyboard alone is enough: Tab reaches everything, in order, and one sees where one is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import NewPhone
from .live import OUTING, Live
from .speech import ZH
from .stage import ADMINISTRATOR, CONTACT, SEATED, set_stage

MOST = 400  # presses of Tab on one page
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(e => e.type !== "hidden" && !e.disabled && e.checkVisibility({visibilityProperty: true}))
  .filter(e => e.type !== "radio" || e.checked || !document.querySelector(`input[name="${e.name}"]:checked`))
  .map((e, n) => { e.dataset.stop = n; return String(n); })"""
STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const shows = (x, part) => x && getComputedStyle(x, part).outlineStyle !== "none"
    && parseFloat(getComputedStyle(x, part).outlineWidth) >= 2;
  const seen = shows(e) || shows(e, "::after") || shows(e.closest("label"));
  return [e.dataset.stop ?? "?", seen, e.outerHTML.slice(0, 90)];
}"""


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


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("staff_no", "path"), PAGES)
def test_tab_reaches_everything_and_shows_where_it_is(
    stage: Live, new_phone: NewPhone, staff_no: str, path: str, width: int
) -> None:
    phone = new_phone(stage, ZH, java_script_enabled=True, size=(width, 844))
    if staff_no:
        phone.signed_in_as(staff_no)
    phone.open(path)
    wanted = phone.page.evaluate(REACHABLE)
    stops: list[tuple[str, bool, str]] = []
    for _ in range(MOST):
        phone.page.keyboard.press("Tab")
        stop = phone.page.evaluate(STOP)
        if stop is None:
            break
        stops.append(tuple(stop))

    order = list(dict.fromkeys(name for name, _seen, _what in stops))
    assert sorted(order, key=int) == sorted(wanted, key=int)
    assert [what for _name, seen, what in stops if not seen] == []


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

    assert (first, inside) == (["skip", True], True)
