"""A code is taken out of what was pasted with it."""

from __future__ import annotations

import pytest

from eventreg.accounts.rules import sign_in_code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("１２３４５６", "123456"),
        ("验证码：123456", "123456"),
        ("验证码：123456，10 分钟内有效", "123456"),
        ("【禾川三八】验证码123456，请勿告诉他人。", "123456"),
        ("Your code: 123456.", "123456"),
        ("abcde-fghjk", "ABCDEFGHJK"),
        ("登录码：ABCDE-FGHJK（7 天内有效）", "ABCDEFGHJK"),
        ("ABCDE FGHJK", "ABCDEFGHJK"),
        ("23456789AB", "23456789AB"),
    ],
)
def test_a_code_is_found_among_the_words_around_it(typed: str, code: str) -> None:
    assert sign_in_code(typed) == code


@pytest.mark.parametrize("typed", ["123456 654321", "1234567", "A123456", "12345"])
def test_what_is_not_clearly_one_code_is_compared_whole(typed: str) -> None:
    assert sign_in_code(typed) == typed.replace(" ", "")
