"""Keys in words: what each purpose is, what depends on a key, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

Facts = Mapping[str, Any]

PURPOSES: dict[str, Callable[[], str]] = {
    "session": lambda: _("登录状态"),
    "forms": lambda: _("表单"),
    "tickets": lambda: _("票和推荐表的校验码"),
    "codes": lambda: _("验证码"),
    "seal": lambda: _("加密保存的内容"),
    "audit": lambda: _("办理记录的签章"),
}
STATES: dict[str, Callable[[], str]] = {
    "current": lambda: _("正在用"),
    "verifies": lambda: _("只用来核对"),
    "retired": lambda: _("已删除"),
}
NEEDS: dict[str, Callable[[int], str]] = {
    "sessions": lambda n: ngettext("%(num)s 个登录着的浏览器", "%(num)s 个登录着的浏览器", n),
    "forms": lambda _n: _("换密钥以前打开的页面"),
    "tickets": lambda n: ngettext("%(num)s 张没有过期的票", "%(num)s 张没有过期的票", n),
    "papers": lambda n: ngettext("%(num)s 份可能已经打印的推荐表", "%(num)s 份可能已经打印的推荐表", n),
    "codes": lambda n: ngettext("%(num)s 个发出的验证码", "%(num)s 个发出的验证码", n),
    "printed_codes": lambda n: ngettext("%(num)s 个打印的登录码", "%(num)s 个打印的登录码", n),
    "letters": lambda n: ngettext("%(num)s 封没有发出的信", "%(num)s 封没有发出的信", n),
    "id_numbers": lambda n: ngettext("推荐表里的 %(num)s 个身份证号", "推荐表里的 %(num)s 个身份证号", n),
    "robots": lambda n: ngettext("%(num)s 个群机器人的地址", "%(num)s 个群机器人的地址", n),
    "audit_rows": lambda n: ngettext("%(num)s 条办理记录", "%(num)s 条办理记录", n),
}
KINDS: dict[str, Callable[[], str]] = {
    "sessions": lambda: _("登录状态"),
    "forms": lambda: _("打开的页面"),
    "tickets": lambda: _("票"),
    "papers": lambda: _("打印的推荐表"),
    "codes": lambda: _("验证码"),
    "printed_codes": lambda: _("打印的登录码"),
    "letters": lambda: _("没有发出的信"),
    "robots": lambda: _("群机器人"),
    "id_numbers": lambda: _("身份证号"),
    "audit_rows": lambda: _("办理记录"),
}


def _needed(facts: Facts) -> str:
    listed = _("、").join(KINDS[kind]() for kind in facts.get("kinds", ()))
    if facts.get("purpose") == "audit":
        return _("密钥 %(key)s 签过办理记录，删掉就再也核对不了，所以一直留着", key=facts.get("key", ""))
    if facts.get("purpose") == "seal":
        return _(
            "密钥 %(key)s 还有用：%(what)s。先运行 flask keys reseal，再删",
            key=facts.get("key", ""),
            what=listed,
        )
    return _(
        "密钥 %(key)s 还有用：%(what)s。等它们过期，或者加 --anyway 让它们作废；票可以先用 flask ticket reissue 换新",
        key=facts.get("key", ""),
        what=listed,
    )


REFUSALS: dict[str, Callable[[Facts], str]] = {
    "key.unknown": lambda f: _(
        "没有编号是 %(key)s 的密钥。用 flask keys list 查看编号", key=f.get("key", "")
    ),
    "key.current": lambda f: _(
        "密钥 %(key)s 正在用，不能删。先运行 flask keys rotate %(purpose)s",
        key=f.get("key", ""),
        purpose=f.get("purpose", ""),
    ),
    "key.retired": lambda f: _("密钥 %(key)s 已经删除了", key=f.get("key", "")),
    "key.needed": _needed,
    "reissue.no_ticket": lambda _f: _("这份报名现在没有名额，没有票可以换"),
}


def purpose(code: str) -> str:
    """What keys of a purpose are for."""
    return PURPOSES[code]()


def state(code: str) -> str:
    """What a key is good for now."""
    return STATES[code]()


def need(kind: str, count: int) -> str:
    """What depends on a key."""
    return NEEDS[kind](count)


def advice(purpose: str, state: str, *, is_new: bool, needed: bool) -> str:
    """What an administrator can do about a key."""
    if state == "current":
        return _("怀疑泄露，或者有人离岗：flask keys rotate %(purpose)s", purpose=purpose)
    if state == "retired":
        return ""
    if is_new:
        return _("把 keys/keys.json 抄到每台主机，然后 flask keys rotate %(purpose)s", purpose=purpose)
    if purpose == "audit":
        return _("留着：旧的办理记录靠它核对")
    if needed and purpose == "seal":
        return _("先 flask keys reseal，再删除")
    if needed:
        return _("等到没有东西用它，再删除")
    return _("可以删除：flask keys retire 编号")
