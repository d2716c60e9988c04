"""The form of a campaign's places: the admission policy, and the places of units."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import Field, HiddenField, RadioField, SelectField, StringField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.policy import (
    WITH_END,
    AdmissionTerms,
    Allotment,
    Policy,
    admission_of,
    pools_of_policy,
)
from eventreg.campaigns.service import allotment_reasons
from eventreg.core.errors import Refused
from eventreg.nominations.quota_allotment import AllotmentMethod, AllotmentRule, allot
from eventreg.people.units import Department
from eventreg.web.forms.deadline_field import DeadlineField
from eventreg.web.forms.plain_form import RequiredField, SometimesRequired, saying_at
from eventreg.web.forms.plan_form import MOMENT, WHOLE, PlanForm, local_moment, one_of, zone_hint
from eventreg.web.forms.returned_forms import kept_here
from eventreg.web.organiser.activities.forms import PLACES_MOST, ROWS_MOST

REASON_MOST = 60


class PlacesForm(PlanForm):
    """The number of places and the admission policy; `rows` allotments to units follow, two fields each.

    `calculated` are the places that the calculation gave, as "unit:places" pairs, so that changes by hand are known.
    """

    capacity = StringField(render_kw=WHOLE)
    policy = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    kept = StringField(validators=[SometimesRequired()], render_kw=WHOLE)
    until = DeadlineField(validators=[RequiredField()], render_kw=MOMENT)
    total = StringField(render_kw=WHOLE)
    number = StringField(render_kw=WHOLE)
    calculated = HiddenField()
    reason = StringField(render_kw={"maxlength": REASON_MOST})
    rows = 0

    @property
    def allocations(self) -> list[tuple[SelectField, Field]]:
        """The fields of the allotments: (unit, places)."""
        return [(self[f"unit_{n}"], self[f"places_{n}"]) for n in range(self.rows)]

    def read(self, campaign: CampaignFacts) -> AdmissionTerms:
        """The typed policy; meaningless if a field has an error."""
        number = partial(checks.maybe_number, least=1, most=PLACES_MOST)
        policy = Policy(
            self.take("policy", partial(one_of, known=dict.fromkeys(map(str, Policy))), "first_come")
        )
        total = self.take("capacity", number, None)
        kept = until = None
        if policy in {Policy.KEPT_FOR_WOMEN, Policy.CEILINGS}:
            kept = self.take("kept", partial(checks.maybe_number, least=0, most=PLACES_MOST), None)
        if policy in WITH_END and (self.until.data or "").strip():
            until = self.take("until", partial(checks.moment, zone=campaign.zone), None)
        units = self._allotted() if policy in {Policy.ALLOTTED, Policy.CEILINGS} else {}
        wanted = AdmissionTerms(policy, total, kept or 0, until, units)
        if not self.errors:
            with saying_at(self):
                pools_of_policy(wanted)
        return wanted

    def calculate(self, departments: Sequence[Department]) -> None:
        """Fill the rows in by the number of women of each department: largest remainder, with a least number each."""
        number = partial(checks.maybe_number, least=0, most=PLACES_MOST)
        shared, least = self.take("total", number, None), self.take("number", number, None)
        if self.errors:
            return
        method = AllotmentMethod.FLOOR if least else AllotmentMethod.REMAINDER
        basis = [department.women for department in departments]
        made: list[int] = []
        with saying_at(self):
            made = allot(basis, AllotmentRule(method, shared or 0, least or 0))
        if self.errors:
            return
        pairs = [(one.id, places) for one, places in zip(departments, made, strict=True) if places]
        self.fill(dict(pairs))
        self.calculated.data = " ".join(f"{id_}:{places}" for id_, places in pairs)
        self.policy.data = str(Policy.ALLOTTED)

    def fill(self, places: Mapping[int, int]) -> None:
        """Fill in the rows; the form was made with enough of them."""
        for unit, most in self.allocations:
            unit.data = most.data = ""
        for (unit, most), (unit_id, count) in zip(self.allocations, places.items(), strict=False):
            unit.data, most.data = str(unit_id), str(count)

    def _allotted(self) -> dict[int, Allotment]:
        bounds: dict[int, Allotment] = {}
        made = {int(id_): int(n) for id_, n in re.findall(r"(\d{1,9}):(\d{1,9})", self.calculated.data or "")}
        why = self.take("reason", partial(checks.line, most=REASON_MOST, required=False), "")
        for unit, places in self.allocations:
            if not unit.data and not (places.data or "").strip():
                continue
            unit_id = self.take(unit.name, partial(_unit, known=dict(unit.choices)), 0)
            most = self.take(places.name, partial(checks.number, least=0, most=PLACES_MOST), 0)
            if unit_id in bounds:
                self.say(unit.name, "plan.unit_twice")
            bounds[unit_id] = Allotment(most, why if made.get(unit_id, most) != most else "")
        by_hand = {id_: one.places for id_, one in bounds.items()} != made
        if made and by_hand and not why and not self.errors:
            self.say("reason", "quota.reason_missing")
        return bounds


def places_form(campaign: CampaignFacts, units: Sequence[tuple[int, str]], *, more: int = 0) -> PlacesForm:
    """The form, filled from the pools; with one more row if its button was pressed, and with `more` at least."""
    known, reasons = _known(campaign), allotment_reasons(campaign.id)
    sent = sum(f"unit_{n}" in (request.form or kept_here() or known) for n in range(ROWS_MOST))
    rows = min(ROWS_MOST, max(1, more, sent + ("add" in request.form)))
    made: dict[str, Any] = {"rows": rows}
    choices = {"": _("选一个单位")} | {str(id_): path for id_, path in units}
    for n in range(rows):
        made[f"unit_{n}"] = SelectField(choices=choices, validate_choice=False)
        made[f"places_{n}"] = StringField(render_kw=WHOLE)
    form: PlacesForm = type("PlacesForm", (PlacesForm,), made)(data=known)
    form.policy.choices = [(str(policy), word()) for policy, (word, _hint) in POLICIES.items()]
    form.word(
        ("capacity", _("总名额"), _("不填就是不限人数")),
        ("policy", _("名额怎么给"), _("报名页会照样写出来。有人报名以后不能再换。")),
        ("kept", _("留给女职工几个"), _("男职工最多占用其余名额；不填就不预留")),
        ("until", _("留到什么时候"), zone_hint(campaign.zone)),
        ("total", _("一共分几个"), _("按各部门女职工人数分，最大余数法")),
        ("number", _("每个部门至少几个"), ""),
        ("reason", _("手工改动的原因"), _("和计算的不一样时要写，例如：新成立的班组")),
    )
    for n in range(rows):
        why = reasons.get(int(known.get(f"unit_{n}") or 0), "")
        form.word(
            (f"unit_{n}", _("单位 %(n)s", n=n + 1), ""),
            (f"places_{n}", _("几个名额"), _("手工改动：%(why)s", why=why) if why else ""),
        )
    return form


POLICIES: dict[Policy, tuple[Callable[[], str], Callable[[], str]]] = {
    Policy.FIRST_COME: (lambda: _("先到先得"), lambda: _("按系统收到的先后。")),
    Policy.WOMEN_FIRST: (
        lambda: _("女职工优先"),
        lambda: _("到一个时间为止名额先给女职工，男职工先候补；从那时起，余下的按编号给候补的人。"),
    ),
    Policy.KEPT_FOR_WOMEN: (
        lambda: _("给女职工留几个"),
        lambda: _("留到一个时间；没有用完的，从那时起按编号给候补的人。"),
    ),
    Policy.ALLOTTED: (
        lambda: _("分给单位"),
        lambda: _("分给的名额别的单位占不到，留到一个时间；没有用完的，从那时起按编号给候补的人。"),
    ),
    Policy.CEILINGS: (
        lambda: _("设上限"),
        lambda: _("各单位、男职工最多几人。只是上限，不预留名额，一直有效。"),
    ),
}


def details() -> dict[str, str]:
    """The second line of each policy."""
    return {str(policy): hint() for policy, (_word, hint) in POLICIES.items()}


def _known(campaign: CampaignFacts) -> dict[str, str]:
    now = admission_of(campaign.pools)
    known = {
        "version": str(campaign.version),
        "capacity": "" if now.total is None else str(now.total),
        "policy": str(now.policy),
        "kept": str(now.kept or ""),
        "until": local_moment(now.until.astimezone(campaign.zone)) if now.until else "",
    }
    for n, (unit_id, one) in enumerate(now.units.items()):
        known |= {f"unit_{n}": str(unit_id), f"places_{n}": str(one.places)}
    return known


def _unit(typed: str, *, known: Mapping[str, str]) -> int:
    if not typed or typed not in known:
        raise Refused("plan.unit_unknown")
    return int(typed)
