"""The form of a judge's scores: a value for each criterion, and a remark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from flask_babel import gettext as _
from wtforms import StringField, TextAreaField

from eventreg.awards.rounds.service import CriterionFacts
from eventreg.awards.scores.rules import check_score
from eventreg.awards.scores.service import REMARK_MOST, OwnScores, read_value
from eventreg.core.errors import Refused
from eventreg.web.forms.plain_form import PlainForm, SometimesRequired
from eventreg.words.award import judging_words

TYPED = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 7}


class ScoreForm(PlainForm):
    """A judge's scores for one nomination; the fields of the criteria are added for the round."""

    remark = TextAreaField(render_kw={"maxlength": REMARK_MOST})

    def read(self, criteria: Sequence[CriterionFacts]) -> dict[int, Fraction]:
        """Criterion → value, without blank ones; an error is shown at its field."""
        found = {}
        for one in criteria:
            typed = (self[name_of(one)].data or "").strip()
            if not typed:
                continue
            try:
                value = read_value(typed)
                check_score(value, one.rule)
            except Refused as refused:
                self.say(name_of(one), refused.code, **refused.facts)
            else:
                found[one.id] = value
        return found


def name_of(criterion: CriterionFacts) -> str:
    """The name of a criterion's field."""
    return f"c{criterion.id}"


def score_form(criteria: Sequence[CriterionFacts], own: OwnScores | None) -> ScoreForm:
    """The form for the criteria of a round, filled with what the judge gave."""
    fields: Mapping[str, StringField] = {
        name_of(one): StringField(validators=[SometimesRequired()], render_kw=TYPED) for one in criteria
    }
    form_class = type("ScoresOfRound", (ScoreForm,), dict(fields))
    known: dict[str, object] = {"remark": own.remark if own else ""}
    if own:
        known |= {
            name_of(one): judging_words.value(own.values[one.id]) for one in criteria if one.id in own.values
        }
    form: ScoreForm = form_class(data=known)
    for one in criteria:
        label = _(
            "%(title)s（0 到 %(most)s 分，占 %(weight)s%%）",
            title=one.title,
            most=one.most,
            weight=one.weight,
        )
        form[name_of(one)].label.text = label
    form.remark.label.text = _("评语")
    return form
