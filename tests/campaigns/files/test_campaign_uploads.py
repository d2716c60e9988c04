"""Hostile uploads for a campaign's page: refused in words, and nothing of them stays (T24 to T26)."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.campaigns.files.models import CampaignFile
from eventreg.core.uploaded_files import store
from tests.nominations.files.handing_in import everybody_reading
from tests.rig import handed_in, sight
from tests.rig.clients import signed_in_client
from tests.rig.plan_pages import organised
from tests.security.bombs import BOMBS

from .bringing import bring_file

REFUSED = {
    "no-file": ("picture", b"", ""),
    "html": ("picture", b"<script>alert(1)</script>", "a.png"),
    "svg": ("picture", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
    "gif": ("map", b"GIF89a" + bytes(40), "a.gif"),
    "pdf-as-picture": ("picture", handed_in.paper("x"), "a.pdf"),
    "picture-as-plan": ("plan", handed_in.photo("PNG"), "a.png"),
    "html-as-plan": ("plan", b"<html><script>alert(1)</script>", "a.pdf"),
    "locked-plan": ("plan", handed_in.locked_paper(), "a.pdf"),
    "cut-picture": ("picture", handed_in.photo("JPEG", size=(900, 900))[:2000], "a.jpg"),
    "broken-png": ("map", b"\x89PNG\r\n\x1a\n" + bytes(200), "a.png"),
}


@pytest.mark.parametrize("which", REFUSED)
def test_what_is_no_such_file_is_refused_in_words(sqlite_app: Flask, which: str) -> None:
    organised(sqlite_app)
    part, content, name = REFUSED[which]

    answer = bring_file(signed_in_client(sqlite_app, "A1"), part, content, name)

    assert (answer.status_code, sight.count(sqlite_app, CampaignFile)) == (422, 0)
    assert f'href="#{part}-file"' in answer.text
    assert _stored(sqlite_app) == []


HARMFUL = [name for name in BOMBS if not name.startswith(("harmless", "big"))]
BOMBS_HERE = sorted(name for name in HARMFUL if name.endswith((".png", ".jpg", ".pdf")))


@pytest.mark.parametrize("name", BOMBS_HERE)
def test_a_bomb_is_refused_and_not_kept(sqlite_app: Flask, name: str) -> None:
    organised(sqlite_app)
    part = "plan" if name.endswith(".pdf") else "picture"

    answer = bring_file(signed_in_client(sqlite_app, "A1"), part, BOMBS[name][1](), name)

    assert (answer.status_code, _stored(sqlite_app)) == (422, [])


def test_while_all_readers_are_busy_a_file_is_refused_for_now(sqlite_app: Flask) -> None:
    organised(sqlite_app)
    organiser = signed_in_client(sqlite_app, "A1")

    with everybody_reading():
        answer = bring_file(organiser, "picture", handed_in.photo("PNG"), "a.png")

    assert (answer.status_code, sight.count(sqlite_app, CampaignFile)) == (503, 0)
    assert _stored(sqlite_app) == []


def _stored(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(path.name for path in store.folder().glob("??/*"))
