"""One form for texts that look alike: for every name, identifier, comparison and search. Pure.

Texts are typed, imported from spreadsheets, pasted, and extracted from PDFs. The same word arrives with different
code points: full-width letters, radicals instead of ideographs, invisible marks, private-use code points of GB fonts.

| function | what it is for | what it changes |
|---|---|---|
| `clean` | any text that is stored | look-alikes to the usual characters, invisible marks removed |
| `plain_name` | names of people and units, as stored | also white space, letters without a glyph, middle dots, full-width letters and digits |
| `search_text` | what somebody searches for in stored names | also full-width punctuation (`core.db.searching`) |
| `comparison_key` | whether two names are the same | also all compatibility characters and case |
| `unix_lines` | texts of several lines | line ends alone |
| `identifier` | staff numbers, addresses | all compatibility characters; keeps case |
| `compact` | staff numbers, as compared | also white space and invisible characters inside |
| `address_text` | mail addresses, as compared | also what stands around a pasted one, and 。 for a full stop |
| `half_width` | typed numbers, times and codes | full-width letters, digits and punctuation; ① is no 1 |
"""

from __future__ import annotations

import re
import unicodedata

HAN = r"\u3005-\u3007\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U000323af"
SPACES = r" \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
PRIVATE_USE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]")

# EquivalentUnifiedIdeograph of the Unicode Character Database (14.0): radical, ideograph, radical, ideograph ...
# Kangxi radicals (U+2F00–2FD5) have a compatibility decomposition: `unicodedata` knows them.
_SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民"
    "⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹"
    "⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣"
    "⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)

# GB 18030 fonts draw characters at these private-use code points, which Unicode encoded later (GB 18030-2005, 2022).
_GB_IDEOGRAPHS = (  # U+E815 to U+E864, the two-byte codes FE50 to FEA0
    "厂𠂇𠂉𠃌乙㑳㑇刀㔾龴㖞㘚㘎小心㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠牛𡗗龸𤴔䁖䅟𥫗䌷㓁羊𦍌𢦏䎱䎬聿䏝䓖䙡䙌龹䜣䜩䝼䞍𧾷䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾"
    "䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)
_GB_MARKS = {
    **dict(zip(range(0xE78D, 0xE797), "︐︒︑︓︔︕︖︗︘︙", strict=True)),
    **dict(zip(range(0xE7E7, 0xE7F4), "〾⿰⿱⿲⿳⿴⿵⿶⿷⿸⿹⿺⿻", strict=True)),
    0xE7C7: "ḿ",
    0xE7C8: "ǹ",
}
_LOOK_ALIKE = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **{ord(radical): one for radical, one in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)},
    0x2F3E: "户",  # fonts of mainland China draw 户 (U+6237) with it; its decomposition is 戶
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},  # ligatures: ﬁ, ﬂ
    **{0xE815 + n: one for n, one in enumerate(_GB_IDEOGRAPHS)},
    **_GB_MARKS,
}
_ODD = re.compile("[" + "".join(map(chr, _LOOK_ALIKE)) + "]")

# Soft hyphen, zero-width space, directional marks, byte order mark, invisible operators, annotation marks.
_INVISIBLE = re.compile(r"[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+")

# ZWNJ, ZWJ and the Mongolian vowel separator are spelling between letters of these scripts (Persian, Sinhala, Devanagari, Khmer ...), and join emoji.
_JOINED = (
    r"\u0600-\u109f\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1bff\ua840-\ua8df\ua980-\uaaff\uabc0-\uabff\ufb50-\ufdff"
    r"\ufe70-\ufefc\U00010a00-\U00011fff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff\u200c\u200d"
)
JOINERS = "\u180e\u200c\u200d"
_STRAY_JOINER = re.compile(f"(?<![{_JOINED}])[{JOINERS}]+|[{JOINERS}]+(?![{_JOINED}])")

