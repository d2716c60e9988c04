"""The product's own default texts in an event: readers of the other language get them in theirs.

An organiser who changes a text has written their own, and that is shown as it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from flask_babel import gettext as _

from eventreg.words.locale import current, speaking

Said = Callable[[], str]

TEXTS: tuple[Said, ...] = (
    lambda: _("手机号"),
    lambda: _("只用于当天联系，11 位数字"),
    lambda: _("备注"),
    lambda: _("例如饮食或行动上需要照顾的地方"),
    lambda: _("全体职工"),
    lambda: _("在职女职工，由所在部门推荐"),
    lambda: _("收集：姓名、性别、单位，和你在报名表里填的内容。不收集身份证号。到期删除。"),
    lambda: _("收集：姓名、性别、单位、手机号、备注。不收集身份证号。保存到活动当年 6 月 30 日，到期删除。"),
    lambda: _("活动当天，现场大屏幕上会显示你的姓名、单位、到场时间和成绩。"),
)
OWNED: tuple[Callable[[str], str], ...] = (  # the same, with the name of the owner in it
    lambda owner: _("处理者：%(owner)s。用途：安排活动和分组、当天签到、有变动时联系你。", owner=owner),
    lambda owner: _("你可以随时向%(owner)s要求查看、更正、导出或者删除；撤回同意等于退出活动。", owner=owner),
)
OWNER = "\0"


def for_reader(text: str, lang: str) -> str | None:
    """A default text, which stands in an event in `lang`, in the reader's language; None for any other text."""
    if lang == current():
        return text
    whole, around = _known(lang)
    text = str(text)
    if found := whole.get(text):
        return found()
    for before, after, said in around:
        if text.startswith(before) and text.endswith(after):
            return said(text[len(before) : len(text) - len(after)])
    return None


@cache
def _known(lang: str) -> tuple[dict[str, Said], tuple[tuple[str, str, Callable[[str], str]], ...]]:
    """The default texts as they read in `lang`; for those with an owner, what stands before and behind the name."""
    with speaking(lang):
        whole = {said(): said for said in TEXTS}
        cut = [(said(OWNER).partition(OWNER), said) for said in OWNED]
    return whole, tuple((before, after, said) for (before, _owner, after), said in cut)
