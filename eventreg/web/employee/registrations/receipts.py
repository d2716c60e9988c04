"""View models of the visitor's own registration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts, SignUpFormFacts
from eventreg.core.errors import Busy, NotFound
from eventreg.delivery import qr
from eventreg.delivery.qr import QrPicture
from eventreg.registrations import reading, tickets
from eventreg.registrations.answers import rules as answer_rules
from eventreg.registrations.confirming.rules import ConfirmFor
from eventreg.registrations.reading import RegistrationDetails, RegistrationFacts
from eventreg.registrations.rules import RegistrationState, in_groups
from eventreg.registrations.tickets import HeldTicket
from eventreg.reports import ticket_picture
from eventreg.web.app import current
from eventreg.web.employee.public import changed_dates
from eventreg.web.employee.public import view_models as campaign_view_models
from eventreg.web.employee.public.prospects import prospects_of
from eventreg.words.campaign_words import GENDERS
from eventreg.words.registration_words import asked_label
from eventreg.words.sign_up import question_words
from eventreg.words.times import ordinal


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """A registration in the visitor's list."""

    title: str
    lang: str
    state: str
    arrival: int
    position: int | None
    url: str
    when: str
    tentative: bool
    place: str


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A position on the waiting list: its number in words, how many are ahead, how many wait.

    At most seven positions are drawn; `you` is the visitor's among these, counted from 0.
    """

    place: str
    ahead: int
    total: int
    drawn: int
    you: int


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A registration on its page. `qr` and `code` are set only while seated, `queue` while waiting.

    `answers` are (label, value, language of both), which is the campaign's language. `asks` are the words while the
    visitor is asked to confirm: a place that is `offered`, or else another date. `late`: the time for it has
    passed, and they keep the place since no mail reached them.
    """

    state: str
    arrival: int
    position: int | None
    queue: QueuePlace | None
    promoted: bool
    ended_why: str
    name: str
    unit: str
    mail: str | None
    answers: tuple[tuple[str, str, str], ...]
    full_options: tuple[str, ...]
    qr: QrPicture | None
    code: str | None
    url: str
    answers_url: str
    withdraw_url: str
    calendar_url: str
    picture_url: str
    confirm_url: str
    asks: str
    late: bool
    offered: bool
    confirmed: bool
    changeable: bool
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class PersonWords:
    """The roster's facts on a form."""

    name: str
    unit: str
    gender_word: str


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """The visitor's registration with its campaign. Only `get` makes it, so it is always the visitor's."""

    whole: RegistrationDetails
    campaign: CampaignFacts

    @property
    def registration(self) -> RegistrationFacts:
        return self.whole.registration

    @property
    def answers(self) -> dict[str, str]:
        """The answers by question key."""
        return self.whole.answers

    @property
    def card(self) -> campaign_view_models.CampaignCard:
        prospect = prospects_of([self.campaign])[self.campaign.id] if self._is_over else None
        return campaign_view_models.card(
            self.campaign, now=current.now(), mine=self.registration, prospect=prospect
        )

    @property
    def _is_over(self) -> bool:
        return self.registration.state is RegistrationState.WITHDRAWN

    @property
    def held(self) -> HeldTicket | None:
        """The valid ticket; None if there is none, or if its key is retired because the event is over."""
        r, issued = self.registration, self.whole.issued
        if issued is None:
            return None
        return tickets.made_again(r.id, r.campaign_id, issued, keys=current.keys())

    @property
    def queue(self) -> QueuePlace | None:
        """The position on the waiting list; None unless waiting."""
        position = self.registration.position
        return None if position is None else queue_of(position, self.campaign.waiting)

    @property
    def entry(self) -> SignUpFormFacts:
        """The form of the campaign as it is now."""
        return campaigns.entry_for(self.campaign)

    def told_answers(self) -> tuple[tuple[str, str, str], ...]:
        """The answers with the words that they were given to."""
        asked = (q for q in self.entry.answered if q.key in self.answers)
        return tuple(
            (asked_label(q), question_words.answer(q, self.answers[q.key]), self.campaign.lang) for q in asked
        )

    @property
    def full_options(self) -> tuple[str, ...]:
        """The options whose places somebody who waits is waiting for."""
        return answer_rules.full_options(self.entry.questions, self.answers, self.campaign.pools)

    def picture(self) -> bytes:
        """The ticket as one picture to keep, without any answer; the QR code alone while too many ask for pictures.

        Raises NotFound without a valid ticket.
        """
        held, card, who = self.held, self.card, current.visitor()
        if held is None:
            raise NotFound("ticket")
        when = _("%(when)s（暂定）", when=card.when) if card.tentative else card.when
        rows = [(_("姓名"), who.name), (_("单位"), who.unit), (_("时间"), when)]
        try:
            return ticket_picture.ticket_picture(
                card.title,
                arrival=self.registration.arrival,
                code=in_groups(held.code) if held.code else "",
                rows=[*rows, (_("地点"), card.place or _("另行通知"))],
                drawing=qr.svg(address_of(held.token)),
                at=current.now(),
            )
        except Busy:
            return qr.png(address_of(held.token))

    def page(self) -> str:
        """Render the receipt: the ticket, the position on the waiting list, or that the registration ended."""
        return render_template("employee/registrations/receipt.html", r=self.shown(), c=self.card)

    def shown(self) -> RegistrationView:
        """The view model of the page."""
        r, who = self.registration, current.visitor()
        held = self.held if r.state is RegistrationState.SEATED else None
        url = url_of_own(r.id)
        return RegistrationView(
            state=str(r.state),
            arrival=r.arrival,
            position=r.position,
            queue=self.queue,
            promoted=r.promoted,
            ended_why=r.ended_why,
            name=who.name,
            unit=who.unit,
            mail=who.email,
            answers=self.told_answers(),
            full_options=self.full_options if r.state is RegistrationState.WAITING else (),
            qr=qr.drawn(address_of(held.token)) if held else None,
            code=in_groups(held.code) if held and held.code else None,
            asks=changed_dates.asks(r, self.campaign, now=current.now()),
            late=r.confirm_by is not None and current.now() >= r.confirm_by,
            offered=r.confirm_for == ConfirmFor.OFFER,
            confirmed=r.confirmed_at is not None,
            changeable=current.now() < self.campaign.begins_at,
            starts_at=self.campaign.starts_at,
            url=url,
            **{f"{page}_url": f"{url}/{tail}" for page, tail in PAGES.items()},
        )


