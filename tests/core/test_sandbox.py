"""The child process that reads what strangers send: what it has, and what ends it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from eventreg.core import sandbox
from eventreg.core.errors import Busy

PROBE = "tests.core.probe"


@pytest.fixture
def file() -> Iterator[IO[bytes]]:
    """What a stranger sent."""
    with tempfile.TemporaryFile() as sent:
        sent.write("女神节".encode())
        yield sent


def test_a_child_has_the_file_limits_and_nothing_of_ours(
    file: IO[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENTREG_SMTP_URL", "smtp://mail.example.cn")
    secret = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(secret, True)
    try:
        with sandbox.run(PROBE, "tell", file=file) as ran:
            told = json.load(ran.output)
    finally:
        os.close(secret)

    assert (ran.status, told["input"], told["descriptors"]) == (0, "女神节", ["0", "1", "2"])
    assert told["limits"] == [sandbox.MEMORY, sandbox.SECONDS, 0]
    assert set(told["environment"]) <= {
        *("PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "LC_CTYPE", *sandbox.LOADER),
        *("TMPDIR", "RAYON_NUM_THREADS", "MALLOC_ARENA_MAX"),
    }


@pytest.mark.parametrize("deed", ["grow", "write", "no such deed"])
def test_a_child_that_wants_too_much_ends_and_says_so_by_its_status(file: IO[bytes], deed: str) -> None:
    with sandbox.run(PROBE, deed, file=file) as ran:
        assert ran.status != 0


def test_a_child_reaches_nobody_where_the_system_can_keep_it_off_the_network() -> None:
    """Where a container forbids namespaces it cannot: the test asks the system itself."""
    asked = "import ctypes; c = ctypes.CDLL(None).unshare; print(c(0x40000000) and c(0x50000000))"
    allowed = (
        subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
        == "0\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as listening, tempfile.TemporaryFile() as port:
        port.write(str(listening.getsockname()[1]).encode())
        with sandbox.run(PROBE, "call", file=port) as ran:
            said = ran.output.read().decode()

    assert (ran.status, said) == (0, "nobody there" if allowed else "reached")


def test_a_child_works_in_an_empty_folder_that_goes_with_it(file: IO[bytes]) -> None:
    with sandbox.run(PROBE, "tell", file=file) as ran:
        told = json.load(ran.output)

    folder = Path(told["folder"])
    assert folder.name.startswith("eventreg-")
    assert told["held"] == []
    assert not folder.exists()


def test_a_child_that_hangs_is_killed(file: IO[bytes]) -> None:
    with sandbox.run(PROBE, "hang", file=file, seconds=0.2) as ran:
        assert ran.status == -9


def test_who_finds_too_many_children_at_work_is_told_to_come_again(file: IO[bytes]) -> None:
    with sandbox.CHILDREN.taken(patience=1), sandbox.CHILDREN.taken(patience=1), pytest.raises(Busy):
        sandbox.run(PROBE, "tell", file=file, patience=0)

    with sandbox.run(PROBE, "tell", file=file, patience=0) as ran:
        assert ran.status == 0


@pytest.mark.race
def test_who_would_wait_behind_too_many_is_told_at_once() -> None:
    """One visitor who asks for hundreds of documents must not hold all threads."""
    turns = sandbox.SandboxSlots(1, waiting=2)
    began = threading.Barrier(3)
    said: list[str] = []

    def wait() -> None:
        began.wait()
        with contextlib.suppress(Busy), turns.taken(patience=2):
            said.append("had a turn")

    with turns.taken(patience=1):
        crowd = [threading.Thread(target=wait) for _ in range(2)]
        for one in crowd:
            one.start()
        began.wait()
        time.sleep(0.2)
        since = time.monotonic()
        with pytest.raises(Busy), turns.taken(patience=60):
            pass
        waited = time.monotonic() - since
    for one in crowd:
        one.join()

    assert waited < 1
    assert said == ["had a turn"] * 2
