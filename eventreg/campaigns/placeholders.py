"""Placeholders that organisers may use in letters, such as `{{活动}}` or `{{campaign}}`. Pure.

This is no template language: a name stands for one text. The text comes from the product, from the campaign or from
a person, and that decides where it may stand: text of a person never stands in a subject or next to an address (D24).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from eventreg.core.errors import Refused

from . import checks

SUBJECT_MOST = 120
TEXT_MOST = 2_000
NAMED = re.compile(r"\{\{\s*([^{}]{1,40}?)\s*\}\}")
ADDRESS = re.compile(r"://|www\.|@|mailto:", re.IGNORECASE)
LINKING = re.compile(r"(?<=[A-Za-z0-9])[.:/@]+(?=[A-Za-z0-9/])")
WIDE = str.maketrans({".": "．", ":": "：", "/": "／", "@": "＠"})


class Trust(StrEnum):
    """Where a text comes from: the product, an organiser, or any person."""

    OURS = "ours"
    CAMPAIGN = "campaign"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder with its name in both languages, and how far its text is trusted."""

    code: str
    zh: str
    en: str
    trust: Trust

    def token(self, locale: str) -> str:
        """The placeholder as it is written in a text of this language."""
        return f"{{{{{self.en if locale == 'en' else self.zh}}}}}"


ALL = (
    Placeholder("campaign", "活动", "campaign", Trust.CAMPAIGN),
    Placeholder("time", "时间", "time", Trust.OURS),
    Placeholder("place", "地点", "place", Trust.CAMPAIGN),
    Placeholder("number", "编号", "number", Trust.OURS),
    Placeholder("position", "位次", "position", Trust.OURS),
    Placeholder("activity", "项目", "activity", Trust.CAMPAIGN),
    Placeholder("change", "变动", "change", Trust.CAMPAIGN),
    Placeholder("details", "说明", "details", Trust.OURS),
    Placeholder("deadline", "截止", "deadline", Trust.OURS),
    Placeholder("link", "链接", "link", Trust.OURS),
    Placeholder("name", "姓名", "name", Trust.USER),
    Placeholder("unit", "单位", "unit", Trust.USER),
)
BY_CODE = {one.code: one for one in ALL}
BY_NAME = {name: one for one in ALL for name in (one.zh, one.en)}
LABEL_MOST = 30


def answer(key: str, label: str) -> Placeholder:
    """A placeholder for the answer to a question, named by the question's label if that can be written in braces."""
    name = label if len(label) <= LABEL_MOST and not set(label) & set("{}") else key
    return Placeholder(f"answer:{key}", f"回答 {name}", f"answer {name}", Trust.USER)


def check_subject(typed: str, *, offered: Collection[Placeholder]) -> str:
    """Check a subject: one line, with placeholders of the product and the campaign only. Raises Refused with the reason."""
    subject = checks.line(_plain(typed), most=SUBJECT_MOST)
    for one in _named(subject, offered):
        if one.trust is Trust.USER:
            raise Refused("placeholder.user_in_subject", name=one.zh, english=one.en)
        if one.code == "link":
            raise Refused("placeholder.link_in_subject", name=one.zh, english=one.en)
    return subject


def check_text(typed: str, *, offered: Collection[Placeholder]) -> tuple[str, ...]:
    """Check the paragraphs of a letter. Raises Refused with the reason."""
    lines = checks.paragraphs(_plain(typed), most=TEXT_MOST)
    for line in lines:
        _named(line, offered)
        _check_addresses(line, offered)
    return lines


def named(texts: Iterable[str]) -> frozenset[str]:
    """The names of the placeholders in these texts."""
    return frozenset(name for text in texts for name in NAMED.findall(text))


def by_name(offered: Iterable[Placeholder]) -> dict[str, Placeholder]:
    """Placeholders by each of their two names."""
    return {name: one for one in offered for name in (one.zh, one.en)}


def fill(template: str, values: Mapping[str, str], offered: Mapping[str, Placeholder] | None = None) -> str:
    """Replace the placeholders of a text once; replaced text is not searched for placeholders again."""
    known = offered or BY_NAME

    def text_of(found: re.Match[str]) -> str:
        one = known.get(found[1])
        if one is None:
            return found[0]
        value = values.get(one.code, "")
        return harmless(value) if one.trust is Trust.USER else value

    return NAMED.sub(text_of, template)


def renamed(text: str, old: Placeholder, new: Placeholder) -> str:
    """A text in which a placeholder has its new name, in either language."""
    names = {old.zh: new.zh, old.en: new.en}
    return NAMED.sub(lambda found: found[0].replace(found[1], names.get(found[1], found[1])), text)


def harmless(text: str) -> str:
    """A person's text made safe for a letter: one line, no invisible characters, nothing that looks like a link."""
    seen = "".join(c for c in " ".join(text.split()) if not unicodedata.category(c).startswith("C"))
    return LINKING.sub(lambda found: found[0].translate(WIDE), seen)


def _plain(typed: str) -> str:
    """The typed text, if it holds no invisible characters."""
    for mark in typed:
        if unicodedata.category(mark) in {"Cc", "Zl", "Zp"} and mark not in "\n\r\t":
            raise Refused("placeholder.unseen", mark=f"U+{ord(mark):04X}")
    return typed


def _named(text: str, offered: Collection[Placeholder]) -> list[Placeholder]:
    """The placeholders of a text. Raises Refused for an unknown one and for a brace that is left over."""
    found, known = [], by_name(offered)
    for name in NAMED.findall(text):
        one = known.get(name)
        if one is None:
            raise Refused("placeholder.unknown", name=name)
        found.append(one)
    left = re.search(r".{0,6}[{}].{0,10}", NAMED.sub("", text))
    if left is not None:
        raise Refused("placeholder.braces", near=left[0].strip())
    return found


def _check_addresses(line: str, offered: Collection[Placeholder]) -> None:
    """Check that no text of a person becomes part of an address, whether typed or filled in."""
    known, inside = by_name(offered), list[Placeholder]()

    def mark(found: re.Match[str]) -> str:
        inside.append(known[found[1]])
        return f"{{{len(inside) - 1}}}"  # without the spaces that a name may contain

    for word in NAMED.sub(mark, line).split():
        marked = [inside[int(number)] for number in re.findall(r"\{(\d+)\}", word)]
        linked = ADDRESS.search(word) or any(one.code == "link" for one in marked)
        user = next((one for one in marked if one.trust is Trust.USER), None)
        if linked and user is not None:
            raise Refused("placeholder.user_in_link", name=user.zh, english=user.en)
