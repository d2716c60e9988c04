"""A text that the browser printed is read back as it was typed: characters, paragraphs and counts."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from playwright.sync_api import Browser

from eventreg.nominations import wordcount
from eventreg.nominations.files import service

from .handing_in import HERS, hand_in, set_owner

pytestmark = pytest.mark.browser

TYPED = (
    ("h2", "青天集团先进女职工推荐材料"),
    (
        "p",
        (
            "王芳，女，一九九〇年五月出生，中共党员，现任青天集团市场部高级工程师、客户服务班班长。参加工作十六年来，她始终扎根生产一线，"
            "立足本职岗位，用心用情服务客户，先后获得集团“优秀共产党员”“三八红旗手”等荣誉称号，所带班组连续三年被评为“工人先锋号”。"
        ),
    ),
    (
        "p",
        (
            "她常说：“把小事办好，就是大事。”这句话朴实无华，却是她十六年如一日的真实写照。无论是凌晨两点的抢修电话，还是老旧小区里一位"
            "独居老人的一次咨询，她都耐心倾听、认真记录、逐项落实，从不推诿，从不敷衍。"
        ),
    ),
    ("h2", "一、勇于担当，主动承担重点任务"),
    (
        "p",
        (
            "二〇二三年，她带领八名同事完成了面向中小企业的 Cloud Office 产品推广，走访客户 326 家，收集意见 1,200 余条，推动整改问题"
            " 98 项，客户满意度达到 98.5%，较上年提高 4.3 个百分点，项目组因此获得集团创新成果一等奖，经验在全集团推广。"
        ),
    ),
    (
        "p",
        (
            "Her team’s motto is simple: don’t promise what you can’t deliver. The judges’ report said that “the office’s efficient "
            "workflow, first-class staff and well-defined offline procedures set a benchmark for the whole industry”, and recommended "
            "it to other utilities."
        ),
    ),
    ("h2", "二、甘于奉献，温暖身边的人"),
    ("p", "她发起成立“木棉花”女职工志愿服务队，现有队员 46 人，累计开展活动 120 余次："),
    ("li", "为社区独居老人安装智能用电监测装置 83 套；"),
    ("li", "为山区小学捐赠图书 2,600 册，建起“木棉花书屋”3 间；"),
    ("li", "组织女职工心理健康讲座 18 场，参加人数超过 900 人次。"),
    (
        "p",
        (
            "在同事眼里，她是严格的班长，也是贴心的大姐。新来的员工小李说：“芳姐教会我的，不只是业务，更是做人做事的道理。”面对荣誉，"
            "她总是笑着说，成绩是大家的，自己只是做了应该做的事。"
        ),
    ),
)
TEXT = "\n".join(text for _, text in TYPED)
FONTS = {"serif": "Noto Serif CJK SC", "sans": "Noto Sans CJK SC", "default": "sans-serif"}


def printed(chromium: Browser, style: str, *, heads: bool, size: str = "A4") -> bytes:
    """The text as a web page, printed as a PDF; with `heads` under the browser's own head and foot."""
    body = "".join(f"<{tag}>{html.escape(text, quote=False)}</{tag}>" for tag, text in TYPED)
    page = chromium.new_page()
    page.set_content(f'<html lang="zh-CN"><title>事迹</title><style>{style}</style>{body}</html>')
    made = page.pdf(format=size, display_header_footer=heads, margin={"top": "2cm", "bottom": "2cm"})
    page.close()
    return made


@pytest.mark.parametrize("heads", [False, True], ids=["bare", "heads"])
@pytest.mark.parametrize("font", FONTS.values(), ids=FONTS)
def test_it_is_read_back_as_it_was_typed(
    sqlite_app: Flask, chromium: Browser, font: str, heads: bool
) -> None:
    owner = set_owner(sqlite_app)
    style = f"body {{ font-family: '{font}'; text-align: justify }} p {{ text-indent: 2em }}"
    with sqlite_app.app_context():
        kept = hand_in(owner, printed(chromium, style, heads=heads, size="A5"), "事迹.pdf")
        found = service.extracted_text(kept.id, within=[HERS])

    assert found is not None
    assert [line.replace(" ", "") for line in found.text.split("\n")] == TEXT.replace(" ", "").split("\n")
    assert wordcount.count(found.text) == wordcount.count(TEXT)
    assert kept.zishu == wordcount.zishu(TEXT)
    assert kept.pages is not None
    assert found.removed == (2 * kept.pages if heads else 0)
