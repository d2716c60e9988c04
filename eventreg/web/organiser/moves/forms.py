"""The form of new dates for one or several activities, and the form of what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import BooleanField, Field, RadioField, StringField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.rules import ScheduleState, has_begun
from eventreg.core.errors import Refused
from eventreg.registrations.announcing import MoveTerms
from eventreg.web.forms.deadline_field import DeadlineField
from eventreg.web.forms.plain_form import RequiredField, SometimesRequired
from eventreg.web.forms.plan_form import CLOCK, DAY, MOMENT, PlanForm, local_moment, one_of, zone_hint
from eventreg.web.organiser.activities.hours import read_times
from eventreg.words import kind_words

NOTE_MOST = 200
ASK, TELL = "ask", "tell"


class MoveForm(PlanForm):
    """New dates: `what` for all activities; fields `day_ID`, `starts_ID`, `ends_ID`, `place_ID`, `cancel_ID` of each.

    If all activities are on one day, one field `day` stands for all.
    """

    what = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    activities: Sequence[ActivityFacts] = ()
    common_day = False

    def fields_of(self, activity: ActivityFacts) -> dict[str, Field]:
        """The fields of one activity by name."""
        return {name: self[f"{name}_{activity.id}"] for name in ("starts", "ends", "place", "cancel")} | (
            {} if self.common_day else {"day": self[f"day_{activity.id}"]}
        )

    @property
    def some_cancelled(self) -> bool:
        """Whether an activity is ticked to be cancelled."""
        return any(self[f"cancel_{activity.id}"].data for activity in self.activities)

    def read(self, zone: ZoneInfo) -> dict[int, NewActivity]:
        """The activities as they are to be; meaningless if a field has an error."""
        what = ScheduleState(self.take("what", partial(one_of, known=kind_words.SCHEDULES), "moved"))
        return {activity.id: self._read(activity, what, zone) for activity in self.activities}

    def _read(self, activity: ActivityFacts, what: ScheduleState, zone: ZoneInfo) -> NewActivity:
        id_ = activity.id
        day = "day" if self.common_day else f"day_{id_}"
        starts_at, ends_at, known = read_times(
            self, zone, day=day, starts=f"starts_{id_}", ends=f"ends_{id_}"
        )
        place = self.take(f"place_{id_}", partial(checks.line, most=120, required=False), "") or None
        if what is ScheduleState.CANCELLED or self[f"cancel_{id_}"].data:
            return as_wanted(activity, schedule=ScheduleState.CANCELLED)
        wanted = as_wanted(
            activity, starts_at=starts_at, ends_at=ends_at, time_known=known, place=place, schedule=what
        )
        return replace(wanted, schedule=_schedule_of(activity, wanted))

    def say_refused(
        self,
        refused: Refused,
        instead: str = "",
        *,
        fields: Mapping[str, str] = {},
    ) -> None:
        """Show a refusal at the field of the activity that it names."""
        name, id_ = refused.facts.get("field"), refused.facts.get("activity")
        if f"{name}_{id_}" in self:
            refused = Refused(refused.code, **{**refused.facts, "field": f"{name}_{id_}"})
        super().say_refused(refused, instead, fields=fields)


class TermsForm(PlanForm):
    """What follows from new dates: whether people are asked to confirm and until when, and what would lie too late."""

    asks = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    confirm_by = DeadlineField(validators=[SometimesRequired()], render_kw=MOMENT)
    meant = BooleanField()
    note = StringField(render_kw={"maxlength": NOTE_MOST})
    closes_at = DeadlineField(validators=[SometimesRequired()], render_kw=MOMENT)
    pools_end_at = DeadlineField(validators=[SometimesRequired()], render_kw=MOMENT)

    def read(self, zone: ZoneInfo) -> MoveTerms:
        """The typed values; meaningless if a field has an error."""
        asks = self.take("asks", partial(one_of, known={ASK: "", TELL: ""}), TELL)
        return MoveTerms(
            confirm_by=self._moment("confirm_by", zone, missing="plan.confirm_missing")
            if asks == ASK
            else None,
            meant=bool(self.meant.data),
            note=self.take("note", partial(checks.line, most=NOTE_MOST, required=False), ""),
            closes_at=self._moment("closes_at", zone),
            pools_end_at=self._moment("pools_end_at", zone),
        )

    def _moment(self, name: str, zone: ZoneInfo, *, missing: str = "") -> datetime | None:
        if not (self[name].data or "").strip():
            if missing:
                self.say(name, missing)
            return None
        return self.take(name, partial(checks.moment, zone=zone), None)


def movable(found: CampaignFacts, *, now: datetime) -> list[ActivityFacts]:
    """The activities whose dates can be changed: those that have not begun."""
    return [activity for activity in found.activities if not has_begun(activity, now=now)]


def as_wanted(activity: ActivityFacts, **changes: object) -> NewActivity:
    """An activity with some of it changed, as it is to be."""
    whole = NewActivity(
        activity.kind,
        activity.title,
        activity.starts_at,
        activity.ends_at,
        activity.time_known,
        activity.schedule,
        activity.parameters,
        activity.place,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def move_form(found: CampaignFacts, *, now: datetime) -> MoveForm:
    """The form with the dates as they are now."""
    activities = movable(found, now=now)
    days = {activity.starts_at.date() for activity in activities}
    common = len(days) == 1
    # Where all is cancelled, whoever opens this wants to put it back: the ticks would win over that.
    some_held = any(activity.schedule is not ScheduleState.CANCELLED for activity in activities)
    fields: dict[str, object] = {"activities": activities, "common_day": common}
    if common:
        fields["day"] = StringField(validators=[RequiredField()], render_kw=DAY)
    data: dict[str, object] = {"version": str(found.version), "what": str(ScheduleState.MOVED)}
    for activity in activities:
        fields |= _fields(activity, common=common)
        data |= _data(activity) | {
            f"cancel_{activity.id}": activity.schedule is ScheduleState.CANCELLED and some_held
        }
    if common:
        data["day"] = days.pop().isoformat()
    form: MoveForm = type("MoveForm", (MoveForm,), fields)(data=data)
    form.what.choices = [(str(s), kind_words.SCHEDULES[str(s)]()) for s in WHAT]
    form.word(("what", _("怎么变"), ""))
    if common:
        form.word(("day", _("日期"), zone_hint(found.zone)))
    for activity in activities:
        _word(form, activity, found, common=common)
    return form


# Cancelling is set apart: a tick for each activity at the end of the form.
WHAT = (ScheduleState.MOVED, ScheduleState.CONFIRMED, ScheduleState.TENTATIVE)


def _fields(activity: ActivityFacts, *, common: bool) -> dict[str, object]:
    id_ = activity.id
    fields: dict[str, object] = {
        f"starts_{id_}": StringField(render_kw=CLOCK),
        f"ends_{id_}": StringField(render_kw=CLOCK),
        f"place_{id_}": StringField(render_kw={"maxlength": 120}),
        f"cancel_{id_}": BooleanField(),
    }
    day = {f"day_{id_}": StringField(validators=[RequiredField()], render_kw=DAY)}
    return fields if common else day | fields


def _data(activity: ActivityFacts) -> dict[str, object]:
    id_, hours = activity.id, activity.time_known
    return {
        f"day_{id_}": activity.starts_at.date().isoformat(),
        f"starts_{id_}": f"{activity.starts_at:%H:%M}" if hours else "",
        f"ends_{id_}": f"{activity.ends_at:%H:%M}" if hours else "",
        f"place_{id_}": activity.place or "",
    }


def _word(form: MoveForm, activity: ActivityFacts, found: CampaignFacts, *, common: bool) -> None:
    id_ = activity.id
    form.word(
        (f"starts_{id_}", _("开始"), _("还没定就不填，页面上是“时间另行通知”")),
        (f"ends_{id_}", _("结束"), ""),
        (f"place_{id_}", _("地点"), _("还没定就不填，页面上是“另行通知”")),
        (f"cancel_{id_}", _("取消“%(title)s”", title=activity.title), ""),
    )
    if not common:
        form.word((f"day_{id_}", _("日期"), zone_hint(found.zone)))


def _schedule_of(activity: ActivityFacts, wanted: NewActivity) -> ScheduleState:
    """What an activity's schedule becomes: one that stays where it is, is not called moved."""
    stays = (wanted.starts_at, wanted.ends_at, wanted.time_known) == (
        activity.starts_at,
        activity.ends_at,
        activity.time_known,
    )
    was_off = activity.schedule is ScheduleState.CANCELLED
    return (
        activity.schedule
        if wanted.schedule is ScheduleState.MOVED and stays and not was_off
        else wanted.schedule
    )


def terms_form(found: CampaignFacts, *, asks: bool, suggested: datetime | None) -> TermsForm:
    """The form of what follows; `asks` is whether people are asked to confirm unless the organiser decides otherwise."""
    form = TermsForm(
        data={
            "version": str(found.version),
            "asks": ASK if asks else TELL,
            "confirm_by": local_moment(suggested) if suggested else "",
        }
    )
    form.asks.choices = [(ASK, _("请报上的人重新确认")), (TELL, _("不用确认，只通知"))]
    form.word(
        ("asks", _("报上的人要不要重新确认"), ""),
        ("confirm_by", _("到什么时候以前确认"), zone_hint(found.zone)),
        ("meant", _("不到 7 个小时，来不及通知到的人保留名额，就这样定"), ""),
        ("note", _("告诉大家的一句话"), _("写在邮件和活动页面上，例如“明天有雨，改到后天”")),
        ("closes_at", _("报名截止"), _("要早于新的开始时间")),
        ("pools_end_at", _("名额规则到什么时候为止"), _("要早于新的开始时间")),
    )
    return form
