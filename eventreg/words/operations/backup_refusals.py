"""Refusals about backups and keys, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from . import key_words

Facts = Mapping[str, Any]

SENTENCES: dict[str, Callable[[Facts], str]] = {
    **key_words.REFUSALS,
    "backup.not_empty": lambda f: _(
        "%(folder)s 里已经有东西，没有备份。请给一个新的文件夹", folder=f.get("folder", "")
    ),
    "backup.unfinished": lambda f: _(
        "%(folder)s 不是一份完整的备份：没有清单，写到一半就断了。请用另一份", folder=f.get("folder", "")
    ),
    "backup.damaged": lambda f: _(
        "备份里的 %(part)s 和写下时不一样，什么也没有改。请用另一份", part=f.get("part", "")
    ),
    "backup.torn": lambda _f: _("数据库本身有损坏，没有备份。请停下产品，从上一份备份恢复，并查看磁盘"),
    "backup.newer": lambda f: _(
        "备份来自更新的版本（%(product)s），什么也没有改。请先升级再恢复", product=f.get("product", "")
    ),
    "backup.other_database": lambda f: _(
        "这是 %(database)s 的备份，什么也没有改。请把 EVENTREG_DATABASE_URL 指到同一种数据库",
        database=f.get("database", ""),
    ),
    "backup.running": lambda f: _(
        "还有进程在用这个数据库（%(holder)s），什么也没有改。请先停下，过一分钟再试",
        holder=f.get("holder", ""),
    ),
    "backup.serving": lambda _f: _(
        "这台机器上还有服务在用这个实例文件夹，什么也没有改。请先停下服务，再恢复"
    ),
    "backup.in_use": lambda _f: _(
        "这里已经有职工、活动或文件，什么也没有改。换一个空的数据库，或加 --replace，原有的就没有了"
    ),
}
