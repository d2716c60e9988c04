"""The language of a page or a letter: zh-CN first and complete, English complete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

from babel import Locale
from flask_babel import force_locale, get_locale, get_translations
from werkzeug.datastructures import LanguageAccept

LANGUAGES = ("zh-CN", "en")
DEFAULT = "zh-CN"
# Phones and systems set to Cantonese, Wu, Min Nan … send these tags instead of zh (ISO 639-3, macrolanguage zho).
CHINESE = ("zh", "cmn", "yue", "wuu", "nan", "hak", "gan", "hsn", "cjy", "cdo", "mnp", "czh", "czo", "cpx")
SPOKEN = {**dict.fromkeys(CHINESE, "zh-CN"), "en": "en"}
BABEL = {"zh-CN": "zh_Hans_CN", "en": "en"}
# Parsed once, not by each request.
LOCALES = {language: Locale.parse(name) for language, name in BABEL.items()}


def choose(*wishes: str | None, accepted: LanguageAccept | None = None) -> str:
    """The first wish we can serve, else what the browser likes best among Chinese and English, else Chinese.

    Only the language of a browser's tag counts, neither script nor region (RFC 4647, lookup): zh-Hans-CN, zh-HK and zh-SG
    are Chinese. Werkzeug's `best_match` finds none of them in "zh-CN", and picks the English further down the list.
    """
    for wish in wishes:
        if wish in LANGUAGES:
            return wish
    for tag, quality in accepted or ():
        spoken = SPOKEN.get(tag.replace("_", "-").split("-")[0].lower())
        if spoken is not None and quality > 0:
            return spoken
    return DEFAULT


def current() -> str:
    """The language now being spoken, as in `<html lang>`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh-CN"


_catalogue: ContextVar[NullTranslations | None] = ContextVar("catalogue", default=None)


def settle() -> None:
    """Load the catalogue of the current language once, for the many texts of a page."""
    _catalogue.set(get_translations())


def unsettle() -> None:
    """Forget the loaded catalogue: the next page may have another language."""
    _catalogue.set(None)


def gettext(text: str) -> str:
    """A template's word in the language being spoken."""
    catalogue = _catalogue.get() or get_translations()
    return str(catalogue.gettext(text))


def ngettext(one: str, many: str, count: int) -> str:
    """A template's words that follow a number."""
    catalogue = _catalogue.get() or get_translations()
    return str(catalogue.ngettext(one, many, count))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use this language for the block."""
    with force_locale(LOCALES.get(language, LOCALES[DEFAULT])):
        before = _catalogue.set(get_translations())
        try:
            yield
        finally:
            _catalogue.reset(before)
