"""Marks Chinese text as a message id where it stands, for modules that must not translate. Pure.

`tools/words.py` extracts what `N_` wraps, as it does with gettext; the edge translates it when it is shown
(`words.kinds.translated`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(msgid: str) -> str:  # noqa: N802  (the name that gettext's tools look for)
    """The message id itself."""
    return msgid


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message id with the values of its placeholders; a value may be a sentence too."""

    msgid: str
    facts: Mapping[str, object] = field(default_factory=dict)
