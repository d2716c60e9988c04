"""Chinese is the msgid; English is complete, and compiled from what is written."""

from __future__ import annotations

import re
from collections import Counter

from babel.messages.catalog import Message

from tools import words

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def _texts(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, (list, tuple)) else [str(value)]


def _places(text: str) -> Counter[str]:
    return Counter(found[0] for found in PLACEHOLDER.finditer(text))


def _written() -> list[Message]:
    return [m for m in words.catalogue() if m.id]


def test_everything_said_stands_in_the_catalogue_and_nothing_else() -> None:
    said = {(m.id, m.context) for m in words.extracted() if m.id}

    assert {(m.id, m.context) for m in _written()} == said


def test_nothing_lacks_its_english() -> None:
    assert words.missing(words.catalogue()) == []


def test_nothing_obsolete_is_kept() -> None:
    assert list(words.catalogue().obsolete) == []


def test_the_catalogue_is_written_as_make_words_writes_it() -> None:
    assert words.PO.read_text("utf-8") == words.po_text(words.updated(words.catalogue(), words.extracted()))


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert words.MO.read_bytes() == words.mo_bytes(words.catalogue())


def test_english_fills_in_the_same_facts() -> None:
    """Every placeholder of the msgid is one of the msgstr; a plural may leave the number out."""
    differ = [
        (text, m.id)
        for m in _written()
        for text in _texts(m.string)
        if text and set(_places(text)) != set(_places(_texts(m.id)[0]))
    ]

    assert differ == []


def test_english_holds_no_chinese() -> None:
    """But for examples of what a roster holds there is no reason to."""
    chinese = [
        text for m in _written() for text in _texts(m.string) if re.search(r"[一-鿿，。：；！？、]", text)
    ]

    assert chinese == []


def test_no_english_says_the_same_twice_over() -> None:
    """A merge can glue a long text to its own copy; the pages then say it twice."""
    glued = [
        text
        for m in _written()
        for text in _texts(m.string)
        if len(text) > 8 and text[: len(text) // 2] == text[(len(text) + 1) // 2 :]
    ]

    assert glued == []


RETIRED = {  # words of ours that nobody outside this house says, and what is said instead
    r"哪一天定的|多少人参加|数一数字数|看读到的文字|公示时大家看到的就是它|先保底，再|每满几人一个|哪里不对，应该|没有齐的|您": "推荐日期、参加人数、统计字数、核对识别文字、保底后按比例分配、需要更正的内容、未齐项、你",
    r"存了我|存了你": "系统里我的信息",
    r"排候补|排进候补|排在候补里": "加入候补",
    r"一席": "报名即可参加",
    r"已经报满": "已报满",
    r"要验证码的|换一个浏览器": "回到刚才的登录页面填写",
    r"没用[。！]|什么也不动|多出来的": "旧地址立即失效",
    r"看看发给|再看一遍|看一眼|写一封|先看看样子|会改变什么": "预览",
    r"能写进去|都算；|这样写的人": "可以插入的内容",
    r"线断了|不对你开放|开门": "也可能你没有权限查看",
    r"docs/|第二天 00:00|别忘了|来不了": "请联系管理员",
    r"入场已签到|减去这个数|必须填": "签到（第 1 位）",
}
RETIRED_ENGLISH = {
    r"\b[Cc]ampaigns?\b(?!/|\)s)": "event",
    r"\b[Tt]ak(e|en) (\w+ )?back\b|\b[Tt]ook back\b": "remove, undo",
    r"\b[Ss]hut (it )?out\b": "deactivate",
    r"[Hh]as to be answered": "required",
    r"[Ss]ee how many get it|[Tt]hread broke|leave early|Publish event": "preview, drop, publish the event",
}


def test_retired_words_do_not_come_back() -> None:
    """A number is no “第 31 号”; a phrase of `RETIRED` is said as its value."""
    found = [
        (word, str(text))
        for words_of, texts in ((RETIRED, "id"), (RETIRED_ENGLISH, "string"))
        for word in [*words_of, *([r"第 [%{][^ ]* 号"] if texts == "id" else [])]
        for m in _written()
        for text in _texts(getattr(m, texts))
        if re.search(word, text)
    ]

    assert found == []


def test_the_history_is_told_in_one_tense() -> None:
    """Its English begins with a capital and is no request: a button's words have another msgid."""
    said = "eventreg/words/operations/audit_words.py"
    source = (words.ROOT / said).read_text("utf-8")
    actions = source[source.index("ACTIONS:") :]
    english = [text for m in _written() if f'"{_texts(m.id)[0]}"' in actions for text in _texts(m.string)]
    requests = (
        r"^(Add|Change|Remove|Publish|Send|Make|Open|Close|Print|Resume|Sign|Allow|Rename|Take|Delete)\b"
    )

    assert [text for text in english if text[:1].islower() or re.match(requests, text)] == []
