"""The things the style guide page shows: one of each, in every state. For debugging only."""

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

from flask import Blueprint, render_template
from wtforms import BooleanField, Form, RadioField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

bp = Blueprint("style_guide", __name__)

CHINA = timezone(timedelta(hours=8))
LONG_NAME = (
    "阿依古丽·买买提艾力·吐尔逊阿洪·古丽巴哈尔·阿不都热依木·热"
    "孜万古丽·买合木提·阿迪力江·伊力哈木江·努尔曼·古丽娜尔"
)
LONG_UNIT = "城东供电服务中心柳林镇中心供电所配电运行维护与带电作业综合二班（含柳林东片区）"


class GuideForm(Form):
    """A form with one field of each sort; bound to bad input it shows their errors."""

    name = StringField("姓名", [InputRequired("姓名还没有填。请填上")])
    phone = TelField(
        "手机号",
        [Length(min=11, max=11, message="这里是 10 位，少了 1 位。请补全，例如 13800138000")],
        description="只用于当天联系，11 位数字",
    )
    ride = RadioField(
        "怎么去景区",
        [InputRequired("还没有选。请选一种")],
        choices=[SelectChoice("bus", "坐班车"), SelectChoice("own", "自己去")],
    )
    remark = TextAreaField("备注", description="例如饮食或行动上需要照顾的地方")
    consent = BooleanField("我读过并同意个人信息说明", [InputRequired("要参加，请先同意个人信息说明")])


def filled_form() -> GuideForm:
    return GuideForm(data={"name": LONG_NAME, "phone": "13800138000", "ride": "bus"}, prefix="ok-")


def refused_form() -> GuideForm:
    form = GuideForm(data={"phone": "1380013800"}, prefix="bad-")
    form.validate()
    return form


def guide_samples() -> dict[str, object]:
    """The variables of the template site/ui.html."""
    starts_at = datetime(2027, 3, 4, 9, tzinfo=CHINA)
    campaign = SimpleNamespace(
        title="踏春嘉年华、健康伴我行",
        lang="zh-CN",
        starts_at=starts_at,
        tentative=True,
        place="青龙湖风景区东门",
        meeting="公司南门 08:20",
    )
    receipt = SimpleNamespace(
        state="seated",
        arrival=19,
        position=3,
        waiting_total=5,
        ahead=2,
        name=LONG_NAME,
        unit=LONG_UNIT,
        answers=[("班车", "1 号车")],
        code="7K2M-9QXD",
        qr={"size": 12, "path": "M4 4h4v4h-4z"},
    )
    return {
        "filled": filled_form(),
        "refused": refused_form(),
        "c": campaign,
        "r": receipt,
        "agenda_entries": [
            (starts_at, "徒步游", "不少于 1500 米，限时 30 分钟。"),
            (starts_at + timedelta(hours=1), "风筝赛", None),
        ],
        "people": [
            SimpleNamespace(id=1, name=LONG_NAME, staff_no="A0001", note="上次发于 2月20日(周六)"),
            SimpleNamespace(id=2, name="罗佳", staff_no="A0002", note=None),
        ],
        "managed": managed_samples(starts_at),
        **people_samples(starts_at),
        **letter_samples(),
        "award": award_samples(),
        "slips": [SimpleNamespace(name=LONG_NAME, code="48206173", valid_until=starts_at)],
    }