_UNSEEN = re.compile(
    r"[\s\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]+"
)
_BESIDE_AT = re.compile(r"\s*@\s*")
_IN_BRACKETS = re.compile(r"<([^<>]*@[^<>]*)>")
AROUND = ".,;:!?。，；：！？、…()[]{}<>《》「」【】（）“”‘’\"'`"  # stands before or behind a pasted address, and not in it
# A word processor separates lines within a paragraph by U+000B, pages by U+000C; Unicode has U+0085, U+2028 and U+2029.
_LINE_END = re.compile(r"\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")
_WIDE_LETTERS = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc]+")
# Letters without a glyph, which pad a name as white space does; and marks that choose a glyph or join letters, without one of their own.
_BLANK_LETTERS = re.compile(r"[\u115f\u1160\u2800\u3164\uffa0]")
_SELECTORS = re.compile(r"[\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_DOTS = re.compile(f"[{SPACES}]*[\u00b7\u0387\u2022\u2027\u2219\u22c5\u30fb\uff65][{SPACES}]*")
_SPACE_IN_HAN = re.compile(f"(?<=[{HAN}])[{SPACES}]+(?=[{HAN}])")
_SPACE_BESIDE = re.compile(rf"(?<=[{HAN}()&/,:-]) +| +(?=[{HAN}()&/,:-])")
_SPACE = re.compile(f"[{SPACES}]+")
WIDE_PUNCTUATION = {
    "（": "(",
    "）": ")",
    "－": "-",
    "／": "/",
    "＆": "&",
    "，": ",",
    "：": ":",
    "＠": "@",
    "．": ".",
}
_HALF = str.maketrans(WIDE_PUNCTUATION)
_FULL_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}


def clean(text: str) -> str:
    """A text with the usual characters instead of look-alikes, without invisible marks; white space stays.

    Radicals, compatibility ideographs and known private-use code points become unified ideographs, ligatures (ﬁ) letters.
    Composed (NFC).
    """
    if text.isascii():
        return text
    usual = _ODD.sub(lambda found: _LOOK_ALIKE[ord(found[0])], text)
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", without_invisible(usual)))


def without_invisible(text: str) -> str:
    """A text without zero-width and directional marks; joiners stay."""
    return _INVISIBLE.sub("", text)


def unix_lines(text: str) -> str:
    """A text with LF at the end of each line, whatever program it was written in."""
    return _LINE_END.sub("\n", text)


def plain_name(text: str) -> str:
    """The name of a person or unit as it is stored: 张　三 is 张三, 玛丽 ・ 李 is 玛丽·李, Ａｎｎａ is Anna."""
    spaced = _SELECTORS.sub("", _BLANK_LETTERS.sub(" ", clean(text)))
    half = _WIDE_LETTERS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), spaced)
    joined = _SPACE_IN_HAN.sub("", _DOTS.sub("·", half))
    return _SPACE.sub(" ", joined).strip()


def search_text(typed: str) -> str:
    """What is searched for in names that `plain_name` made, without white space; case is left to the database."""
    return plain_name(typed).translate(_HALF).replace(" ", "")


def comparison_key(name: str) -> str:
    """Equal for two names that differ only in width, case, dots, look-alikes, or white space beside Han or punctuation."""
    return _SPACE_BESIDE.sub("", unicodedata.normalize("NFKC", plain_name(name))).casefold()


def identifier(text: str) -> str:
    """A number, code or address in half-width characters, without white space at either end; case stays."""
    return unicodedata.normalize("NFKC", clean(text)).strip()


def compact(text: str) -> str:
    """A number or code without white space and whatever else shows nothing: HC 0116 is HC0116."""
    return only_shown(identifier(text))


def address_text(text: str) -> str:
    """A mail address out of what was typed or pasted: without `mailto:`, a name and brackets around it, or a mark behind it.

    `a@b。cn`, `张三 <a@b.cn>`, `mailto:a@b.cn?subject=…` and `a@b.cn；` are all a@b.cn. Whether it is an address is checked elsewhere.
    """
    plain = _BESIDE_AT.sub("@", identifier(text)).replace("。", ".")
    if found := _IN_BRACKETS.search(plain):
        plain = found[1]
    if plain.lower().startswith("mailto:"):
        plain = plain[len("mailto:") :].split("?")[0]
    return plain.strip(AROUND)


def only_shown(text: str) -> str:
    """A text without white space and without characters that show nothing; for numbers and codes, not for prose."""
    return _UNSEEN.sub("", text)


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: white space, invisible marks, joiners, variation selectors and blank letters alone."""
    return not only_shown(text).strip()


def half_width(text: str) -> str:
    """A typed number, time or code in half-width characters, without white space at either end."""
    return clean(text).translate(_FULL_WIDTH).strip()


def private_use(text: str) -> str:
    """The private-use characters that are left: each font draws them differently, or not at all."""
    return "".join(dict.fromkeys(PRIVATE_USE.findall(text)))
