"""The form of forfeits: position, title, state and reason of each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, SelectField, StringField

from eventreg.campaigns import checks
from eventreg.core.errors import Refused
from eventreg.registrations.rules import clean_text
from eventreg.venue.programme.forfeits import ForfeitLine, ForfeitList
from eventreg.venue.programme.rules import REASON_MOST, TITLE_MOST, Debtor, ItemFacts, ItemState, check_item
from eventreg.web.forms.plan_form import WHOLE, PlanForm, one_of
from eventreg.words.day import team_words

PLACES_MOST = 10_000
STATES = {str(state): state for state in ItemState}


class ForfeitsForm(PlanForm):
    """All forfeits; each has the fields `position_KEY`, `title_KEY`, `state_KEY` and `reason_KEY`."""

    lines: Sequence[ForfeitLine] = ()

    @property
    def rows(self) -> list[tuple[ForfeitLine, Field, Field, Field, Field]]:
        """Each forfeit with its fields."""
        return [
            (line, *(self[f"{name}_{key_of(line)}"] for name in ("position", "title", "state", "reason")))
            for line in self.lines
        ]

    @property
    def shown(self) -> list[tuple[str, str, list[Field]]]:
        """Each forfeit in words, with its fields."""
        gone = _("成绩更正后不用表演了")
        return [
            (
                team_words.performers(line.team, line.team_name, [one.name for one in line.people]),
                "" if line.forfeit.owed else gone,
                fields,
            )
            for line, *fields in self.rows
        ]

    def read(self) -> dict[Debtor, ItemFacts]:
        """What was typed; errors are shown at their fields."""
        typed = {}
        for line, position, title, state, reason in self.rows:
            place = self.take(position.name, partial(checks.maybe_number, least=1, most=PLACES_MOST), None)
            known = STATES[self.take(state.name, partial(one_of, known=STATES), "due")]
            item = ItemFacts(clean_text(title.data or ""), place, known, clean_text(reason.data or ""))
            typed[line.forfeit.debtor] = item
            try:
                check_item(item)
            except Refused as refused:
                self.say(
                    f"{refused.facts['field']}_{key_of(line)}", refused.code, most=refused.facts.get("most")
                )
        return typed


def key_of(line: ForfeitLine) -> str:
    """A name for a forfeit in the fields of a form."""
    debtor = line.forfeit.debtor
    return f"t{debtor.team_id}" if debtor.team_id else f"r{debtor.registration_id}"


def forfeits_form(found: ForfeitList) -> ForfeitsForm:
    """The form, filled with the list in its order."""
    made: dict[str, Any] = {"lines": found.lines}
    known: dict[str, str] = {}
    for place, line in enumerate(found.lines, 1):
        key, item = key_of(line), line.forfeit.item
        made[f"position_{key}"] = StringField(render_kw=WHOLE)
        made[f"title_{key}"] = StringField(render_kw={"maxlength": TITLE_MOST, "autocomplete": "off"})
        made[f"state_{key}"] = SelectField(choices=[], validate_choice=False)
        made[f"reason_{key}"] = StringField(render_kw={"maxlength": REASON_MOST, "autocomplete": "off"})
        known |= {f"position_{key}": str(place), f"title_{key}": item.title}
        known |= {f"state_{key}": str(item.state), f"reason_{key}": item.reason}
    form: ForfeitsForm = type("ForfeitsForm", (ForfeitsForm,), made)(data=known)
    form.version.data = form.version.data or found.version
    for line in found.lines:
        key = key_of(line)
        form[f"state_{key}"].choices = [(code, team_words.item_state(code)) for code in STATES]
        form.word(
            (f"position_{key}", _("次序"), ""), (f"title_{key}", _("节目"), ""),
            (f"state_{key}", _("办得怎样"), ""), (f"reason_{key}", _("原因"), ""),
        )  # fmt: skip
    return form
