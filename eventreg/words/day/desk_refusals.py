"""Refusals at the desk in words: people without a registration, and what a phone kept without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

Facts = Mapping[str, Any]

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "walk_in.others_wait": lambda f: (
        _("还有 %(n)s 人在候补，先轮到他们", n=f["n"]) if f.get("n") else _("还有人在候补，先轮到他们")
    ),
    "walk_in.full": lambda _f: _("没有空位了"),
    "walk_in.waits": lambda f: (
        _("已在候补，前面还有 %(n)s 人。轮到时由组织者办理", n=f["n"])
        if f.get("n")
        else _("已在候补，轮到时由组织者办理")
    ),
    "walk_in.unknown": lambda _f: _("名册里没有这个工号，请核对再登记"),
    "walk_in.over": lambda _f: _("活动已经结束，不再登记"),
    "walk_in.closed": lambda _f: _("这项活动不能现场登记"),
    "walk_in.no_ticket": lambda _f: _("报上了，但是没有有效的票，请找组织者"),
    "release.no_scan": lambda _f: _("没有对应的扫码记录，没有收下"),
    "entry.form": lambda _f: _("这条记录写得不对，没有收下"),
    "let_in.no_reason": lambda _f: _("请写怎么找到人的，例如：已坐车下山"),
    "let_in.long_reason": lambda f: _("最多 %(n)s 个字，请改短", n=f.get("most", "")),
    "queue.no_file": lambda _f: _("请选手机导出的文件"),
    "queue.form": lambda _f: _("这不是手机导出的扫码记录，没有收下"),
    "queue.too_many": lambda f: _("一个文件最多 %(n)s 条，请分开导入", n=f.get("most", "")),
    "queue.other_device": lambda _f: _("不是这项活动的手机扫的，没有收下"),
}
