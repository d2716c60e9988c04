"""The form of a quota table: the rule, and the places of each department with a reason for changes by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import Field, RadioField, SelectField, StringField

from eventreg.campaigns import checks
from eventreg.core.errors import Refused
from eventreg.nominations.quota_allotment import MOST, AllotmentMethod, AllotmentRule, allot
from eventreg.nominations.quotas import QuotaLine, QuotaRequest
from eventreg.web.forms.deadline_field import DeadlineField
from eventreg.web.forms.plain_form import RequiredField, saying_at
from eventreg.web.forms.plan_form import MOMENT, WHOLE, PlanForm, zone_hint
from eventreg.words.award import award_words

REASON_MOST = 60


class QuotaForm(PlanForm):
    """The table; `lines` are its departments, with two fields each: `places_ID` and `reason_ID`."""

    method = RadioField(choices=[], validate_choice=False)
    total = StringField(render_kw=WHOLE)
    number = StringField(render_kw=WHOLE)
    lines: Sequence[QuotaLine] = ()

    @property
    def rows(self) -> list[tuple[QuotaLine, Field, Field]]:
        """Each department with its fields."""
        return [(line, self[f"places_{line.unit_id}"], self[f"reason_{line.unit_id}"]) for line in self.lines]

    def rule(self) -> AllotmentRule | None:
        """The chosen rule, None for a table by hand; errors are shown at their fields."""
        if self.method.data not in set(AllotmentMethod):
            return None
        number = partial(checks.maybe_number, least=0, most=MOST)
        total, each = self.take("total", number, None), self.take("number", number, None)
        return AllotmentRule(AllotmentMethod(self.method.data), total or 0, each or 0)

    def calculate(self) -> None:
        """Fill in the places by the rule and clear the reasons."""
        rule = self.rule()
        made = self._made(rule) if not self.errors else None
        if rule is None:
            self.say("method", "typed.choice")
        for (_line, places, reason), count in zip(self.rows, made or (), strict=False):
            places.data, reason.data = str(count), ""

    def recount(self) -> None:
        """Check the numbers that were typed, so that the page can add them up."""
        for _line, places, _reason in self.rows:
            self.take(places.name, _places, 0)

    @property
    def places_total(self) -> int:
        """The sum of the places in the form; what is no number counts as 0."""
        return sum(_counted(places.data or "") for _line, places, _reason in self.rows)

    def read(self) -> tuple[dict[int, QuotaRequest], AllotmentRule | None]:
        """The typed table; meaningless if a field has an error."""
        rule = self.rule()
        made = self._made(rule) if rule and not self.errors else None
        wanted: dict[int, QuotaRequest] = {}
        for n, (line, places, reason) in enumerate(self.rows):
            count = self.take(places.name, _places, 0)
            why = self.take(reason.name, partial(checks.line, most=REASON_MOST, required=False), "")
            by_rule = made[n] if made else 0
            if count != by_rule and not why and not reason.errors:
                self.say(reason.name, "quota.reason_missing")
            wanted[line.unit_id] = QuotaRequest(count, why)
        return wanted, rule

    def fill(self, brought: Mapping[int, QuotaRequest]) -> None:
        """Fill in the values of a file, to be reviewed and saved."""
        for line, places, reason in self.rows:
            if wish := brought.get(line.unit_id):
                places.data, reason.data = str(wish.places), wish.reason

    def _made(self, rule: AllotmentRule | None) -> list[int] | None:
        with saying_at(self):
            return allot([line.women for line in self.lines], rule) if rule else None
        return None


def quota_form(
    version: int, lines: Sequence[QuotaLine], rule: AllotmentRule | None, *, sent: bool = True
) -> QuotaForm:
    """The form, filled from the table, and from the request if this form was sent."""
    made: dict[str, Any] = {"lines": lines}
    for line in lines:
        made[f"places_{line.unit_id}"] = StringField(render_kw=WHOLE)
        made[f"reason_{line.unit_id}"] = StringField(render_kw={"maxlength": REASON_MOST})
    form: QuotaForm = type("QuotaForm", (QuotaForm,), made)(**_from(_known(version, lines, rule), sent=sent))
    form.method.choices = [(key, word()) for key, (word, _hint) in award_words.METHODS.items()]
    form.word(
        ("method", _("怎么分"), ""),
        ("total", _("一共几个名额"), _("“每满 N 人分配 1 名”不用填")),
        ("number", _("保底几个，或者每满几人"), _("“按比例”不用填")),
    )
    for line in lines:
        form.word((f"places_{line.unit_id}", _("名额"), ""), (f"reason_{line.unit_id}", _("改动的原因"), ""))
    return form


class ExtensionForm(PlanForm):
    """A later deadline for one department."""

    unit = SelectField(validators=[RequiredField()], choices=[], validate_choice=False)
    until = DeadlineField(validators=[RequiredField()], render_kw=MOMENT)

    def read(self, zone: ZoneInfo, *, now: datetime) -> tuple[int, datetime]:
        """The department's id and the instant; meaningless if a field has an error."""
        unit_id = self.take("unit", partial(_unit, known=self.unit.choices), 0)
        return unit_id, self.take("until", partial(checks.moment, zone=zone), now)


def extension_form(
    version: int, lines: Sequence[QuotaLine], zone: ZoneInfo, *, sent: bool = True
) -> ExtensionForm:
    """The form in the reader's language; `sent` says that this form of the page was sent."""
    form = ExtensionForm(**_from({"version": str(version)}, sent=sent), prefix="extension-")
    units = {str(line.unit_id): line.unit for line in lines if line.places}
    form.unit.choices = {"": _("选一个单位")} | units
    form.word(("unit", _("单位"), ""), ("until", _("可以提交到"), zone_hint(zone)))
    return form


def details() -> dict[str, str]:
    """The second line of each method of allotment."""
    return {key: hint() for key, (_word, hint) in award_words.METHODS.items()}


def _from(known: dict[str, str], *, sent: bool) -> dict[str, Any]:
    """The form data: the request's fields if this form was sent, else none."""
    return {"data": known} if sent else {"formdata": None, "data": known}


def _known(version: int, lines: Sequence[QuotaLine], rule: AllotmentRule | None) -> dict[str, str]:
    known = {"version": str(version)}
    if rule:
        known |= {
            "method": str(rule.method),
            "total": str(rule.total or ""),
            "number": str(rule.number or ""),
        }
    for line in lines:
        known |= {f"places_{line.unit_id}": str(line.places), f"reason_{line.unit_id}": line.reason}
    return known


def _places(typed: str) -> int:
    return checks.maybe_number(typed, least=0, most=MOST) or 0


def _counted(typed: str) -> int:
    try:
        return _places(typed)
    except Refused:
        return 0


def _unit(typed: str, *, known: Mapping[str, str]) -> int:
    if not typed or typed not in known:
        raise Refused("quota.unit_missing")
    return int(typed)
