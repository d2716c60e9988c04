"""What the house tests look at: the tracked files, and Python files as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is in git or would be with `git add .`."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


def python_files(*, but: tuple[str, ...] = ()) -> list[Path]:
    """Our own Python, without what lies under the folders named."""
    return [p for p in tracked() if p.suffix == ".py" and not name_of(p).startswith(but)]


def name_of(path: Path) -> str:
    """A file's name from the root, as messages and rules use it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(path.read_text("utf-8"))


def nodes(path: Path) -> Iterator[ast.AST]:
    """All the nodes of a file's tree."""
    return ast.walk(tree_of(path))
