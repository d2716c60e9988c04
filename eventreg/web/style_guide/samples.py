"""More of what the style guide shows: awards, letters, reminders, robots. For debugging only."""

from types import SimpleNamespace

from wtforms import Form, StringField
from wtforms.validators import InputRequired

from eventreg.web.organiser.figures import charts
from eventreg.web.organiser.figures.charts import BarInput

LONG_NAME = (
    "阿依古丽·买买提艾力·吐尔逊阿洪·古丽巴哈尔·阿不都热依木·热"
    "孜万古丽·买合木提·阿迪力江·伊力哈木江·努尔曼·古丽娜尔"
)
LONG_UNIT = "城东供电服务中心柳林镇中心供电所配电运行维护与带电作业综合二班（含柳林东片区）"


def award_samples() -> SimpleNamespace:
    """A quota table with a wrong number, a department's list, texts that are too short, long enough and too long."""

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
        papers=paper_samples(),
        counters=[SimpleNamespace(look=look, figure=n, say=say, **figures) for look, n, say in texts],
    )


def signing_samples() -> SimpleNamespace:
    """Changed passages, and a nominee's consent in each state."""
    pieces = (
        ("same", "她一直守在"),
        ("removed", "柜台"),
        ("added", LONG_UNIT),
        ("gap", "…"),
        ("same", "的身边。"),
    )
    told = (("姓名", LONG_NAME), ("单位", LONG_UNIT))
    states = (
        ("waiting", "等你回复"),
        ("seated", "已同意"),
        ("refused", "不同意"),
        ("withdrawn", "已撤回同意"),
    )
    return SimpleNamespace(
        changes=[
            SimpleNamespace(
                label="事迹材料",
                pieces=[SimpleNamespace(change=change, text=text) for change, text in pieces],
            )
        ],
        purposes=[
            SimpleNamespace(
                code=f"guide-{look}",
                name="公示",
                why="入围以后，全体职工看得到下面这些。",
                told=told,
                deeds="",
                digest="x",
                state=(look, word),
                since="2月23日(周二) 14:05",
                asked=look == "waiting",
                lead=look == "waiting",
                given=look == "seated",
            )
            for look, word in states
        ],
    )


def paper_samples() -> list[SimpleNamespace]:
    """A document that was read, a scan that waits, a late file."""
    shown = (
        (
            "事迹材料.docx",
            "事迹材料",
            (".docx，字数 1016", "38 KB 2月23日(周二) 14:05"),
            ("seated", "已识别"),
            "#top",
        ),
        (
            f"{LONG_NAME}.pdf",
            "产生过程的记录",
            ("2.4 MB 2月23日(周二) 14:05",),
            ("waiting", "还没有读，过一分钟再看"),
            "",
        ),
        (
            "照片.jpg",
            "佐证材料",
            (".jpg", "25.0 MB 2月27日(周六) 00:11"),
            ("lapsed", "截止以后传的，不算"),
            "",
        ),
    )
    return [
        SimpleNamespace(
            name=name, part=part, lines=lines, state=state, url="#top", text_url=text, drop_url="#top"
        )
        for name, part, lines, state, text in shown
    ]


def letter_samples() -> dict[str, object]:
    """A letter with all its parts, and placeholders."""
    content = SimpleNamespace(
        subject="已报上：踏春嘉年华、健康伴我行",
        heading="已报上，编号 19",
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
    """A robot that is on, and one with a long name that is off."""
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


def screening_samples() -> dict[str, object]:
    """HR's queue, what was checked, limits and groups: fine, open and in the way."""
    checks = [
        SimpleNamespace(look=look, word=word, found=found)
        for look, word, found in (
            ("seated", "在职，是本单位的人", ""),
            ("waiting", "纸质材料收讫", "收到的是第 3 版，现在是第 5 版"),
            ("refused", "部门负责人签字", "这一版还没有签字"),
        )
    ]
    line = {"name": LONG_NAME, "url": "#top", "said": f"{LONG_UNIT}，2月23日(周二) 14:05 提交，字数 1204"}
    bar = {"said": "3 人，共 10 人（30%），要求不超过 20%，不符合", "count": 3, "of": 10, "drop_url": "#top"}
    return {
        "checks": checks,
        "screened": [
            SimpleNamespace(**line, state=("seated", "已提交"), open=(), value="1:2"),
            SimpleNamespace(**line, state=("waiting", "退回补正"), open=checks[1:], value=""),
        ],
        "limits": [
            SimpleNamespace(**bar, what=w, look=k)
            for w, k in ((LONG_UNIT, "seated"), ("岗位有“经理”", "refused"))
        ],
        "groups": [(LONG_UNIT, 12, 3), ("营销部", 2, 0)],
    }


def figure_samples() -> SimpleNamespace:
    """A drawing of columns and one of bars, with their tables."""
    days = [("2/20", 3), ("2/21", 0), ("2/22", 14), ("2/23", 1)]
    bars = [
        BarInput("1 号车", 20, 18, 20, "18 / 20，候补 2"),
        BarInput(LONG_UNIT, 4, 4, 20, "4 / 20"),
    ]
    table = SimpleNamespace(heads=("选项", "人数"), lines=(("1 号车", "18"), (LONG_UNIT, "4")))
    return SimpleNamespace(
        columns=SimpleNamespace(
            heading="每天的报名", chart=charts.columns("guide-days", "每天的报名", "共 18 人次报名。", days),
            table=table, lang="zh-CN",
        ),
        bars=SimpleNamespace(
            heading="坐几号车", chart=charts.bars("guide-bars", "坐几号车", "22 人填了。", bars),
            table=table, lang="zh-CN",
        ),
    )  # fmt: skip
