"""Sort names by pinyin, with the readings of surnames. Pure.

The readings come from pypinyin, which is loaded when first needed: its tables take 30 MB. It gives the common readings
(单 dan, 曾 ceng, 尉迟 weichi); `SURNAMES` has the different readings of surnames.
"""

from __future__ import annotations

from functools import lru_cache

KEPT = 32_768  # cached keys, so that the names of 20,000 people are read once

COMPOUND = {
    "万俟": "mo qi", "尉迟": "yu chi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai",
    "令狐": "ling hu", "鲜于": "xian yu", "乐正": "yue zheng", "亓官": "qi guan", "濮阳": "pu yang",
    "诸葛": "zhu ge", "宰父": "zai fu", "夏侯": "xia hou", "皇甫": "huang fu", "呼延": "hu yan",
}  # fmt: skip
SINGLE = {
    "单": "shan", "曾": "zeng", "区": "ou", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao",
    "盖": "ge", "燕": "yan", "任": "ren", "华": "hua", "乐": "yue", "召": "shao", "覃": "qin",
    "缪": "miao", "冼": "xian", "洗": "xian", "员": "yun", "宓": "mi", "秘": "bi", "哈": "ha",
    "能": "nai", "翟": "zhai", "折": "she", "黑": "he", "盛": "sheng", "芮": "rui", "庾": "yu",
    "逄": "pang", "钭": "tou", "繁": "po", "郇": "xun", "种": "chong", "句": "gou", "隗": "wei",
    "祭": "zhai", "阚": "kan", "乜": "nie", "么": "yao", "卜": "bu", "尉": "wei", "藏": "zang",
    "晟": "cheng", "谌": "chen", "都": "du", "牟": "mou", "那": "na", "葛": "ge", "纪": "ji",
}  # fmt: skip
SURNAMES = COMPOUND | SINGLE


@lru_cache(maxsize=KEPT)
def pinyin_key(name: str) -> str:
    """The sort key of a person's name: its syllables, then the name itself (单芳 → "shan fang 单芳").

    A name in parts (阿依古丽·买买提) has no Chinese surname and is read as it stands.
    """
    surname = "" if "·" in name else _surname(name)
    if not surname:
        return reading_key(name)
    return f"{SURNAMES[surname]} {_syllables(name[len(surname) :])} {name}"


@lru_cache(maxsize=KEPT)
def reading_key(text: str) -> str:
    """The sort key of any other text, such as a unit's name.

    A tab sorts before every syllable: 办公室 comes before 办公室 车队班.
    """
    return f"{_syllables(text)}\t{text}"


def _surname(name: str) -> str:
    """The longest surname at the beginning of a name that has its own reading."""
    return next((name[:size] for size in (2, 1) if name[:size] in SURNAMES), "")


def _syllables(text: str) -> str:
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text)).casefold()
