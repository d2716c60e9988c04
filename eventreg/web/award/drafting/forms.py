"""The 推荐表 as a form. Every input can be saved; it is checked for completeness only when it is submitted."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField

from eventreg.campaigns import checks
from eventreg.nominations.completeness import OTHER_MOST
from eventreg.nominations.reading import SavedVersion
from eventreg.nominations.rules import (
    CONDITIONS,
    LONGEST,
    SHORT_MOST,
    NominationContent,
    NominationField,
    SelectionMethod,
    SubmissionGap,
    Terms,
)
from eventreg.people.service import PersonFacts
from eventreg.web.app.numbers import whole_number
from eventreg.web.forms.plain_form import PlainForm, RequiredField, SometimesRequired
from eventreg.web.forms.plan_form import DAY, WHOLE, PlanForm
from eventreg.words.award import award_words

LINES = ("way_other", "chosen_on", "due", "present", "notice_from", "notice_to", "notice_result")


class NominationForm(PlanForm):
    """One nomination; the fields that the award asks for follow under their keys."""

    tab = HiddenField()
    ticked = SelectMultipleField(validators=[RequiredField()], choices=[], validate_choice=False)
    way = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    way_other = StringField(validators=[SometimesRequired()], render_kw={"maxlength": OTHER_MOST})
    chosen_on = StringField(validators=[RequiredField()], render_kw=DAY)
    due = StringField(render_kw=WHOLE)
    present = StringField(validators=[RequiredField()], render_kw=WHOLE)
    notice_from = StringField(render_kw=DAY)
    notice_to = StringField(render_kw=DAY)
    notice_result = StringField(render_kw={"maxlength": OTHER_MOST})
    short = TextAreaField(validators=[RequiredField()], render_kw={"rows": 4})
    deeds = TextAreaField(validators=[RequiredField()], render_kw={"rows": 18})
    asked: Mapping[str, NominationField] = {}

    def __iter__(self) -> Iterator[Field]:
        """The fields in the order of the page, the award's own first; errors are listed in this order."""
        others = (field for name, field in self._fields.items() if name not in self.asked)
        return iter([*self.answers, *others])

    @property
    def answers(self) -> list[Field]:
        """The fields that the award asks for."""
        return [self[key] for key in self.asked]

    def content(self) -> NominationContent:
        """The typed content without control characters; a draft may be empty or too long."""
        answers = {key: _clean(self[key].data, long=asked.long) for key, asked in self.asked.items()}
        answers |= {key: _clean(self[key].data, long=False) for key in LINES}
        answers |= {"way": self.way.data if self.way.data in set(SelectionMethod) else ""}
        answers |= {"short": _clean(self.short.data, long=True)}
        ticked = tuple(code for code in CONDITIONS if code in (self.ticked.data or ()))
        kept = {key: answer for key, answer in answers.items() if answer}
        return NominationContent(kept, ticked, _clean(self.deeds.data, long=True))

    def say_lacks(self, lacks: Iterable[SubmissionGap]) -> None:
        """Show what is missing before it can be submitted, each at its field."""
        for lack in lacks:
            self.say(lack.at, lack.code, **lack.facts)


def nomination_form(asks: Terms, saved: SavedVersion) -> NominationForm:
    """The form, filled from the current version."""
    made: dict[str, Any] = {"asked": asks.asked}
    for key, asked in asks.asked.items():
        needed, rendered = [RequiredField()] if asked.needed else [], {"autocomplete": "off"}
        made[key] = (
            TextAreaField(validators=needed, render_kw=rendered)
            if asked.long
            else StringField(validators=needed, render_kw=rendered)
        )
    form: NominationForm = type("NominationForm", (NominationForm,), made)(data=_known(saved))
    form.tab.data = form.tab.data or secrets.token_urlsafe(12)
    form.ticked.choices = [(code, award_words.CONDITIONS[code]()) for code in CONDITIONS]
    form.way.choices = [(str(way), award_words.WAYS[str(way)]()) for way in SelectionMethod]
    form.word(
        ("ticked", _("推荐条件，逐条确认"), _("五条都符合才能推荐，党群工作部还会复核")),
        ("way", _("推荐产生方式"), ""),
        ("way_other", _("请说明是什么方式"), _("选了其他方式才要写")),
        ("chosen_on", _("推荐日期"), ""),
        ("due", _("应到人数"), ""),
        ("present", _("实到人数"), ""),
        ("notice_from", _("部门内公示，从哪天起"), ""),
        ("notice_to", _("部门内公示，到哪天为止"), ""),
        ("notice_result", _("公示结果"), _("例如：公示期间没有收到异议")),
        (
            "short",
            _("公示用的简短事迹"),
            _("最多 %(n)s 字，公示时将原文刊出，请勿写手机号、证件号", n=SHORT_MOST),
        ),
        ("deeds", _("事迹材料"), _deeds_hint(asks)),
    )
    for key in asks.asked:
        form.word((key, award_words.field(key), award_words.purpose(key, asks.fields[key])))
    return form


def as_data(content: NominationContent) -> dict[str, Any]:
    """A content as form data."""
    return {**content.answers, "ticked": list(content.ticked), "deeds": content.deeds}


class PickForm(PlainForm):
    """The choice of a nominee."""

    person = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)

    def chosen(self) -> int:
        """The person's id, 0 for nobody."""
        return whole_number(self.person.data)


def pick_form(people: Sequence[PersonFacts]) -> PickForm:
    """The form with the people found, in the same order."""
    form = PickForm()
    form.person.label.text = _("推荐谁")
    form.person.choices = [(str(person.id), person.name) for person in people]
    return form


def _known(saved: SavedVersion) -> dict[str, Any]:
    return {"version": str(saved.number), **as_data(saved.content)}


def _deeds_hint(asks: Terms) -> str:
    what = award_words.COUNTED[str(asks.counted)]
    return _(
        "%(least)s 到 %(most)s，按%(what)s检查：%(hint)s",
        least=asks.least,
        most=asks.most,
        what=what[0](),
        hint=what[1](),
    )


def _clean(typed: str | None, *, long: bool) -> str:
    check = checks.prose if long else checks.line
    return check((typed or "")[:LONGEST], most=LONGEST, required=False)
