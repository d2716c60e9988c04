"""What the parts of teams, draws and forfeits show on the style guide page."""

from __future__ import annotations

from types import SimpleNamespace

from wtforms import Field, Form, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from .samples import LONG_NAME, LONG_UNIT


def _refused(_form: Form, _field: Field) -> None:
    raise ValidationError("没有放飞的组没有名次，请核对")


class FlightSample(Form):
    """One row of a form that is a table; its rank has an error."""

    flown = SelectField("放飞", choices=[SelectChoice("yes", "放飞了"), SelectChoice("no", "没有放飞")])
    rank = StringField("名次", [_refused])


def contest_samples() -> dict[str, object]:
    """Two teams, somebody left over, two forfeits, a draw, and a row with an error."""
    people = ((LONG_NAME, LONG_UNIT, ""), ("罗佳", "办公室", "未到"))
    form = FlightSample(data={"flown": "no", "rank": "2"}, prefix="flight-")
    form.validate()
    contest = SimpleNamespace(
        cards=[
            SimpleNamespace(title="第 1 组", note="", performs=True, members=people),
            SimpleNamespace(title="第 2 组", note="差 1 人", performs=False, members=people),
        ],
        over=people,
        lines=[
            ("第 1 组：罗佳、陈雨桐", "茉莉花", "done", "演过了", ""),
            (LONG_NAME, "", "excused", "免了", "嗓子哑了"),
        ],
        draw=SimpleNamespace(seed_hash="5e" * 32, seed="5eed" * 8, among=(1, 2, 3), order=(3, 1, 2)),
        rows=[("第 1 组", "zh-CN", LONG_NAME, [form.flown, form.rank])],
    )
    return {"contest": contest}
