"""The content of each kind of letter about a registration: heading, facts, ticket and button; paragraphs come from `wording`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from eventreg.campaigns import placeholders
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.placeholders import BY_CODE, BY_NAME
from eventreg.campaigns.rules import ScheduleState
from eventreg.campaigns.wording import LetterWords
from eventreg.people.service import PersonFacts
from eventreg.registrations.answers.rules import full_options
from eventreg.registrations.confirming.rules import ConfirmFor
from eventreg.registrations.reading import RegistrationFacts
from eventreg.registrations.rules import EndedWhy, RegistrationState, in_groups
from eventreg.words import times
from eventreg.words.registration_words import why_ended
from eventreg.words.sign_up import question_words

from . import default_wording
from .content import CalendarFile, LetterContent

READERS = {name for code in ("name", "unit") for name in (BY_CODE[code].zh, BY_CODE[code].en)}


@dataclass(frozen=True, slots=True)
class LetterContext:
    """The registration that a letter is about, its campaign and its reader; `words` replace the campaign's own in a preview.

    The reader and their answers (by question key) are read only if the words use them.
    """

    kind: str
    campaign: CampaignFacts
    registration: RegistrationFacts
    base_url: str
    reader: Callable[[], PersonFacts]
    answers: Callable[[], Mapping[str, str]]
    now: datetime
    words: LetterWords | None = None

    @property
    def receipt(self) -> str:
        """The address of the page with the reader's ticket or place on the waiting list."""
        return f"{self.base_url}/my/registrations/{self.registration.id}"

    @property
    def leaving(self) -> tuple[str, str] | None:
        """How to give the place or the waiting up, and the address for it; None once it is too late or all is called off."""
        state, is_over = self.registration.state, self.now >= self.campaign.begins_at
        if is_over or self.campaign.called_off or state is RegistrationState.WITHDRAWN:
            return None
        first = self.campaign.first
        has_hour = first is not None and first.time_known
        until = times.deadline(self.campaign.begins_at.astimezone(self.campaign.zone)) if has_hour else ""
        seated = state is RegistrationState.SEATED
        return how_to_leave(self.campaign, until, seated=seated), f"{self.receipt}/withdrawal"

    @property
    def asks(self) -> tuple[str, str] | None:
        """What the reader is asked to confirm and until when, and the address for it; None if nobody asks."""
        mine = self.registration
        if not mine.is_asked or mine.confirm_by is None or self.campaign.called_off:
            return None
        until = times.deadline(mine.confirm_by.astimezone(self.campaign.zone))
        return how_to_confirm(
            until, offered=mine.confirm_for == ConfirmFor.OFFER
        ), f"{self.receipt}/confirmation"

    @property
    def action(self) -> tuple[str, str]:
        """The button of the letter: to confirm, if that is asked; else to the ticket or the place on the waiting list."""
        if self.asks is not None:
            return _("确认能不能来"), self.asks[1]
        is_seated = self.registration.state is RegistrationState.SEATED
        return _("查看我的票") if is_seated else _("查看候补"), self.receipt

    @property
    def why(self) -> str:
        """Why the reader gets the letter: they signed up then."""
        at = times.moment(self.registration.registered_at.astimezone(self.campaign.zone))
        return _("你收到这封信，是因为你在 %(at)s 报了名。", at=at)

    def worded(self, **more: str) -> tuple[str, tuple[str, ...]]:
        """Subject and paragraphs in the current language, with placeholders filled in."""
        words = self.words or default_wording.words_of(self.kind, self.campaign)
        own = {"number": str(self.registration.arrival), "link": self.receipt}
        return filled(words, self.campaign, {**own, **more}, reader=self.reader, answers=self.answers)


def how_to_leave(campaign: CampaignFacts, until: str, *, seated: bool) -> str:
    """How to withdraw, `until` an hour in words or, if that is empty, until the event begins.

    That the place goes to a colleague is said only if somebody waits.
    """
    if not seated and until:
        return _("不想等了？请在 %(at)s 前退出候补。", at=until)
    if not seated:
        return _("不想等了？请在活动开始前退出候补。")
    said = _("不能来了？请在活动开始前退出报名。")
    if until:
        said = _("不能来了？请在 %(at)s 前退出报名。", at=until)
    return _("%(leave)s名额会马上给候补的同事。", leave=said) if campaign.waiting else said


def how_to_confirm(until: str, *, offered: bool) -> str:
    """That the reader has to confirm their place until an instant in words."""
    if offered:
        return _("这个名额要先确认：请在 %(at)s 前点下面的按钮。到时没有回音，名额给候补的下一位。", at=until)
    return _("新的日期你能来吗？请在 %(at)s 前点下面的按钮。到时没有回音，名额给候补的下一位。", at=until)


def filled(
    words: LetterWords,
    campaign: CampaignFacts,
    more: Mapping[str, str],
    *,
    reader: Callable[[], PersonFacts],
    answers: Callable[[], Mapping[str, str]],
) -> tuple[str, tuple[str, ...]]:
    """Subject and paragraphs with the campaign's facts, `more`, and what is asked of the reader in their places."""
    names = placeholders.named((words.subject, *words.lines))
    values, known = {**_values(campaign), **more}, BY_NAME
    if names & READERS:
        person = reader()
        values |= {"name": person.name, "unit": person.unit}
    if names - BY_NAME.keys():
        questions = default_wording.questions_of(campaign)
        known = BY_NAME | placeholders.by_name([placeholders.answer(q.key, q.label) for q in questions])
        given = answers()
        values |= {f"answer:{q.key}": question_words.answer(q, given.get(q.key, "")) for q in questions}
    whole = (placeholders.fill(line, values, known) for line in words.lines)
    lines = tuple(part for line in whole for part in line.split("\n"))
    return placeholders.fill(words.subject, values, known), lines


