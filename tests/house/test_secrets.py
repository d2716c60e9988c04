"""Nothing of one machine, one network or one person's secrets is in a tracked file."""

from __future__ import annotations

import re

from tests.house.repository import ROOT, name_of, tracked

MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|home|Users)/[\w.-]+|[A-Z]:\\Users")
REGISTRY = re.compile(
    r"(?:regist[r]y\.npm|py[p]i\.|python[h]osted\.|proxy\.golang|simple/|/npm/-/|/artifactory/)[\w.]*", re.I
)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bxox[abp]-\w+"
    r"|(?i:password|passwd|secret|token|api_?key)[\"']?\s*[:=]\s*[\"'][\w+/=-]{16,}[\"']"
    r"|://(?!user:pass@|127\.0\.0\.1)[^/\s:@{}]+:[^@\s/{}]+@"
    r"|(?<![\w:/+-])[0-9a-f]{40,}(?![\w])"
)
SUMS = {
    "requirements.txt",
    "requirements-dev.txt",
    "eventreg/core/stroke_order/LICENSE",
    "static/vendor/vendor.json",
    "tools/vendor/package-lock.json",
    "static/vendor/zxing-wasm-3.1.4/reader.js",  # it names the commit it was built from
}
BINARY = {".png", ".jpg", ".webp", ".mo", ".woff2", ".wasm", ".pdf", ".docx", ".xlsx", ".otf"}


def _found(pattern: re.Pattern[str], *, but: set[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number} {hit[0][:40]}"
        for path in tracked()
        if path.suffix not in BINARY
        and name_of(path) not in but | {name_of(ROOT / "tests/house/test_secrets.py")}
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (hit := pattern.search(line))
    ]


def test_no_file_names_a_place_on_somebody_s_machine() -> None:
    assert _found(MACHINE, but=set()) == []


def test_no_file_names_a_package_registry() -> None:
    assert _found(REGISTRY, but=set()) == []


def test_no_file_holds_what_looks_like_a_secret() -> None:
    assert _found(SECRET, but=SUMS) == []


def test_the_instance_folder_is_empty_in_git() -> None:
    assert [name_of(p) for p in tracked() if name_of(p).startswith("instance/")] == ["instance/.gitkeep"]


def test_the_patterns_find_what_they_are_for() -> None:
    planted = ("see /home/ada/notes", "https://pypi" + ".org/simple/x", 'token = "abcdefghijklmnop1234"')

    assert [bool(p.search(line)) for p, line in zip((MACHINE, REGISTRY, SECRET), planted, strict=True)] == [
        True
    ] * 3