DRAWN = 7


def queue_of(position: int, total: int) -> QueuePlace:
    """The view of position `position` of `total`; `total` is at least the position.

    The visitor is drawn with three people before them if there are so many; near the ends with more on the other side.
    """
    total = max(total, position)
    first = max(min(position - DRAWN // 2, total - DRAWN + 1), 1)
    return QueuePlace(ordinal(position), position - 1, total, min(DRAWN, total), position - first)


PAGES = {
    "answers": "answers",
    "withdraw": "withdrawal",
    "calendar": "calendar.ics",
    "picture": "ticket.png",
    "confirm": "confirmation",
}


def url_of_own(registration_id: int) -> str:
    """The address of a registration."""
    return url_for("registrations.receipt", registration_id=registration_id)


def address_of(token: str) -> str:
    """The content of a ticket's QR code."""
    return f"{current.settings().base_url}/t/{token}"


def get(registration_id: int, *, state: RegistrationState | None = None) -> OwnRegistration:
    """The visitor's registration, in this state if one is given. Raises NotFound."""
    whole = reading.get_whole(registration_id, current.person_id())
    if state is not None and whole.registration.state is not state:
        raise NotFound("registration")
    return OwnRegistration(whole, campaigns.campaign_by_id(whole.registration.campaign_id))


def line(registration: RegistrationFacts, campaign: CampaignFacts) -> RegistrationLine:
    """A registration for the visitor's list."""
    card = campaign_view_models.card(campaign, now=current.now())
    return RegistrationLine(
        title=card.title,
        lang=card.lang,
        state=str(registration.state),
        arrival=registration.arrival,
        position=registration.position,
        url=url_for("registrations.receipt", registration_id=registration.id),
        when=card.when,
        tentative=card.tentative,
        place=card.place or "",
    )


def person_words() -> PersonWords:
    """The visitor's facts from the roster, as forms show them."""
    who = current.visitor()
    return PersonWords(who.name, who.unit, GENDERS[who.gender]())
