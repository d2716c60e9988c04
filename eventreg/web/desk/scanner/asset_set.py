"""The set of files that the desk's page needs without a network: the page as the server sends it, and its addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import render_template

from eventreg.web.app.assets import mark_of

ADDRESS = re.compile(r'"(/[^"#\s]*\?v=[0-9a-f]+)')
UNNAMED = "SET"


@dataclass(frozen=True, slots=True)
class AssetSet:
    """The page of one release in one language. `id` is a hash of it, so another release or language is another set."""

    id: str
    page: str
    files: tuple[str, ...]


def asset_set(*, worker: str) -> AssetSet:
    """The set of this release in the language of the request; `worker` is the hash of the script that reads codes."""
    html = render_template("desk/scanner/scanner.html", set=UNNAMED, worker=worker)
    id_ = mark_of(html.encode())
    page = html.replace(f'data-set="{UNNAMED}"', f'data-set="{id_}"', 1)
    return AssetSet(id_, page, tuple(sorted(set(ADDRESS.findall(page)))))
