"""What HR's screening says: what was checked, groups and limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

Facts = Mapping[str, Any]
Word = Callable[[], str]

LOOKS = {"fine": "seated", "open": "waiting", "blocked": "refused"}

CHECKS: dict[str, Word] = {
    "service": lambda: _("在职，是本单位的人"),
    "women": lambda: _("女职工"),
    "holds": lambda: _("推荐表和事迹材料齐全"),
    "twins": lambda: _("没有重复推荐"),
    "quota": lambda: _("没有超出名额"),
    "signature": lambda: _("部门负责人签字"),
    "judges": lambda: _("本人同意提交评审"),
    "notice": lambda: _("本人同意公示"),
    "sensitive": lambda: _("本人是否同意提供敏感信息"),
    "paper": lambda: _("纸质材料收讫"),
}
BANDS: dict[str, Word] = {
    "to35": lambda: _("35 岁及以下"),
    "to45": lambda: _("36 到 45 岁"),
    "to55": lambda: _("46 到 55 岁"),
    "from56": lambda: _("56 岁及以上"),
    "unknown": lambda: _("没有填"),
}
OFFICES: dict[str, Word] = {
    "discipline": lambda: _("纪检部门"),
    "personnel": lambda: _("人力资源部门"),
    "safety": lambda: _("安全监察部门"),
}
OPINIONS: dict[str, Word] = {
    "none": lambda: _("无异议"),
    "objection": lambda: _("有异议"),
}
VERDICTS: dict[str, Word] = {
    "candidate": lambda: _("定为候选人"),
    "returned": lambda: _("退回补正"),
    "ineligible": lambda: _("认定不符合条件"),
    "reopened": lambda: _("重新审核"),
}
ABOUT: dict[str, Word] = {
    "unit": lambda: _("单位"),
    "age": lambda: _("年龄段"),
    "post": lambda: _("岗位"),
}


def check(code: str) -> str:
    """What was looked at."""
    return CHECKS[code]()


def found(code: str, standing: str, facts: Facts) -> str:
    """What was found; nothing where all is fine."""
    return "" if standing == "fine" else FOUND[code](facts)


def bar(*, count: int, of: int, percent: int, most: bool, kept: bool) -> str:
    """How a limit stands: 3 of 10 (30 %), at most 20 % asked."""
    share = round(100 * count / of) if of else 0
    asked = _("要求不超过 %(p)s%%", p=percent) if most else _("要求不少于 %(p)s%%", p=percent)
    standing = _("符合") if kept else _("不符合")
    return _(
        "%(n)s 人，共 %(all)s 人（%(share)s%%），%(asked)s，%(standing)s",
        n=count,
        all=of,
        share=share,
        asked=asked,
        standing=standing,
    )


def verdict(code: str, *, as_head: bool) -> str:
    """What was decided, and on whose behalf."""
    return _("部门负责人退回") if as_head else VERDICTS[code]()


def _consent(facts: Facts) -> str:
    return _("本人没有同意") if facts.get("consent") == "declined" else _("本人还没有答复")


def _paper(facts: Facts) -> str:
    if facts.get("received") is None:
        return _("还没有收到")
    return _("收到的是以前提交的，和现在的不一样")


def _count(facts: Facts, name: str) -> int:
    return int(facts.get(name, 0))


FOUND: dict[str, Callable[[Facts], str]] = {
    "service": lambda f: _("名册里她已不在这个单位") if f.get("employed") else _("名册里她已离职"),
    "women": lambda _f: _("这项评选只推荐女职工"),
    "holds": lambda f: ngettext("还有 %(num)s 处没有填好", "还有 %(num)s 处没有填好", _count(f, "lacks")),
    "twins": lambda f: ngettext(
        "另有 %(num)s 份推荐是同一个人，或者是同一篇事迹",
        "另有 %(num)s 份推荐是同一个人，或者是同一篇事迹",
        _count(f, "twins"),
    ),
    "quota": lambda f: _("提交了 %(n)s 份，名额 %(all)s 个", n=f.get("filled", ""), all=f.get("places", "")),
    "signature": lambda _f: _("这一版还没有签字"),
    "judges": _consent,
    "notice": _consent,
    "sensitive": _consent,
    "paper": _paper,
}
