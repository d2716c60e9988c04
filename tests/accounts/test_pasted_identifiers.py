"""Identifiers and codes as they are pasted from tables and chats."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.accounts.rules import can_be_identifier, plain_code, plain_identifier
from tests.rig import sight
from tests.rig.cast import Stage
from tests.rig.clients import send


@pytest.mark.parametrize(
    "typed",
    [
        "ＨＣ０１",
        "hc01\u200b",
        "\u202dHC01\u202c",
        "　HC01 ",
        "\ufeffhc01",
        "HC 01",
        "H C\u00a001",
        "HC01\u2800",
        "HC\ufe0f01\u3164",
    ],
)
def test_a_staff_number_is_counted_as_one(typed: str) -> None:
    assert plain_identifier(typed) == "hc01"


@pytest.mark.parametrize("typed", ["１２３　４５６", "123\u200b456", "\u2068123456\u2069", "123-456"])
def test_a_code_is_read_without_what_surrounds_its_digits(typed: str) -> None:
    assert plain_code(typed) == "123456"


def test_a_circled_digit_is_none_of_a_code() -> None:
    assert plain_code("①23456") != "123456"


ADDRESSES = [
    "A@b.cn",
    "mailto:a@b.cn",
    "MAILTO:a@b.cn?subject=hi",
    "a@b。cn",
    "a＠b．cn",
    "张三 <a@b.cn>",
    "<a@b.cn>",
    "a@b.cn；",
    "a@b.cn。",
    "a @ b.cn",
    "\u202aa@b.cn\u202c",
]


@pytest.mark.parametrize("typed", ADDRESSES)
def test_an_address_is_read_without_what_a_paste_brings(typed: str) -> None:
    assert plain_identifier(typed) == "a@b.cn"
    assert can_be_identifier(typed)


@pytest.mark.parametrize(
    "typed", ["王芳", "HC01，王芳", "a@", "@b.cn", "a@b", "我的工号", "#", "\u200b", "x" * 40]
)
def test_what_can_be_neither_is_told_apart(typed: str) -> None:
    assert not can_be_identifier(typed)


@pytest.mark.parametrize("typed", ["王芳", "a@b", "\u200b", "\u3164"])
def test_no_code_is_promised_for_what_can_be_neither(app: Flask, stage: Stage, typed: str) -> None:
    client = app.test_client()

    answer = send(client, "/sign-in", identifier=typed)

    assert answer.status_code == 422
    assert sight.letters(app) == []
    assert client.get("/sign-in/code").status_code == 302
