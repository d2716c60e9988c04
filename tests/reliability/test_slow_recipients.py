"""A few slow recipients hold up nobody else; the control is one line that gives nothing back, as it was before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.slow_recipients import run
from tests.rig.sizes import SIZES


@pytest.mark.parametrize("domains", ["one", "many"])
@pytest.mark.parametrize("step", ["rcpt", "dot"])
def test_prompt_recipients_do_not_wait_for_slow_ones(tmp_path: Path, step: str, domains: str) -> None:
    """The figures are seconds of the full scale; the control waits for one silence after the other."""
    how = {"letters": SIZES.slow_letters, "every": 10, "step": step, "domains": domains}
    before = run(tmp_path / "before", **how, as_before=True)  # type: ignore[arg-type]
    now = run(tmp_path / "now", **how)  # type: ignore[arg-type]
    print(f"{step}, {domains} domain: before {before}, now {now}")

    assert (before.twice, now.twice) == (0, 0)
    assert now.median < before.median / 2
    assert now.longest < before.longest / 2
