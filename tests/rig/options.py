"""A question with options that have places of their own, and people who choose among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.plan.questions import QuestionInput
from eventreg.campaigns.question_kinds import OptionInput
from eventreg.core.db.session import unit_of_work
from eventreg.registrations import answered_questions, reading
from eventreg.registrations import service as registrations
from eventreg.registrations.service import SignUpResult
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.plans import do


@dataclass(frozen=True)
class Ride:
    """The question "which bus" of a campaign; options are named by their labels."""

    stage: Stage
    slug: str = "outing"
    label: str = "坐几号车"

    def question(self, app: Flask) -> QuestionFacts:
        """The question as it is asked now."""
        with app.app_context():
            found = campaigns.list_questions(self.stage.campaign_id)
        return next(question for question in found if question.label == self.label)

    def code(self, app: Flask, label: str) -> str:
        """The code of an option."""
        return next(option.code for option in self.question(app).options if option.label == label)

    def value(self, app: Flask, *labels: str) -> str:
        """The stored answer that chooses these options."""
        return " ".join(sorted(self.code(app, label) for label in labels))

    def sign_up(
        self, app: Flask, who: str, *labels: str, now: datetime = NOW, phone: str = ""
    ) -> SignUpResult:
        """Register somebody who chooses these options."""
        application = replace(cast.application(self.stage, who), answers=self.answers(app, labels, phone))
        with app.app_context(), unit_of_work():
            actor = acting(self.stage.people[who], now, self.stage.keys)
            return registrations.register(self.stage.campaign_id, application, actor=actor)

    def choose(self, app: Flask, who: str, *labels: str, now: datetime = NOW, phone: str = "") -> bool:
        """Change somebody's answers."""
        person_id = self.stage.people[who]
        answers = self.answers(app, labels, phone)
        with app.app_context():
            live = reading.find_live(self.stage.campaign_id, person_id)
            if live is None:
                raise AssertionError(f"{who} has no live registration")
            with unit_of_work():
                actor = acting(person_id, now, self.stage.keys)
                return registrations.change_answers(live.id, answers, person_id=person_id, actor=actor)

    def answers(self, app: Flask, labels: Iterable[str], phone: str = "") -> dict[int, str]:
        """Answers by question id."""
        with app.app_context():
            ids = {q.key: q.id for q in campaigns.list_questions(self.stage.campaign_id)}
        chosen = {self.question(app).id: self.value(app, *labels)} if list(labels) else {}
        return chosen | ({ids["phone"]: phone} if phone else {})

    def taken(self, app: Flask) -> dict[str, tuple[int, int]]:
        """(taken, capacity) of each option with places, by label."""
        labels = {option.code: option.label for option in self.question(app).options}
        with app.app_context():
            pools = campaigns.campaign_by_id(self.stage.campaign_id).pools
        return {labels[str(p.option)]: (p.taken, p.capacity) for p in pools if p.option is not None}

    def change(self, app: Flask, places: Mapping[str, int | None], **how: Any) -> int:
        """Set the places of all options anew, by label; options that are not named are taken away."""
        found = self.question(app)
        codes = {option.label: option.code for option in found.offered}
        options = tuple(OptionInput(label, most, codes.get(label, "")) for label, most in places.items())
        asked = as_input(found, options)
        result: int = do(app, self.slug, answered_questions.change, found.id, asked, **how)
        return result


def as_input(question: QuestionFacts, options: tuple[OptionInput, ...]) -> QuestionInput:
    """The question as its form sends it, with these options."""
    return QuestionInput(
        question.kind,
        question.label,
        question.hint,
        question.required,
        question.purpose,
        options,
        question.least,
        question.most,
    )


def ride(
    app: Flask,
    stage: Stage,
    places: Mapping[str, int | None],
    *,
    kind: str = "choice",
    slug: str = "outing",
    now: datetime = NOW,
) -> Ride:
    """Add the question, with a number of places for each option."""
    made = Ride(stage, slug)
    options = tuple(OptionInput(label, most) for label, most in places.items())
    asked = QuestionInput(kind, made.label, "", False, options=options)
    do(app, slug, answered_questions.add, asked, now=now)
    return made
