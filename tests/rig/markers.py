"""Which marker a test has: decided by its folder, in `tests/reliability` by its module."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parents[1]
BY_FOLDER = {"races": "race", "browser": "browser"}
KILLING = {  # modules of tests/reliability that end processes by SIGKILL
    "test_backup_kills",
    "test_batches",
    "test_clock",
    "test_file_kills",
    "test_kill",
    "test_migrate_kill",
    "test_serving",
    "test_serving_lock",
    "test_smtp_faults",
}


def marker_of(path: Path) -> str | None:
    """The marker of the tests in a file; None for a file whose tests have none."""
    folder, *_ = path.relative_to(TESTS).parts
    if folder == "reliability" and path.stem in KILLING:
        return "kill"
    return BY_FOLDER.get(folder)
