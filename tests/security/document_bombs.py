"""Texts that are made to harm whoever sets them; and what it costs to be asked for a document of each.

usage: python -m tests.security.document_bombs     makes a form of every text, prints one JSON object
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.errors import Refused
from eventreg.nominations.rules import LONGEST, NominationContent
from eventreg.reports import nomination_form
from tests.conftest import close, make_app
from tests.rig import awards, cast
from tests.rig.printing import form

from .bombs import ACUTE

MARKS = [chr(code) for code in range(0x300, 0x370)]
TIBETAN = "\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f82"  # the tallest stack that is written
TEXTS = {
    "one letter with 20,000 acutes": "e" + ACUTE * 20_000,
    "one letter with 20,000 different marks": "e" + "".join(MARKS * 200)[:20_000],
    "one Chinese letter with 20,000 marks": "\u5973" + ACUTE * 20_000,
    "Zalgo": "".join(letter + "".join(MARKS[n % 80 : n % 80 + 30]) for n, letter in enumerate("zalgo" * 600)),
    "thirty marks a letter": ("e" + ACUTE * 30) * 3_200,
    "eight marks a letter": ("e" + ACUTE * 8) * 11_000,
    "enclosing marks": "e" + "\u20dd" * 20_000,
    "leading consonants": "\u1100" * 20_000,
    "vowels on one consonant": "\u1100" + "\u1161" * 20_000,
    "syllables in parts": "\u1112\u1161\u11ab" * 33_000,
    "joiners": "a" + "\u200d" * 20_000,
    "joined faces": "\U0001f469\u200d" * 20_000,
    "variation selectors": "\u5973" + "\ufe00" * 20_000,
    "stacks of Tibetan": TIBETAN * 11_000,
    "Devanagari": "\u0915\u094d" * 50_000,
    "Thai": "\u0e01\u0e35\u0e48" * 33_000,
    "Arabic without an end": "\u0628" * LONGEST,
    "a Cyrillic word without an end": "\u0436" * LONGEST,
    "a Latin word without an end": "x" * LONGEST,
    "an accented word without an end": "\u00e9" * LONGEST,
    "Chinese without an end": "\u5973" * LONGEST,
    "brackets without an end": "\uff08" * LONGEST,
    "no place to break": "\u5973\u2060" * 50_000,
    "both directions": "\u05d0a" * 50_000,
    "50,000 lines": "a\n" * 50_000,
    "100,000 nested brackets": "[" * 50_000 + "]" * 50_000,
    "what a department writes": "\u628a\u5c0f\u4e8b\u529e\u5230\u7528\u6237\u5fc3\u91cc\u3002" * 300,
}
LEGITIMATE = ("what a department writes", "a Cyrillic word without an end", "Chinese without an end")
MAKERS = {"pdf": nomination_form.pdf, "docx": nomination_form.docx}


def _outcome(text: str, kind: str) -> str:
    try:
        MAKERS[kind](form(NominationContent({"post": text[:60]}, (), text), sealed=False))
    except Refused as refused:
        return refused.code
    return "made"


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print of each the outcome, the seconds it took, the seconds of a core it used; and the most MiB held by us and
    by any child."""
    told: dict[str, tuple[str, float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Settings(instance=Path(folder) / "instance", scheduler=False))
        awards.set_award(app, cast.set_stage(app, now=utc_now()), now=utc_now())
        with app.test_request_context():
            _outcome("", "pdf")  # what every document loads
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            for name in sys.argv[1:] or TEXTS:
                for kind in MAKERS:
                    began, computed = time.monotonic(), _children_seconds()
                    outcome = _outcome(TEXTS[name], kind)
                    took, computed = time.monotonic() - began, _children_seconds() - computed
                    told[f"{name}.{kind}"] = (outcome, round(took, 2), round(computed, 2))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        close(app)
    print(json.dumps({"texts": told, "grown": grown // 1024, "child": child // 1024}, ensure_ascii=False))


if __name__ == "__main__":
    main()
