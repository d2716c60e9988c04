"""The locked requirements: pinned, hashed, from no address, the same for running and testing."""

from __future__ import annotations

import re

from tests.house.repository import ROOT

FILES = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"([a-z0-9][a-z0-9-]*)(\[[a-z,]+\])?==([^ ;]+)( ; .+)?( --hash=sha256:[0-9a-f]{64})+")


def _lines(name: str) -> list[str]:
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _pins(name: str) -> dict[str, str]:
    pins = [PIN.fullmatch(line) for line in _lines(name)]
    return {f"{pin[1]}{pin[4] or ''}": pin[3] for pin in pins if pin}


def test_every_requirement_is_pinned_with_hashes() -> None:
    loose = [line for name in FILES for line in _lines(name) if not PIN.fullmatch(line)]

    assert loose == []


def test_requirements_name_no_address() -> None:
    addressed = [name for name in FILES if re.search(r"://|index-url|find-links", (ROOT / name).read_text())]

    assert addressed == []


def test_tests_run_on_the_versions_that_the_product_runs_on() -> None:
    product, tests = _pins("requirements.txt"), _pins("requirements-dev.txt")

    assert {name: tests.get(name) for name in product} == product
