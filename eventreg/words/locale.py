"""Which language a page or a letter speaks: zh-CN first and complete, English complete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import force_locale, get_locale
from werkzeug.datastructures import LanguageAccept

LANGUAGES = ("zh-CN", "en")
DEFAULT = "zh-CN"
BABEL = {"zh-CN": "zh_Hans_CN", "en": "en"}


def choose(*wishes: str | None, accepted: LanguageAccept | None = None) -> str:
    """The first wish we can serve, else what the browser accepts, else Chinese.

    Browsers are offered "zh-CN", never "zh_Hans_CN": against that, best_match picks English for
    "zh-CN,en;q=.5".
    """
    for wish in wishes:
        if wish in LANGUAGES:
            return wish
    if accepted:
        return accepted.best_match(LANGUAGES) or ("zh-CN" if accepted.best_match(["zh"]) else DEFAULT)
    return DEFAULT


def current() -> str:
    """The language now being spoken, as in `<html lang>`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh-CN"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Word what follows in this language, whoever asks."""
    with force_locale(BABEL.get(language, BABEL[DEFAULT])):
        yield
