"""A group of colleagues sees no telephone and no identity card number, and every other number."""

from __future__ import annotations

import pytest

from eventreg.core.personal.personal_numbers import has_birth, has_number, masked


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("王芳13800138000报名", "王芳…报名"),
        ("138-0013-8000", "…"),
        ("138 0013 8000", "…"),
        ("138 001 38000", "…"),
        ("1380 0138 000", "…"),
        ("13800 138000", "…"),
        ("+86 138-0013-8000", "…"),
        ("+8613800138000", "…"),
        ("86 13800138000", "…"),
        ("008613800138000", "…"),
        ("（+86）13800138000", "…"),
        ("１３８００１３８０００", "…"),
        ("１３８－００１３－８０００", "…"),
        ("013800138000", "…"),
        ("13800138000、13900139000", "…、…"),
        ("0571-88776655", "…"),
        ("(0571) 88776655", "…"),
        ("0571 8877 6655", "…"),
        ("010-66554433-8001", "…"),
        ("021-5566778转12", "…"),
        ("电话：88776655", "电话：…"),
        ("联系电话 8877-6655", "联系电话 …"),
        ("Tel: 88776655", "Tel: …"),
        ("+852 9123 4567", "…"),
        ("身份证330106199003042345", "身份证…"),
        ("33010619900304234X", "…"),
        ("330106 19900304 234x", "…"),
        ("330106900304234", "…"),
        ("330106-19900304-2345", "…"),
        ("330106—19900304—234X", "…"),
        ("138—0013—8000", "…"),
        ("138−0013−8000", "…"),
    ],
)
def test_telephone_and_identity_card_numbers_are_masked(typed: str, said: str) -> None:
    assert masked(typed) == said


@pytest.mark.parametrize(
    "typed",
    [
        "2027年3月4日 09:00，余 12 / 30",
        "2027-03-04 09:00 到 2027-03-05 18:00",
        "20270304",
        "202703040900",
        "会议室 20260304",
        "0304 2026-03-04",
        "工号 20190001",
        "工号 00012345",
        "HC0202",
        "订单 2026138001380001",
        "流水号 987654321012345678",
        "青集发〔2027〕12号",
        "腾讯会议 123-456-789",
        "会议号 886 123 4567",
        "共 1234567 元",
        "13,800,138,000 元",
        "3.1415926535897",
        "邮编 310012",
        "https://e.example.cn/campaigns/13800138000?x=0571-88776655",
        "第 88776655 号",
        "100%",
    ],
)
def test_every_other_number_stays(typed: str) -> None:
    assert masked(typed) == typed


def test_a_number_beside_the_address_of_a_page_is_masked() -> None:
    assert (
        masked("见 https://e.example.cn/13800138000，或打13800138000")
        == "见 https://e.example.cn/13800138000，或打…"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("她1990年3月7日出生在农村", True),
        ("出生日期：1990-03-07", True),
        ("生于1990年3月", True),
        ("出生年月1990.3", True),
        ("1990年3月7日参加工作", False),
        ("2019年出生率下降", False),
        ("她在1990年出生的那片土地上工作", False),
        ("生日会在3月7日举行", False),
    ],
)
def test_a_date_of_birth_is_found_and_other_dates_are_not(text: str, told: bool) -> None:
    assert has_birth(text) is told


def test_a_text_with_a_number_has_one() -> None:
    assert has_number("电话１３８００１３８０００")
    assert not has_number("抢修 138 次，用户 3000 户")
