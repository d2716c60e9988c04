"""The files of a campaign's page in words."""

from __future__ import annotations

from collections.abc import Callable, Collection

from flask_babel import gettext as _

Word = Callable[[], str]

# What a file is for, what belongs there, and the word on its button.
PARTS: dict[str, tuple[Word, Word, Word]] = {
    "picture": (
        lambda: _("活动图片"),
        lambda: _("放在活动页最上面，也印在海报上，发链接时会显示：.jpg、.png，横图最好"),
        lambda: _("上传图片"),
    ),
    "plan": (
        lambda: _("活动方案"),
        lambda: _("职工可以在活动页下载：.pdf"),
        lambda: _("上传方案"),
    ),
    "map": (
        lambda: _("地点示意图"),
        lambda: _("怎么走、在哪集合，可以用地图截图：.jpg、.png"),
        lambda: _("上传示意图"),
    ),
}


def part(code: str) -> str:
    """What a file is for."""
    return PARTS[code][0]()


def listed(codes: Collection[str]) -> str:
    """Which files a campaign has; without any, which it could have."""
    held = [part(code) for code in PARTS if code in codes]
    return _("、").join(held) if held else _("活动图片、活动方案、地点示意图，都可以不放")
