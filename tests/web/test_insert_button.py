"""The button that inserts a placeholder where the cursor is, in the language of the field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.speech import ZH
from tests.rig.browser.stage import ORGANISER, set_stage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stage(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The demo company on a stage of its own."""
    with set_stage(demo_folder, tmp_path_factory.mktemp("stage") / "instance") as live:
        yield live


def test_a_button_inserts_at_the_cursor_in_the_fields_language(stage: Live, new_phone: NewPhone) -> None:
    phone = new_phone(stage, ZH, java_script_enabled=True)
    phone.signed_in_as(ORGANISER)
    phone.open(f"/manage/campaigns/{OUTING}/wording/registration_seated")
    page = phone.page
    page.get_by_text("可以插入的内容").click()

    def field(name: str) -> Locator:
        return page.locator(f"[name={name}]")

    def insert(name: str) -> None:
        page.locator(f"[data-zh='{name}']").click()

    field("text_zh").fill("集合：。")
    field("text_zh").evaluate("field => { field.focus(); field.setSelectionRange(3, 3); }")
    insert("{{地点}}")
    field("text_en").fill("At ")
    insert("{{地点}}")
    field("subject_zh").fill("")
    insert("{{活动}}")
    insert("{{姓名}}")  # a person's name may not stand in a subject

    assert field("text_zh").input_value() == "集合：{{地点}}{{姓名}}。"
    assert [field("text_en").input_value(), field("subject_zh").input_value()] == ["At {{place}}", "{{活动}}"]
