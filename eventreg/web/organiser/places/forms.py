"""The form of a campaign's pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import Field, SelectField, StringField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.rules import PoolScope
from eventreg.core.errors import Refused
from eventreg.web.forms.plan_form import WHOLE, PlanForm
from eventreg.web.forms.returned_forms import kept_here
from eventreg.web.organiser.activities.forms import PLACES_MOST, ROWS_MOST


class PlacesForm(PlanForm):
    """The number of places and the pools; `rows` allocations to units follow, two fields each."""

    capacity = StringField(render_kw=WHOLE)
    reserved = StringField(render_kw=WHOLE)
    rows = 0

    @property
    def allocations(self) -> list[tuple[SelectField, Field]]:
        """The fields of the allocations: (unit, places)."""
        return [(self[f"unit_{n}"], self[f"places_{n}"]) for n in range(self.rows)]

    def read(self) -> list[NewPool]:
        """The typed pools; meaningless if a field has an error."""
        places = partial(checks.maybe_number, least=1, most=PLACES_MOST)
        total = self.take("capacity", places, None)
        bounds = [] if total is None else [NewPool(PoolScope.TOTAL, total)]
        reserved = self.take("reserved", partial(checks.maybe_number, least=0, most=PLACES_MOST), None)
        if reserved and self._fits("reserved", reserved, total):
            bounds.append(NewPool(PoolScope.GENDER, (total or 0) - reserved, gender="male"))
        return bounds + self._allocated()

    def _fits(self, name: str, reserved: int, total: int | None) -> bool:
        if total is None and not self.capacity.errors:
            self.say(name, "plan.reserved_without_total")
        elif total is not None and reserved > total:
            self.say(name, "plan.reserved_too_many", most=total)
        return total is not None and reserved <= total

    def _allocated(self) -> list[NewPool]:
        bounds: dict[int, NewPool] = {}
        for unit, places in self.allocations:
            if not unit.data and not (places.data or "").strip():
                continue
            unit_id = self.take(unit.name, partial(_unit, known=dict(unit.choices)), 0)
            most = self.take(places.name, partial(checks.number, least=0, most=PLACES_MOST), 0)
            if unit_id in bounds:
                self.say(unit.name, "plan.unit_twice")
            bounds[unit_id] = NewPool(PoolScope.UNIT, most, unit_id=unit_id)
        return list(bounds.values())


def places_form(campaign: CampaignFacts, units: Sequence[tuple[int, str]]) -> PlacesForm:
    """The form, filled from the pools; with one more row if its button was pressed."""
    known = _places_of(campaign)
    sent = sum(f"unit_{n}" in (request.form or kept_here() or known) for n in range(ROWS_MOST))
    rows = min(ROWS_MOST, max(1, sent + ("add" in request.form)))
    made: dict[str, Any] = {"rows": rows}
    choices = {"": _("选一个单位")} | {str(id_): path for id_, path in units}
    for n in range(rows):
        made[f"unit_{n}"] = SelectField(choices=choices, validate_choice=False)
        made[f"places_{n}"] = StringField(render_kw=WHOLE)
    form: PlacesForm = type("PlacesForm", (PlacesForm,), made)(data=known)
    form.word(
        ("capacity", _("总名额"), _("不填就是不限人数")),
        ("reserved", _("其中留给女职工"), _("男职工最多报到总名额减去这个数。不填就是不留")),
    )
    for n in range(rows):
        form.word((f"unit_{n}", _("单位 %(n)s", n=n + 1), ""), (f"places_{n}", _("最多几人"), ""))
    return form


def _places_of(campaign: CampaignFacts) -> dict[str, str]:
    total = campaign.total
    known = {"version": str(campaign.version), "capacity": str(total.capacity) if total else ""}
    units = [pool for pool in campaign.pools if pool.scope is PoolScope.UNIT]
    for n, pool in enumerate(units):
        known |= {f"unit_{n}": str(pool.unit_id), f"places_{n}": str(pool.capacity)}
    others = next((p for p in campaign.pools if p.scope is PoolScope.GENDER and p.gender == "male"), None)
    if others is not None and total is not None:
        known["reserved"] = str(max(0, total.capacity - others.capacity))
    return known


def _unit(typed: str, *, known: Mapping[str, str]) -> int:
    if not typed or typed not in known:
        raise Refused("plan.unit_unknown")
    return int(typed)
