"""What a privacy notice may cover beyond the event itself: a tick inserts the sentence into the notice."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from eventreg.words.locale import speaking

SENTENCES: dict[str, Callable[[], str]] = {
    "wall_names": lambda: _("活动当天，现场大屏幕上会显示你的姓名、单位、到场时间和成绩。"),
}
LABELS: dict[str, Callable[[], str]] = {
    "wall_names": lambda: _("现场大屏幕显示全名（勾选后，说明里加上这一句；不勾选，只显示“王*芳”）"),
}


def sentence(code: str, lang: str) -> str:
    """The sentence of a cover in the language of the campaign's content."""
    with speaking(lang):
        return SENTENCES[code]()


def without_sentences(paragraphs: tuple[str, ...], covers: tuple[str, ...], lang: str) -> tuple[str, ...]:
    """The paragraphs that people wrote themselves."""
    ours = {sentence(code, lang) for code in covers}
    return tuple(paragraph for paragraph in paragraphs if paragraph not in ours)


def with_sentences(paragraphs: tuple[str, ...], covers: tuple[str, ...], lang: str) -> tuple[str, ...]:
    """The paragraphs with the sentence of each cover, which stands there once."""
    ours = tuple(sentence(code, lang) for code in covers)
    return tuple(paragraph for paragraph in paragraphs if paragraph not in ours) + ours
