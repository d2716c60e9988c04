"""The forms of teams: how to form them, who is in which, who stands in, and who flew how high."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.question_kinds import WRITTEN
from eventreg.venue.teams.forming import Among
from eventreg.venue.teams.performing import FlightFacts, equal_heights, find_faults
from eventreg.venue.teams.reading import TeamPerson, TeamsOfActivity
from eventreg.venue.teams.rules import Formed
from eventreg.venue.teams.start_line import WaitingPerson
from eventreg.web.app.numbers import whole_number
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import WHOLE, PlanForm, one_of
from eventreg.words.day import team_words

RANK_MOST = 10_000
FLOWN = {"yes": True, "no": False, "": None}


class FormTeamsForm(PlanForm):
    """How teams are formed, and of whom."""

    how = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    among = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    question = SelectField(choices=[], validate_choice=False)

    def read(self) -> tuple[Formed, Among, str]:
        """How, of whom, and the key of the question that asked for wishes; meaningless if a field has an error."""
        how = Formed(self.take("how", partial(one_of, known=dict(self.how.choices)), "mixed"))
        among = Among(self.take("among", partial(one_of, known=dict(self.among.choices)), "seated"))
        question = self.question.data or ""
        if how is Formed.WISH and question not in dict(self.question.choices):
            self.say("question", "grouping.no_question")
        return how, among, question


def form_teams_form(teams: TeamsOfActivity, questions: Sequence[QuestionFacts], here: int) -> FormTeamsForm:
    """The form in the reader's language; `here` is how many have come."""
    form = FormTeamsForm(data={"how": "mixed", "among": "present" if here else "seated"})
    form.version.data = form.version.data or teams.version
    form.how.choices = [
        (str(Formed.MIXED), _("各部门混编")),
        (str(Formed.WISH), _("按本人意愿")),
        (str(Formed.DRAW), _("抽签")),
    ]
    form.among.choices = [
        (str(Among.SEATED), _("所有报上的人")),
        (str(Among.PRESENT), _("已经签到的人")),
    ]
    written = [(one.key, one.label) for one in questions if one.kind in WRITTEN]
    form.question.choices = written or [("", _("报名表里没有文字题"))]
    form.word(
        ("how", _("怎么编"), ""),
        ("among", _("编哪些人"), ""),
        ("question", _("意愿看哪道题的回答"), _("只在“按本人意愿”时用")),
    )
    return form


class MembersForm(PlanForm):
    """The team of each person; `persons` are the people, with a field `team_ID` each."""

    short = BooleanField()
    persons: Sequence[TeamPerson] = ()

    @property
    def rows(self) -> list[tuple[TeamPerson, Field]]:
        """Each person with their field."""
        return [(one, self[f"team_{one.registration_id}"]) for one in self.persons]

    def read(self, most: int) -> dict[int, int | None]:
        """The typed numbers by registration; meaningless if a field has an error."""
        number = partial(checks.maybe_number, least=1, most=most)
        return {one.registration_id: self.take(field.name, number, None) for one, field in self.rows}


def members_form(teams: TeamsOfActivity, persons: Sequence[TeamPerson]) -> MembersForm:
    """The form, filled with the teams as they are."""
    made: dict[str, Any] = {"persons": persons}
    known = {f"team_{one.registration_id}": "" for one in persons}
    known |= {f"team_{m.registration_id}": str(team.number) for team in teams.teams for m in team.members}
    for one in persons:
        made[f"team_{one.registration_id}"] = StringField(render_kw=WHOLE)
    form: MembersForm = type("MembersForm", (MembersForm,), made)(data=known)
    form.version.data = form.version.data or teams.version
    form.word(("short", _("有的组人不满，照样参加"), ""))
    for one in persons:
        form.word((f"team_{one.registration_id}", one.name, ""))
    return form


class StartLineForm(PlanForm):
    """Who is taken out, and who of the waiting list stands there."""

    absent = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    standing = SelectMultipleField(validators=[RequiredField()], choices=[], validate_choice=False)

    def read(self) -> tuple[int | None, list[int]]:
        """The registration to take out (None: nobody) and those who stand there."""
        absent = self.take("absent", partial(one_of, known=dict(self.absent.choices)), "")
        known = dict(self.standing.choices)
        standing = [whole_number(id_) for id_ in self.standing.data or () if id_ in known]
        if not standing:
            self.say("standing", "start_line.nobody_ticked")
        return whole_number(absent) or None, standing


