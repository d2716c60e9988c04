"""What a privacy notice may cover beyond the event itself: a tick inserts the sentence into the notice."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from eventreg.words.locale import speaking

SENTENCES: dict[str, Callable[[], str]] = {
    "wall_names": lambda: _("活动当天，现场大屏幕上会显示你的姓名、单位、到场时间和成绩。"),
    "judges": lambda: _("推荐表和事迹材料交给评委评审；手机号、出生年月和证件号不给评委看。"),
    "notice": lambda: _("拟表彰人员的姓名、单位、岗位和简要事迹在公司内公示，接受异议。"),
    "certificate_check": lambda: _("证书有编号和校验码，凭两样可以查到姓名、奖项和年度，别的查不到。"),
    "archive": lambda: _("参加、推荐、评审和表彰的记录作为档案保存，到期也删除。"),
}
LABELS: dict[str, Callable[[], str]] = {
    "wall_names": lambda: _("现场大屏幕显示全名（勾选后，说明里加上这一句；不勾选，只显示“王*芳”）"),
    "judges": lambda: _("交给评委评审（勾选后，说明里加上这一句）"),
    "notice": lambda: _("在公司内公示（勾选后，说明里加上这一句）"),
    "certificate_check": lambda: _("凭编号和校验码查验证书（勾选后，说明里加上这一句）"),
    "archive": lambda: _("记录作为档案保存（勾选后，说明里加上这一句）"),
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
