"""Refusals about letters that did not arrive and about robots of group chats, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from eventreg.words.times import moment, said_at

Facts = Mapping[str, Any]


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "trial.no_address": lambda _f: _("名册里没有你的邮箱，测试信没有地方发。请先在人员页填上。"),
    "trial.going": lambda _f: _("有一封测试信正在发，请等它发完再试。"),
    "mending.over": lambda f: _(
        "信里说的事 %(at)s 已经开始，没有再发。有事请直接联系本人。", at=said_at(f, "at", moment)
    ),
    "mending.overtaken": lambda _f: _("信里说的事已经变了，没有再发。新的情况另有一封信。"),
    "mending.no_address": lambda _f: _("还没有邮箱，没有发。请在下面填上邮箱。"),
    "mending.going_now": lambda _f: _("这一封正在发，邮箱没有改。请过一分钟再看。"),
    "mending.arrived": lambda _f: _("这一封已经发出，邮箱没有改。确实退回来了，先记下退信，再改邮箱。"),
    "mending.not_sent": lambda _f: _("这一封没有发出过，不会有退信。"),
    "group_robot.no_news": lambda _f: _("还没有选往群里发什么，请至少选一样"),
    "group_robot.off": lambda _f: _("机器人停着，没有发测试消息。先重新启用"),
    "group_robot.secret_form": lambda _f: _("密钥只含英文字母和数字，请从群机器人的设置里整个复制"),
    "group_robot.too_many": lambda f: _(
        "最多 %(most)s 个机器人，没有添加。先删掉一个", most=f.get("most", "")
    ),
    "group_robot.address_form": lambda _f: _(
        "网址不完整。请在群机器人的设置里复制 Webhook 地址，以 https:// 开头，整个粘贴过来"
    ),
    "group_robot.host_unknown": lambda f: _(
        "%(host)s 不在允许的地址里。只收企业微信、钉钉、飞书的群机器人；别的地址请管理员先列出来",
        host=f.get("host", ""),
    ),
    "group_robot.other_service": lambda _f: _("这个网址是另一家的机器人，请改选是哪一家"),
}
