"""A clock that can be turned, and the processes that live by it: under libfaketime, started and killed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
import time as stopwatch
from datetime import datetime
from pathlib import Path

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from tests.house.repository import ROOT

SHARED = Path("/dev/shm")  # noqa: S108  (where the C library keeps what processes share)
START = 60.0  # seconds until the first tick of a process


class Clock:
    """The clock of the processes, as an offset to ours."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clock"

    def set(self, at: datetime) -> None:
        """From now on it is `at` for them: they read the file whenever they ask for the time."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{(at - utc_now()).total_seconds():+.3f}", "utf-8")
        fresh.replace(self.file)

    def environment(self) -> dict[str, str]:
        """What makes a process live by it."""
        found = importlib.util.find_spec("libfaketime")
        if found is None or found.origin is None:
            raise AssertionError("libfaketime is not installed: pip install -r requirements-dev.txt")
        library = Path(found.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # with it who waits for the interpreter asks for it without a pause
        }


class Ticker:
    """One process; `ticks` are the instants at which its ticks began, by its clock, while it led."""

    def __init__(self, settings: Settings, clock: Clock, fault: str) -> None:
        env = {k: v for k, v in os.environ.items() if not k.startswith("EVENTREG_")} | clock.environment()
        command = [sys.executable, "-m", "tests.reminders.ticking", str(settings.instance)]
        self.process = subprocess.Popen(
            [*command, settings.database_url, f"{stopwatch.time() - stopwatch.monotonic()}", fault],
            cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.ticks: list[datetime] = []
        self.led_last = False
        self.lives = threading.Event()
        self.heard = threading.Condition()
        self.ear = threading.Thread(target=self._listen, daemon=True)
        self.ear.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            began, _space, how = line.strip().partition(" ")
            with self.heard:
                self.led_last = how == "led"
                if self.led_last:
                    self.ticks.append(datetime.fromisoformat(began))
                self.heard.notify_all()
            self.lives.set()

    def wait_for_life(self) -> None:
        """Until its first tick, led or not."""
        if not self.lives.wait(timeout=START):
            raise AssertionError(f"a process did not tick within {START:g} s of its start")

    def kill(self) -> None:
        """Power cut."""
        self.process.kill()
        self.process.wait(timeout=20)
        self.ear.join(timeout=20)
        if self.process.stdout is not None:
            self.process.stdout.close()
        for left in SHARED.glob(f"*faketime_*_{self.process.pid}"):
            left.unlink()  # libfaketime's own, which who is killed cannot remove
