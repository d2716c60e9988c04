"""What a check of the audit trail found, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

Facts = Mapping[str, Any]


def say(code: str, facts: Facts) -> str:
    """The sentence for a finding in the language being spoken."""
    return FINDINGS[code](facts)


def _seals(facts: Facts) -> str:
    first, last = facts["seal"], facts["last"]
    return str(first) if first == last else f"{first}–{last}"


FINDINGS: dict[str, Callable[[Facts], str]] = {
    "audit_row.changed": lambda f: _("第 %(n)s 条记录被改过", n=f["entry"]),
    "audit_row.forged": lambda f: _("第 %(n)s 条记录不是产品写的", n=f["entry"]),
    "audit_row.copied": lambda f: _("第 %(n)s 条记录是从别的记录抄来的", n=f["entry"]),
    "audit_row.missing": lambda f: _("第 %(n)s 条记录不见了", n=f["entry"]),
    "audit_row.not_sealed_here": lambda f: _(
        "第 %(n)s 条记录不在原来的位置，或者它的封签被改过（封签 %(seal)s）", n=f["entry"], seal=f["seal"]
    ),
    "audit_row.number": lambda f: _("第 %(n)s 条记录的号码不可能是产品编的", n=f["entry"]),
    "audit_row.unreadable": lambda f: _("第 %(n)s 条记录读不出来，它被改过", n=f["entry"]),
    "audit_seal.number": lambda f: _("封签 %(n)s 的号码不可能是产品编的", n=f["seal"]),
    "audit_seal.unreadable": lambda f: _("封签 %(n)s 读不出来，它被改过", n=f["seal"]),
    "audit_head.unreadable": lambda f: _("audit-heads.jsonl 的第 %(n)s 行读不出来", n=f["line"]),
    "audit_seal.missing": lambda f: _("封签 %(n)s 不见了，它封的记录也可能不见了", n=_seals(f)),
    "audit_seal.end_missing": lambda f: _("结尾不见了：缺封签 %(n)s", n=_seals(f)),
    "audit_seal.other": lambda f: _("封签 %(n)s 和数据库外面记下的不一样", n=f["seal"]),
    "audit_trail.no_pin": lambda _f: _("旧记录的标记不见了，分不清哪些是升级以前写的"),
    "audit_trail.old_changed": lambda _f: _("升级以前的记录或它们的标记被改过"),
}