def start_line_form(
    unseen: Sequence[TeamPerson], waiting: Sequence[WaitingPerson], free: int | None
) -> StartLineForm:
    """The form in the reader's language; `free` is how many places are free anyway."""
    form = StartLineForm()
    people = [
        (str(one.registration_id), _("%(name)s，编号 %(n)s", name=one.name, n=one.arrival)) for one in unseen
    ]
    nobody = [("0", _("不请出谁，用空着的名额"))] if free else []
    form.absent.choices = nobody + people
    form.standing.choices = [
        (str(one.registration_id), _("%(name)s，编号 %(n)s", name=one.name, n=one.arrival)) for one in waiting
    ]
    form.word(
        ("absent", _("请出谁"), _("只列没有任何地方签到过的人。请出的原因公开写“没有到场”，会写信告诉本人")),
        ("standing", _("谁站在这里"), _("按候补的次序，勾上到了现场的人。没有勾的人编号不变，跳过会有记录")),
    )
    return form


class FlightsForm(PlanForm):
    """Flown or not, and the rank of each team: `flown_N` and `rank_N`. `equal` are groups of equal height, "3-7"."""

    equal = SelectMultipleField(choices=[], validate_choice=False)
    teams: TeamsOfActivity

    @property
    def rows(self) -> list[tuple[str, str, Field, Field]]:
        """Each team with its people and its fields."""
        return [
            (
                team_words.team(team.number, team.name),
                _("、").join(one.name for one in team.members),
                self[f"flown_{team.number}"],
                self[f"rank_{team.number}"],
            )
            for team in self.teams.teams
        ]

    def read(self) -> tuple[dict[int, FlightFacts], list[tuple[int, ...]]]:
        """What is noted, and the groups that are confirmed to be equally high; errors are shown at their fields."""
        typed = {}
        for number in (team.number for team in self.teams.teams):
            flown = FLOWN[self.take(f"flown_{number}", partial(one_of, known=FLOWN), "")]
            rank = self.take(f"rank_{number}", partial(checks.maybe_number, least=0, most=RANK_MOST), None)
            typed[number] = FlightFacts(number, flown, rank)
        stored = [teams for _rank, teams in equal_heights(team.flight for team in self.teams.teams)]
        confirmed = [tuple(map(whole_number, group.split("-"))) for group in self.equal.data or ()]
        for fault in find_faults(list(typed.values()), self.teams.shape, equal=[*stored, *confirmed]):
            self.say(f"rank_{fault.team}", fault.code, **fault.facts)
        asked = [teams for _rank, teams in equal_heights(typed.values()) if teams not in stored]
        self.equal.choices = [("-".join(map(str, teams)), team_words.team_list(teams)) for teams in asked]
        return typed, [*stored, *confirmed]


def flights_form(teams: TeamsOfActivity) -> FlightsForm:
    """The form, filled with what is noted."""
    made: dict[str, Any] = {"teams": teams}
    words = {True: "yes", False: "no", None: ""}
    known: dict[str, str] = {}
    for team in teams.teams:
        made[f"flown_{team.number}"] = SelectField(choices=[], validate_choice=False)
        made[f"rank_{team.number}"] = StringField(render_kw=WHOLE)
        known[f"flown_{team.number}"] = words[team.flight.flown]
        known[f"rank_{team.number}"] = str(team.flight.rank or "")
    form: FlightsForm = type("FlightsForm", (FlightsForm,), made)(data=known)
    form.version.data = form.version.data or teams.version
    form.word(("equal", _("一样高的组"), _("勾上表示确实一样高")))
    for team in teams.teams:
        name = _("第 %(n)s 组", n=team.number)
        form[f"flown_{team.number}"].choices = [
            ("", _("还没有记")),
            ("yes", _("放飞了")),
            ("no", _("没有放飞")),
        ]
        form.word((f"flown_{team.number}", _("%(team)s放飞", team=name), ""))
        form.word((f"rank_{team.number}", _("%(team)s名次", team=name), ""))
    return form
