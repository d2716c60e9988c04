"""Nothing is restored into a folder that a server serves from, and none starts while something is restored into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eventreg.core import serving_lock
from eventreg.core.errors import Refused
from tests.house.repository import ROOT
from tests.rig.browser.live import until
from tests.rig.running import PATIENCE, Running, command, free_port, running

pytestmark = pytest.mark.kill


def _flask(instance: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command as an operator gives it."""
    env = os.environ | {"EVENTREG_INSTANCE": str(instance)}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT, env=env, text=True, capture_output=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def test_a_server_is_noticed_until_it_has_ended_and_no_longer(installed: Path, tmp_path: Path) -> None:
    folder = str(tmp_path / "backup")
    assert _flask(installed, "backup", folder).returncode == 0

    with running(installed, server="granian", workers="2") as product:
        until(lambda: _leads(product) or None, "the first tick")
        refused = _flask(installed, "restore", folder)
        product.end()
    restored = _flask(installed, "restore", folder)

    assert refused.returncode == 1
    assert "A server on this machine still uses this folder" in refused.stderr
    assert restored.returncode == 0
    assert "restored as of" in restored.stdout


def _leads(product: Running) -> bool:
    return json.loads(product.ask("/readyz").body)["scheduler"] == "held"  # type: ignore[attr-defined, no-any-return]


def test_a_server_that_was_killed_is_gone_at_once(installed: Path) -> None:
    with running(installed, scheduler="off", server="waitress") as product:
        with pytest.raises(Refused, match="backup.serving"), serving_lock.hold_exclusive(installed):
            pass
        product.process.kill()
        product.process.wait(timeout=PATIENCE)

        with serving_lock.hold_exclusive(installed):
            pass


def test_nobody_starts_while_something_is_restored(tmp_path: Path) -> None:
    """Nor makes keys or a database meanwhile, nor brings one to the schema of another version."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    with serving_lock.hold_exclusive(folder):
        process = command(folder, free_port())
        _told, said = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert said.startswith("eventreg cannot start: A backup is being restored into")
    assert said.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["serving.lock"]


def test_servers_share_a_folder(installed: Path) -> None:
    with serving_lock.hold_shared(installed), serving_lock.hold_shared(installed):
        pass
    with serving_lock.hold_exclusive(installed):
        pass
