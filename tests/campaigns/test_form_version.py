"""Versions of forms and of answers follow what people read and wrote, and nothing else."""

from __future__ import annotations

from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.form_version import form_version
from eventreg.registrations.rules import answers_version

BUS, CAR = "是否坐大巴？", "是否自驾？"


def test_versions_follow_words_and_nothing_else() -> None:
    one = QuestionFacts("q1", "text", BUS, "", id=1)
    words = [
        one,
        *(QuestionFacts("q1", "text", label, hint, id=1) for label, hint in [(CAR, ""), (BUS, "!")]),
    ]

    assert len({form_version([q]) for q in words}) == 3
    assert form_version([one]) == form_version([QuestionFacts("q1", "text", BUS, "", required=True, id=1)])
    assert form_version([]) != form_version([one])
    assert answers_version({"a": "1", "b": ""}) == answers_version({"a": "1"})
    assert answers_version({"a": "1"}) != answers_version({"a": "2"})
