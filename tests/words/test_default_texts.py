"""The product's default texts in an event are read in the reader's language; what somebody wrote stays."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.words.locale import speaking
from eventreg.words.sign_up.default_texts import for_reader


@pytest.mark.parametrize(
    ("text", "written", "reader", "shown"),
    [
        ("手机号", "zh-CN", "en", "Mobile number"),
        ("Remarks", "en", "zh-CN", "备注"),
        (
            "处理者：工会。用途：安排活动和分组、当天签到、有变动时联系你。",
            "zh-CN",
            "en",
            "Who: 工会. Why: to plan the event and its teams, to check you in on the day, to reach you when something changes.",
        ),
        ("几号车", "zh-CN", "en", None),
        ("处理者：工会。用途：抽奖。", "zh-CN", "en", None),
        ("几号车", "zh-CN", "zh-CN", "几号车"),
    ],
)
def test_only_default_texts_change_their_language(
    sqlite_app: Flask, text: str, written: str, reader: str, shown: str | None
) -> None:
    with sqlite_app.app_context(), speaking(reader):
        assert for_reader(text, written) == shown