def award_samples() -> SimpleNamespace:
    """A quota table with a figure that is wrong, a department's list, a text that is short, enough, too long."""

    class Row(Form):
        places = StringField("名额", render_kw={"inputmode": "numeric", "maxlength": 9})
        reason = StringField("改动的原因", [InputRequired("请写明原因")], render_kw={"maxlength": 60})

    good, bad = (
        Row(data={"places": "2", "reason": "商定"}, prefix="a-"),
        Row(data={"places": "3"}, prefix="b-"),
    )
    bad.validate()
    line = SimpleNamespace(unit=LONG_UNIT, women=16, filled=1, remaining=1, drafts=1)
    texts = (("short", 916, "还差 84 字"), ("full", 1000, "够了"), ("over", 3001, "多了 1 字"))
    figures = {"least": 1000, "most": 3000, "counted": "zishu", "unit": "字", "figures": "字数 916，汉字 790"}
    named = {"name": LONG_NAME, "said": "2月23日(周二) 14:05", "url": "#top"}
    return SimpleNamespace(
        rows=[(line, good.places, good.reason), (line, bad.places, bad.reason)],
        total=5,
        women=32,
        filled=2,
        nominees=[
            SimpleNamespace(**named, state=("seated", "已提交"), up_url=None),
            SimpleNamespace(**named, state=("waiting", "草稿"), up_url="#top"),
        ],
        counters=[SimpleNamespace(look=look, figure=n, say=say, **figures) for look, n, say in texts],
    )


def letter_samples() -> dict[str, object]:
    """A letter with everything in it, and what can be put into one."""
    content = SimpleNamespace(
        subject="已报上：踏春嘉年华、健康伴我行",
        heading="已报上，第 19 号",
        lines=(f"{LONG_NAME}，到场出示下面的二维码。",),
        facts=(("活动", "踏春嘉年华、健康伴我行"), ("地点", LONG_UNIT)),
        action=("查看我的票", "#top"),
        state="seated",
    )
    return {
        "letters": [SimpleNamespace(lang="zh-CN", tongue="中文", content=content, qr=True)] * 2,
        "letter_placeholders": [
            SimpleNamespace(zh="{{活动}}", en="{{campaign}}", meaning="活动的名称", limit=""),
            SimpleNamespace(zh="{{姓名}}", en="{{name}}", meaning="收信人的姓名", limit="只能放在正文"),
        ],
    }


def people_samples(at: datetime) -> dict[str, object]:
    """What the pages about people are made of."""
    lines = ("工号 A0001", (LONG_UNIT, "zh-CN"))
    named = {"title": LONG_NAME, "lang": "zh-CN", "lines": lines}
    line = SimpleNamespace(name=LONG_NAME, staff_no="A0001", what=f"单位 营销部 → {LONG_UNIT}")
    return {
        "records_shown": [
            SimpleNamespace(**named, state=("seated", "已发出"), url="#top", form_url=""),
            SimpleNamespace(**named, state=("withdrawn", "已结束"), url="", form_url=""),
            SimpleNamespace(**named, state=None, url="", form_url="#top"),
        ],
        "imported": SimpleNamespace(
            group=SimpleNamespace(word="调动", count=1, lines=[line], more=2),
            bad=[
                SimpleNamespace(
                    line=7, column="邮箱", value="a@b", why="邮箱写得不完整，例如 name@example.cn"
                )
            ],
        ),
        "told": [
            SimpleNamespace(what="授予角色：组织者", who=LONG_NAME, at=at),
            SimpleNamespace(what="发布活动", who="控制台", at=at),
        ],
    }


def managed_samples(at: datetime) -> SimpleNamespace:
    """What an organiser's pages are made of."""
    camp = {
        "title": "踏春嘉年华、健康伴我行",
        "lang": "zh-CN",
        "when": "3月4日(周四) 09:00",
        "tentative": True,
    }
    counts = {
        "closes_at": at,
        "stage": "open",
        "stage_word": "报名中",
        "nominations": False,
        "taken": 18,
        "capacity": 30,
    }
    links = {
        "waiting": 2,
        "plan_url": "#top",
        "roster_url": "#top",
        "sheet_url": "#top",
        "devices_url": "#top",
    }
    return SimpleNamespace(
        rail=[SimpleNamespace(icon="people", text="报名名单", url="#top", here=True)],
        camp=SimpleNamespace(**camp, **counts, **links),
        matters=matter_samples(),
        parts=part_samples(),
        reminders=reminder_samples(),
        standing_counts=standing_samples(),
        robot_samples=robot_samples(),
        wanted=SimpleNamespace(text="单", state="seated", unit_id=1),
        rows=roster_samples(),
        page=SimpleNamespace(number=2, pages=3, before_url="#top", after_url="#top"),
    )