def _values(campaign: CampaignFacts) -> dict[str, str]:
    when = where = ""
    if campaign.first:
        when, where = when_and_where(campaign.first)
    deadline = times.deadline(campaign.closes_at) if campaign.closes_at else ""
    return {"campaign": campaign.title, "time": when, "place": where, "deadline": deadline}


def seated(
    told: LetterContext, *, code: str | None, qr: str, calendars: tuple[CalendarFile, ...] = ()
) -> LetterContent:
    """A place, at once or from the waiting list; or a new ticket for it."""
    subject, lines = told.worded()
    headings = {
        "registration_promoted": lambda: _("轮到你了，名额已经给你"),
        "place_offered": lambda: _("轮到你了，请先确认"),
        "ticket_reissued": lambda: _("这是你的新票"),
    }
    first = lambda: _("已报上，编号 %(n)s", n=told.registration.arrival)  # noqa: E731
    heading = headings.get(told.kind, first)()
    return LetterContent(
        subject=subject,
        heading=heading,
        lines=(*lines, *asked_lines(told)),
        facts=(*_facts(told), *([(_("票号"), in_groups(code))] if code else [])),
        action=told.action,
        qr="" if told.campaign.called_off else qr,
        calendars=calendars,
        state="seated",
        title=told.campaign.title,
        leaving=told.leaving,
        why=told.why,
    )


def waiting(told: LetterContext, *, position: int) -> LetterContent:
    """A place on the waiting list."""
    nth = times.ordinal(position)
    subject, lines = told.worded(position=nth)
    return LetterContent(
        subject=subject,
        heading=_("候补第 %(n)s 位", n=nth),
        lines=lines,
        facts=(*_facts(told), *_waited_for(told)),
        action=(_("查看候补"), told.receipt),
        state="waiting",
        title=told.campaign.title,
        leaving=told.leaving,
        why=told.why,
    )


def _waited_for(told: LetterContext) -> tuple[tuple[str, str], ...]:
    """The full options that the reader waits for, where options have places."""
    if not any(pool.option for pool in told.campaign.pools):
        return ()
    questions = default_wording.questions_of(told.campaign)
    full = full_options(questions, told.answers(), told.campaign.pools)
    return ((_("在等的选项"), _("、").join(full)),) if full else ()


def withdrawn(
    told: LetterContext, *, calendars: tuple[CalendarFile, ...] = (), reason: str = ""
) -> LetterContent:
    """A withdrawal, with the reason if somebody else made it; the calendar entries of the reader are cancelled."""
    subject, lines = told.worded()
    return LetterContent(
        subject=subject,
        heading=ended_heading(reason),
        lines=lines,
        facts=(*_facts(told), *([(_("原因"), why_ended(reason))] if reason else [])),
        action=(_("查看活动"), f"{told.base_url}/campaigns/{told.campaign.slug}"),
        calendars=calendars,
        state="withdrawn",
        title=told.campaign.title,
        why=told.why,
    )


def asked_lines(told: LetterContext) -> tuple[str, ...]:
    """The sentence that asks to confirm, if that is asked."""
    return (told.asks[0],) if told.asks is not None else ()


def ended_heading(reason: str) -> str:
    """The heading of a letter about a registration that ended; `reason` is empty if its person ended it."""
    if reason == EndedWhy.SILENT:
        return _("没有收到你的确认，名额已经让出")
    return _("你的报名已由组织者办理退出") if reason else _("已退出")


def message(told: LetterContext) -> LetterContent:
    """A message that an organiser wrote."""
    subject, lines = told.worded()
    is_seated = told.registration.state is RegistrationState.SEATED
    return LetterContent(
        subject=subject,
        heading=subject,
        lines=lines,
        action=(_("查看我的票") if is_seated else _("查看候补"), told.receipt),
        title=told.campaign.title,
        leaving=told.leaving,
        why=told.why,
    )


def message_of_an_award(
    words: LetterWords, campaign: CampaignFacts, *, reader: Callable[[], PersonFacts], base_url: str
) -> LetterContent:
    """A message that an organiser wrote to people of an award, who did not sign up."""
    subject, lines = filled(words, campaign, {}, reader=reader, answers=dict)
    return LetterContent(
        subject=subject,
        heading=subject,
        lines=lines,
        action=(_("查看活动"), f"{base_url}/campaigns/{campaign.slug}"),
        title=campaign.title,
        why=_("你收到这封信，是因为你参与这项评选的推荐。"),
    )


def _facts(told: LetterContext) -> tuple[tuple[str, str], ...]:
    rows = [(_("编号"), _("%(n)s（报名先后）", n=told.registration.arrival))]
    if told.campaign.first:
        when, where = when_and_where(told.campaign.first)
        rows += [(_("时间"), when), (_("地点"), where)]
    return (*rows, *called_off_facts(told.campaign))


def called_off_facts(campaign: CampaignFacts) -> tuple[tuple[str, str], ...]:
    """Which activities of the campaign do not take place; their calendar entries are not sent."""
    titles = [a.title for a in campaign.activities if a.schedule is ScheduleState.CANCELLED]
    return ((_("不办了"), _("、").join(titles)),) if titles else ()


def when_and_where(activity: ActivityFacts) -> tuple[str, str]:
    """The time and place of an activity in words; details that are not decided yet are marked."""
    when = times.start(activity.starts_at, time_known=activity.time_known)
    tentative = activity.schedule is ScheduleState.TENTATIVE
    return _("%(when)s（暂定）", when=when) if tentative else when, activity.place or _("另行通知")
