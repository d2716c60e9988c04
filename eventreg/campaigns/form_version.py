"""Which words a sign-up form showed: a form that was opened before the words changed is recognised by it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Protocol

from .question_kinds import QuestionOption


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
    @property
    def purpose(self) -> str: ...
    @property
    def offered(self) -> Sequence[QuestionOption]: ...


def form_version(questions: Iterable[AskedQuestion]) -> str:
    """The version of a form: another one as soon as a question or an option is added, left out or worded differently.

    The order of the questions, and whether one must be answered, do not count.
    """
    shown = sorted((q.id, q.key, q.kind, q.label, q.hint, *_more(q)) for q in questions)
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:16]


def _more(question: AskedQuestion) -> list[object]:
    """What only some questions show. Nothing for the others, whose versions are therefore those of earlier releases."""
    options = [[option.code, option.label] for option in question.offered]
    return [question.purpose, options] if question.purpose or options else []
