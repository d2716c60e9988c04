"""Robots of group chats in words: whose they are, what they tell, why a message did not arrive."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

PREFIX = "robot:"

SERVICES: dict[str, Callable[[], str]] = {
    "wecom": lambda: _("企业微信"),
    "dingtalk": lambda: _("钉钉"),
    "feishu": lambda: _("飞书"),
}

NEWS: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "activity": (lambda: _("日程有变"), lambda: _("时间、地点改了，或者取消")),
    "places": (lambda: _("名额"), lambda: _("快满了、报满了、又有名额")),
    "message": (lambda: _("组织者写的信"), lambda: _("标题和人数，信的内容只在邮件里")),
    "reminder": (lambda: _("提醒已发出"), lambda: _("发给多少人")),
}

TROUBLES: dict[str, Callable[[], str]] = {
    "40058": lambda: _("企业微信说消息的格式或长度不对（40058），没有发。请告诉管理员"),
    "45009": lambda: _("企业微信说发得太快（45009），过一会儿自动再发"),
    "130101": lambda: _("钉钉说发得太快（130101），要停 10 分钟，到时候自动再发"),
    "310000": lambda: _(
        "钉钉不收（310000）：加签密钥不对，或者群里设了关键词、IP 限制。请核对机器人的安全设置"
    ),
    "11232": lambda: _("飞书这时候太忙（11232），过一会儿自动再发"),
    "19021": lambda: _("飞书说签名不对（19021）。请核对签名密钥，删掉这个机器人重新添加"),
    "gone": lambda: _("群里的机器人已经删掉，或者网址不对。请在群里重新添加，再把新网址填到这里"),
    "redirect": lambda: _("对方让转到别的网址，没有跟着去。请核对网址"),
    "odd": lambda: _("对方的回答看不懂，可能是网络的登录页，会自动再试"),
    "inside": lambda: _("这个网址指向内部网络，没有连接。请管理员检查域名解析"),
    "tls": lambda: _("对方的证书不对，没有发出内容，会自动再试"),
    "network": lambda: _("连不上，会自动再试"),
    "silent": lambda: _("没有回音，同一家的消息先停一会儿，会自动再试"),
    "off": lambda: _("机器人停着，没有发"),
    "keys": lambda: _("网址是用别的密钥封存的，打不开。请删掉重新添加"),
    "host_unknown": lambda: _("这个网址已经不在允许的地址里，没有发"),
    "address_form": lambda: _("网址不完整，没有发"),
    "other_service": lambda: _("网址和服务对不上，没有发"),
}


def service(code: str) -> str:
    """Whose robot it is."""
    return SERVICES[code]()


def news(code: str) -> str:
    """What it tells."""
    return NEWS[code][0]()


def trouble(code: str) -> str:
    """Why a message did not arrive, and what to do; `code` as the outbox holds it."""
    bare = code.removeprefix(PREFIX)
    return TROUBLES[bare]() if bare in TROUBLES else _("对方不收（%(code)s）", code=bare)
