"""Which words a sign-up form showed: a form that was opened before the words changed is recognised by it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Protocol


class AskedQuestion(Protocol):
    """What a person reads of a question, and the row that an answer is stored for."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def hint(self) -> str: ...


def form_version(questions: Iterable[AskedQuestion]) -> str:
    """The version of a form: another one as soon as a question is added, left out or worded differently.

    The order of the questions, and whether one must be answered, do not count.
    """
    shown = sorted((q.id, q.key, q.kind, q.label, q.hint) for q in questions)
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:16]
