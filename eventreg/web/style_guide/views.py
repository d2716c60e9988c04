"""The things the style guide page shows: one of each, in every state. For debugging only."""

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

from flask import Blueprint, render_template
from wtforms import BooleanField, Form, RadioField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from eventreg.web.employee.public import view_models as campaign_view_models
from eventreg.web.employee.registrations.receipts import queue_of

from .contest_samples import contest_samples
from .samples import LONG_NAME as LONG_NAME
from .samples import LONG_UNIT as LONG_UNIT
from .samples import (
    award_samples,
    figure_samples,
    letter_samples,
    reminder_samples,
    robot_samples,
    screening_samples,
    signing_samples,
    standing_samples,
)

bp = Blueprint("style_guide", __name__)

CHINA = timezone(timedelta(hours=8))


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
    """The variables of the template style_guide/ui.html."""
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
        "queues": [queue_of(3, 5), queue_of(1, 1), queue_of(20, 40)],
        "agenda_entries": agenda_samples(starts_at),
        "people": [
            SimpleNamespace(id=1, name=LONG_NAME, staff_no="A0001", note="上次发于 2月20日(周六)"),
            SimpleNamespace(id=2, name="罗佳", staff_no="A0002", note=None),
        ],
        "managed": managed_samples(starts_at),
        **people_samples(starts_at),
        **letter_samples() | contest_samples(),
        "award": award_samples(),
        "signing": signing_samples(),
        "screening": screening_samples(),
        "figures": figure_samples(),
        "slips": [SimpleNamespace(name=LONG_NAME, code="48206173", valid_until=starts_at)],
    }


def agenda_samples(at: datetime) -> list[campaign_view_models.ActivityStop]:
    """A stop whose hour is open, and one that was called off."""
    return [
        campaign_view_models.ActivityStop(None, at, "徒步游", "不少于 1500 米，限时 30 分钟。"),
        campaign_view_models.ActivityStop(at, at + timedelta(hours=1), "风筝赛", "", cancelled=True),
    ]


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
            SimpleNamespace(what="发布了活动", who="控制台", at=at),
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
        "present": "到场 18 / 30",
        "plan_url": "#top",
        "roster_url": "#top",
        "sheet_url": "#top",
        "devices_url": "#top",
    }
    return SimpleNamespace(
        side_nav=[SimpleNamespace(icon="people", text="报名名单", url="#top", here=True)],
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
            visits=("入场 08:52，景区东门", "终点 10:27，望江亭") if state == "seated" else (),
            history_url="#top",
            ticket_url="#top",
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


@bp.get("/_ui")
def guide() -> str:
    """Every part in every state; there only while debugging."""
    return render_template("style_guide/ui.html", **guide_samples())
