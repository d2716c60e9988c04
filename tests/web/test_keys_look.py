"""The page of keys, and the one that replaces a ticket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.speech import Speech
from tests.rig.browser.stage import look_at, set_stage
from tests.rig.keys import rotate

pytestmark = pytest.mark.browser

ADMINISTRATOR = "HC0001"


@pytest.fixture(scope="module")
def stage(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The stage of long names."""
    with set_stage(demo_folder, tmp_path_factory.mktemp("stage") / "instance") as live:
        yield live


def test_how_keys_and_a_ticket_to_be_replaced_look(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    rotate(stage.app, "tickets")
    phone = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
    phone.signed_in_as(ADMINISTRATOR)
    phone.open(f"/manage/campaigns/{OUTING}/roster")
    ticket = phone.page.locator('a[href$="/ticket"]').first.get_attribute("href")

    assert ticket is not None
    assert look_at(phone, "/manage/keys", ticket) == {}