def roster_samples() -> list[SimpleNamespace]:
    """Lines of a roster: the longest name, and somebody who left."""
    return [
        SimpleNamespace(
            arrival=n,
            name=name,
            unit=LONG_UNIT,
            state=state,
            at="2月22日(周一) 09:00:03",
            answers=said,
            history_url="#top",
        )
        for n, name, state, said in (
            (1, LONG_NAME, "seated", ("13800138000", "")),
            (2, "刘洋", "withdrawn", ("", "请留前排")),
        )
    ]


def matter_samples() -> list[SimpleNamespace]:
    """What needs attention, in each tone."""
    return [
        SimpleNamespace(
            sign=sign,
            tone=tone,
            title="还没有签到手机",
            about=LONG_UNIT,
            lang="zh-CN",
            text="明天要扫码签到。请先给一台手机配对。",
            button="配对手机",
            url="#top",
        )
        for sign, tone in (("key", "refused"), ("cloud-sun", "waiting"), ("hourglass-split", "offered"))
    ]


def part_samples() -> list[SimpleNamespace]:
    """Lines of a plan, with all buttons and with one."""
    return [
        SimpleNamespace(
            title=title,
            text="徒步，3月4日(周四)，暂定",
            url="#top",
            lang="zh-CN",
            open=way == "#top",
            up_url=way,
            off_url=way,
        )
        for title, way in (("徒步游", "#top"), (LONG_NAME, None))
    ]


def reminder_samples() -> list[SimpleNamespace]:
    """Rules that wait, are done, and are off."""
    ways = ("url", "letter_url", "switch_url", "off_url")
    return [
        SimpleNamespace(
            when=when,
            to="发给报上的人",
            lines=lines,
            state=state,
            on=on,
            switch="停下",
            **dict.fromkeys(ways, "#top"),
        )
        for when, lines, state, on in (
            ("活动开始前 3 天，09:00", ("2027年3月1日 09:00", "现在是 18 人"), ("waiting", "到时候发"), True),
            (f"“{LONG_NAME}”开始前 2 小时", ("2027年3月4日 07:00",), ("seated", "已发给 18 人"), True),
            ("报名截止前 1 天，09:00", (), ("lapsed", "停着"), False),
        )
    ]


def robot_samples() -> list[SimpleNamespace]:
    """A robot that speaks, and one of a long name that is off."""
    ways = ("news_url", "switch_url", "test_url", "off_url")
    news = (("activity", "日程有变", True), ("places", "名额", False))
    return [
        SimpleNamespace(
            id=n,
            name=name,
            where=where,
            lines=("最近一条：已发出",),
            state=state,
            news=news,
            on=on,
            switch="停下",
            **dict.fromkeys(ways, "#top"),
        )
        for n, name, where, state, on in (
            (1, "工会小组长群", "企业微信，qyapi.weixin.qq.com …a1b2", ("seated", "启用"), True),
            (2, LONG_NAME, "钉钉，oapi.dingtalk.com …c3d4", ("lapsed", "停着"), False),
        )
    ]


def standing_samples() -> list[SimpleNamespace]:
    """Counts above a list of letters: one chosen, one in trouble, a large one."""
    told = (
        ("all", "全部", 10_018),
        ("sent", "已发出", 10_000),
        ("queued", "等待发出", 6),
        ("failed", "没有送达", 12),
    )
    return [SimpleNamespace(code=c, word=w, count=n, url="#top", here=c == "sent") for c, w, n in told]


@bp.get("/_ui")
def guide() -> str:
    """Every part in every state; there only while debugging."""
    return render_template("site/ui.html", **guide_samples())
