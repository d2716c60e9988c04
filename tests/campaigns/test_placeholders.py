"""What may stand in a letter: known names in pairs of braces, each with the trust it has."""

from __future__ import annotations

import pytest

from eventreg.campaigns import placeholders
from eventreg.core.errors import Refused

CODES = ("campaign", "link", "name", "unit")
OFFERED = [*(placeholders.BY_CODE[code] for code in CODES), placeholders.answer("remark", "备注")]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "typed.missing"),
        ("x" * 121, "typed.too_long"),
        ("{{没有}}", "placeholder.unknown"),
        ("{{位次}}", "placeholder.unknown"),
        ("{{ config }}", "placeholder.unknown"),
        ("{{活动.secret}}", "placeholder.unknown"),
        ("{{活动", "placeholder.braces"),
        ("{活动}", "placeholder.braces"),
        ("活动}}", "placeholder.braces"),
        ("{% for x in y %}", "placeholder.braces"),
        ("{{{{活动}}}}", "placeholder.braces"),
        ("{{姓名}}，你好", "placeholder.user_in_subject"),
        ("{{unit}}", "placeholder.user_in_subject"),
        ("{{answer 备注}}", "placeholder.user_in_subject"),
        ("{{链接}}", "placeholder.link_in_subject"),
        ("a\x00b", "placeholder.unseen"),
        ("a\u2028Bcc: x", "placeholder.unseen"),
        ("a\x1bb", "placeholder.unseen"),
    ],
)
def test_a_subject_that_cannot_be_kept(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        placeholders.check_subject(typed, offered=OFFERED)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("好\n{{没有}}", "placeholder.unknown"),
        ("https://example.cn/{{姓名}}", "placeholder.user_in_link"),
        ("{{链接}}{{ name }}", "placeholder.user_in_link"),
        ("{{姓名}}@example.cn", "placeholder.user_in_link"),
        ("www.{{unit}}.cn", "placeholder.user_in_link"),
        ("https://example.cn/{{ 回答 备注 }}", "placeholder.user_in_link"),
        ("{{回答 身高}}", "placeholder.unknown"),
        ("x" * 2_001, "typed.too_long"),
        (" \n ", "typed.missing"),
    ],
)
def test_a_text_that_cannot_be_kept(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        placeholders.check_text(typed, offered=OFFERED)

    assert refused.value.code == code


def test_both_names_do_in_either_language_and_blank_lines_go() -> None:
    assert (
        placeholders.check_subject(" {{活动}} / {{ campaign }}\r\n", offered=OFFERED)
        == "{{活动}} / {{ campaign }}"
    )
    assert placeholders.check_text("{{姓名}}：\r\n\r\n票在 {{链接}} 这里", offered=OFFERED) == (
        "{{姓名}}：",
        "票在 {{链接}} 这里",
    )


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    values = {"name": "{{链接}}", "link": "http://localhost/my", "campaign": "{{姓名}}"}

    assert placeholders.fill("{{姓名}} {{ campaign }} {{x}}", values) == "{{链接}} {{姓名}} {{x}}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王芳", "王芳"),
        ("王\r\nBcc: x\x00\u202e芳", "王 Bcc: x芳"),
        ("http://evil.example/a", "http：／／evil．example／a"),
        ("a@b.cn", "a＠b．cn"),
        ("O. Henry-Smith", "O. Henry-Smith"),
    ],
)
def test_somebody_s_text_is_one_line_and_no_link(name: str, shown: str) -> None:
    assert placeholders.fill("{{姓名}}", {"name": name}) == shown


def test_no_two_placeholders_share_a_name() -> None:
    assert len(placeholders.BY_NAME) == 2 * len(placeholders.ALL)


def test_a_label_that_cannot_stand_in_braces_goes_by_its_key() -> None:
    names = [placeholders.answer("q1", label).zh for label in ("备注", "长" * 31, "a}}b")]

    assert names == ["回答 备注", "回答 q1", "回答 q1"]
