"""The form of an award's timetable: two days for each stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from wtforms import StringField

from eventreg.campaigns import checks
from eventreg.campaigns.stages.rules import StageCode, StageDays, Timetable
from eventreg.core.errors import Refused
from eventreg.web.forms.plan_form import DAY, PlanForm


class StagesForm(PlanForm):
    """The days of the stages; a stage with both fields blank has no days yet."""

    def read(self) -> dict[StageCode, StageDays]:
        """The typed days; meaningless if a field has an error."""
        found = {}
        for stage in StageCode:
            first, last = (self._day(f"{stage}_{part}") for part in ("first", "last"))
            if first or last:
                found[stage] = StageDays(first or last or date.max, last or first or date.max)
        return found

    def _day(self, name: str) -> date | None:
        typed = (self[name].data or "").strip()
        if not typed:
            return None
        try:
            return checks.day(typed)
        except Refused as refused:
            self.say(name, refused.code, **refused.facts)
            return None


for _stage in StageCode:
    for _part in ("first", "last"):
        setattr(StagesForm, f"{_stage}_{_part}", StringField(render_kw=DAY))


@dataclass(frozen=True, slots=True)
class StageFields:
    """A stage's name and its two fields, for the page."""

    code: str
    name: str
    first: StringField
    last: StringField


def stages_form(timetable: Timetable, version: int) -> StagesForm:
    """The form, filled from the timetable."""
    known = {f"{stage}_first": days.starts_on.isoformat() for stage, days in timetable.items()}
    known |= {f"{stage}_last": days.ends_on.isoformat() for stage, days in timetable.items()}
    form = StagesForm(data={**known, "version": str(version)})
    for stage in StageCode:
        form.word((f"{stage}_first", _("从哪天起"), ""), (f"{stage}_last", _("到哪天为止"), ""))
    return form
