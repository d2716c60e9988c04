"""docs/api.md runs as it stands: its curl lines against a live server, with a real token."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from waitress.server import create_server

from tests.house.repository import ROOT
from tests.rig import cast

from .program import token_for

GUIDE = (ROOT / "docs/api.md").read_text("utf-8")
LINES = [
    line
    for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("curl")
]


@pytest.fixture
def base(sqlite_app: Flask) -> Iterator[str]:
    """The API on a loopback port."""
    cast.set_stage(sqlite_app, now=cast.lately())
    server = create_server(sqlite_app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}/api/v1"
    server.task_dispatcher.shutdown()  # whoever still answers may wake the loop until then
    server.close()
    thread.join(10)


def test_every_line_of_the_guide_works(sqlite_app: Flask, base: str) -> None:
    token = token_for(sqlite_app, "campaigns", "registrations", "scans")
    environ = {"PATH": os.environ["PATH"], "BASE": base, "TOKEN": token, "no_proxy": "127.0.0.1"}
    said = []
    for line in LINES:
        ran = subprocess.run(["bash", "-c", line], env=environ, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, ""), line
        said.append(json.loads(ran.stdout or "{}"))
    listed, one, made, page, gone, confirmed, scanned, roster, points, results, teams, forfeits = said

    assert listed == {"items": [one]}
    assert (made["state"], made["arrival"]) == ("seated", 1)
    assert [item["id"] for item in page["items"]] == [made["id"]]
    assert gone == {}
    assert confirmed["state"] == "withdrawn"  # the line before has withdrawn it
    assert roster["items"] == []
    assert [point["code"] for point in points["check_points"]] == ["door", "start", "finish"]
    assert results == {"results": []}
    assert (teams["teams"], forfeits) == ([], {"forfeits": [], "complete": True})
    assert [r["verdict"] for r in scanned["results"]] == ["refused"]


def test_the_guide_names_every_route(sqlite_app: Flask) -> None:
    spec = json.loads(sqlite_app.test_client().get("/api/v1/openapi.json").data)
    asked = " ".join(LINES)
    tails = {path.removeprefix("/api/v1").replace("{slug}", "outing") for path in spec["paths"]}

    assert {tail for tail in tails if tail.replace("{registration_id}", "1") not in asked} == set()
