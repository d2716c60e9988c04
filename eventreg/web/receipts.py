"""One's own registration as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import render_template

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts, QuestionFacts
from eventreg.core.errors import NotFound
from eventreg.post import qr
from eventreg.post.qr import Picture
from eventreg.registrations import reading, tickets
from eventreg.registrations.reading import RegistrationFacts
from eventreg.registrations.rules import State, in_groups
from eventreg.registrations.tickets import Held
from eventreg.words.campaigns import GENDERS

from . import cards, visiting
from .addresses import url_for
from .remembered import Hole, draw


@dataclass(frozen=True, slots=True)
class Line:
    """A registration in the list of one's own."""

    title: str
    lang: str
    state: str
    arrival: int
    position: int | None
    url: str
    when: str
    tentative: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A registration on its own page. `qr` and `code` are there only while seated.

    `answers` are label, value, and the language of both: the campaign's.
    """

    state: str
    arrival: int
    position: int | None
    waiting_total: int
    ahead: int
    promoted: bool
    name: str
    unit: str
    mail: str | None
    answers: tuple[tuple[str, str, str], ...]
    qr: Picture | None
    code: str | None
    url: str
    answers_url: str
    withdraw_url: str
    calendar_url: str
    picture_url: str
    changeable: bool
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class PersonWords:
    """The roster's facts on a form."""

    name: str
    unit: str
    gender_word: str


@dataclass(frozen=True, slots=True)
class Own:
    """One's registration with its campaign; made by `get`, so it is hers."""

    registration: RegistrationFacts
    campaign: CampaignFacts

    @property
    def card(self) -> cards.Card:
        return cards.card(self.campaign, now=visiting.now(), mine=self.registration)

    @property
    def held(self) -> Held:
        """Her ticket in force; raises NotFound."""
        found = tickets.find_held(self.registration.id, keys=visiting.keys())
        if found is None:
            raise NotFound("ticket")
        return found

    @property
    def ticket_address(self) -> str:
        """What the QR code holds: BASE/t/TOKEN."""
        return address_of(self.held.token)

    def questions(self) -> list[QuestionFacts]:
        """What the campaign asks now."""
        return list(campaigns.entry_for(self.campaign).questions)

    def shown(self) -> Shown:
        """Everything the page needs."""
        r, id_ = self.registration, self.registration.id
        who, held = visiting.visitor(), self.held if r.state is State.SEATED else None
        answers = reading.answers_of(id_)
        labels = {q.key: q.label for q in self.questions()} if answers else {}
        url = {name: url_for(f"mine.{name}", registration_id=id_) for name in PAGES}
        return Shown(
            state=str(r.state),
            arrival=r.arrival,
            position=r.position,
            waiting_total=self.campaign.waiting,
            ahead=(r.position or 1) - 1,
            promoted=r.promoted,
            name=who.name,
            unit=who.unit,
            mail=who.email,
            answers=tuple(
                (labels[key], value, self.campaign.lang) for key, value in answers.items() if key in labels
            ),
            qr=qr.drawn(address_of(held.token)) if held else None,
            code=in_groups(held.code) if held and held.code else None,
            url=url["receipt"],
            answers_url=url["answers"],
            withdraw_url=url["withdraw"],
            calendar_url=url["calendar_file"],
            picture_url=url["picture"],
            changeable=visiting.now() < self.campaign.starts_at,
            starts_at=self.campaign.starts_at,
        )

    def page(self) -> str:
        """The receipt: a ticket with holes for what is hers; a place in the line is drawn anew."""
        r, c = self.shown(), self.campaign
        if r.qr is None or r.code is None:
            return render_template("mine/receipt.html", r=r, c=self.card)
        blank = _hollow(r, r.qr)
        holes = {name: getattr(r, name) for name in HERS}
        holes |= {"mail": r.mail, "qr": r.qr.path}
        holes |= {_hole_of(n): value for n, (_label, value, _lang) in enumerate(r.answers)}
        return draw(
            "mine/receipt.html",
            about=(c.id, c.version, blank, visiting.now() >= c.closes_at),
            holes=holes,
            context=lambda: {"r": blank, "c": self.card.at_rest()},
        )


def address_of(token: str) -> str:
    """What a ticket's QR code holds."""
    return f"{visiting.settings().base_url}/t/{token}"


def _hollow(r: Shown, code: Picture) -> Shown:
    """A seated person's receipt without what is hers."""
    hers: dict[str, Any] = {name: Hole(name) for name in HERS}
    answers = tuple((label, Hole(_hole_of(n)), lang) for n, (label, _value, lang) in enumerate(r.answers))
    mail = Hole("mail") if r.mail else None
    return replace(r, **hers, waiting_total=0, mail=mail, qr=replace(code, path=Hole("qr")), answers=answers)


def _hole_of(number: int) -> str:
    """A name of letters alone: answer_a for the first."""
    return "answer_" + "".join("abcdefghij"[int(digit)] for digit in str(number))


HERS = (
    "arrival",
    "name",
    "unit",
    "code",
    "url",
    "answers_url",
    "withdraw_url",
    "calendar_url",
    "picture_url",
)
PAGES = ("receipt", "answers", "withdraw", "calendar_file", "picture")


def get(registration_id: int, *, state: State | None = None) -> Own:
    """The visitor's own registration, in this state if one is asked for; else NotFound."""
    registration = reading.get_own(registration_id, visiting.person_id())
    if state is not None and registration.state is not state:
        raise NotFound("registration")
    return Own(registration, campaigns.campaigns_by_id({registration.campaign_id})[registration.campaign_id])


def line(registration: RegistrationFacts, campaign: CampaignFacts) -> Line:
    """A registration in the list of one's own."""
    card = cards.card(campaign, now=visiting.now())
    return Line(
        title=card.title,
        lang=card.lang,
        state=str(registration.state),
        arrival=registration.arrival,
        position=registration.position,
        url=url_for("mine.receipt", registration_id=registration.id),
        when=card.when,
        tentative=card.tentative,
    )


def person_words() -> PersonWords:
    """The visitor as a form shows her: from the roster, not to be typed."""
    who = visiting.visitor()
    return PersonWords(who.name, who.unit, GENDERS[who.gender]())
