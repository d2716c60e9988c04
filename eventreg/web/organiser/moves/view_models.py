"""The preview of new dates: old and new, who gets which letter, what follows from them, how the letters read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from flask_babel import gettext as _

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.plan.activities import told_of
from eventreg.campaigns.rules import ScheduleState
from eventreg.delivery import preview
from eventreg.delivery.contents.date_letters import ChangedActivity
from eventreg.people import service as people
from eventreg.registrations.announcing import MoveTerms
from eventreg.registrations.confirming import overview
from eventreg.registrations.confirming.overview import MoveReach
from eventreg.registrations.confirming.rules import TIME_TO_TELL
from eventreg.registrations.rules import RegistrationState
from eventreg.reminders import service as reminders
from eventreg.reminders.rules import slot_of
from eventreg.web.app import current
from eventreg.web.organiser.letter_previews import TONGUES, LetterPreview
from eventreg.web.organiser.reminders import view_models as reminder_view_models
from eventreg.words import times
from eventreg.words.delivery import date_words, foreseen_words
from eventreg.words.locale import speaking

EVENING = time(18)


DateRow = tuple[str, str, str, str]  # what, when it was, when it will be, and what an organiser should know


@dataclass(frozen=True, slots=True)
class MovePreview:
    """The preview; `parts` are the activities, `consequences` what hangs on their date. `late_deadline` and `late_bounds` ask for other
    instants, `can_ask` says that there is somebody to be asked and something to come to. `cancelled` are the titles of the activities that
    would be cancelled."""

    parts: tuple[DateRow, ...]
    reach: MoveReach
    told: tuple[str, ...]
    consequences: tuple[DateRow, ...]
    late_deadline: bool
    late_bounds: bool
    can_ask: bool
    asks: bool
    suggested: datetime | None
    letters: tuple[tuple[str, LetterPreview], ...]
    cancelled: tuple[str, ...]


def differing(found: CampaignFacts, wanted: Mapping[int, NewActivity]) -> list[ChangedActivity]:
    """The activities of which letters and calendars would show something else, as they would be and as they are."""
    parts = []
    for activity in found.activities:
        if activity.id in wanted:
            would_be = _as_facts(activity, wanted[activity.id])
            if told_of(would_be) != told_of(activity) or would_be.ends_at != activity.ends_at:
                parts.append(ChangedActivity(would_be, told_of(activity)))
    return parts


def after(found: CampaignFacts, parts: Sequence[ChangedActivity]) -> CampaignFacts:
    """The campaign as it would be."""
    changed = {part.now.id: part.now for part in parts}
    return replace(found, activities=tuple(changed.get(a.id, a) for a in found.activities))


def _as_facts(activity: ActivityFacts, wanted: NewActivity) -> ActivityFacts:
    return replace(
        activity,
        title=wanted.title,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        time_known=wanted.time_known,
        schedule=wanted.schedule,
        place=wanted.place,
    )


def preview_of(
    found: CampaignFacts, parts: Sequence[ChangedActivity], terms: MoveTerms, *, now: datetime
) -> MovePreview:
    """The preview of a change of dates."""
    would_be, reach = after(found, parts), overview.reach_of(found.id)
    zone = found.zone
    return MovePreview(
        parts=tuple(
            (
                part.now.title,
                date_words.stood(part.was, zone, title=part.now.title),
                date_words.stands(part.now),
                "",
            )
            for part in parts
        ),
        reach=reach,
        told=_told(reach),
        consequences=tuple(_consequences(found, would_be, now=now)),
        late_deadline=not would_be.called_off and would_be.starts_at < found.deadline,
        late_bounds=any(_ends_late(pool.ends_at, would_be) and not pool.lifted for pool in found.pools),
        can_ask=bool(reach.seated) and not would_be.called_off,
        asks=bool(reach.seated) and not would_be.called_off and _is_another_day(found, would_be),
        suggested=suggested(would_be, now=now),
        letters=tuple(_letters(would_be, parts, terms, reach, now=now)),
        cancelled=tuple(part.now.title for part in parts if _is_cancelled(part)),
    )


def _is_cancelled(part: ChangedActivity) -> bool:
    off = ScheduleState.CANCELLED
    return part.now.schedule is off and part.was["schedule"] != off


def suggested(would_be: CampaignFacts, *, now: datetime) -> datetime | None:
    """A time until which people can be asked to confirm: 18:00 of the first day that leaves time to tell them."""
    zone = would_be.zone
    today = datetime.combine(now.astimezone(zone).date(), EVENING, zone)
    for until in (today, today + timedelta(days=1)):
        if until - now >= TIME_TO_TELL:
            return until if until < would_be.begins_at else None
    return None


def _is_another_day(found: CampaignFacts, would_be: CampaignFacts) -> bool:
    """Whether an activity that takes place is on another day than before."""
    return any(
        new.schedule is not ScheduleState.CANCELLED and new.starts_at.date() != old.starts_at.date()
        for old, new in zip(found.activities, would_be.activities, strict=True)
    )


def _ends_late(ends_at: datetime | None, would_be: CampaignFacts) -> bool:
    return ends_at is not None and ends_at >= would_be.begins_at and not would_be.called_off


def _told(reach: MoveReach) -> tuple[str, ...]:
    """Who gets which letter, in sentences."""
    if not reach.people:
        return (_("还没有人报名，没有要通知的人。"),)
    said = [foreseen_words.who("seated", reach.seated, without_mailbox=reach.seated_without_mailbox)]
    if reach.waiting:
        without = reach.waiting_without_mailbox
        said.append(foreseen_words.who("waiting", reach.waiting, without_mailbox=without))
    return tuple(said)


def _consequences(found: CampaignFacts, would_be: CampaignFacts, *, now: datetime) -> list[DateRow]:
    """What hangs on the date: the deadline, the ends of bounds, reminders, and how long data is kept."""
    same = _("不变")
    deadline = times.deadline(found.deadline)
    late = would_be.starts_at < found.deadline and not would_be.called_off
    rows = [(_("报名截止"), deadline, _("要改，见上面") if late else same, "")]
    for ends_at in sorted({pool.ends_at for pool in found.pools if pool.ends_at and not pool.lifted}):
        became = _("要改，见上面") if _ends_late(ends_at, would_be) else same
        rows.append((_("名额规则到此为止"), times.deadline(ends_at.astimezone(found.zone)), became, ""))
    for rule in reminders.list_rules(found.id):
        if rule.is_on:
            timing = rule.wanted.timing
            old, new = slot_of(timing, found).at, slot_of(timing, would_be).at
            past = new is not None and new <= now and new != old
            rows.append(
                (
                    _("提醒：%(when)s", when=reminder_view_models.when_words(rule.wanted, found)),
                    _moment(old, found),
                    same if old == new else _moment(new, found),
                    _("这个时间已经过了，不再发") if past else "",
                )
            )
    last = found.retain_until + timedelta(days=1)  # until the end of that day
    kept = would_be.called_off or would_be.ends_at.date() <= last
    note = "" if kept else _("新的日期在这一天以后，这样改不了")
    rows.append((_("个人信息保存到"), times.date_full(found.retain_until), same, note))
    return rows


def _moment(at: datetime | None, found: CampaignFacts) -> str:
    return times.moment(at.astimezone(found.zone)) if at is not None else _("没有时间")


def _letters(
    would_be: CampaignFacts,
    parts: Sequence[ChangedActivity],
    terms: MoveTerms,
    reach: MoveReach,
    *,
    now: datetime,
) -> list[tuple[str, LetterPreview]]:
    """The letters as they read, in the campaign's language: to people with a place, and to people who wait."""
    reader, base_url = people.person_facts(current.person_id()), current.settings().base_url
    shown, lang = [], would_be.lang if would_be.lang in TONGUES else "zh-CN"
    audiences = [(_("给报上的人"), RegistrationState.SEATED)] if reach.seated else []
    if reach.waiting:
        audiences.append((_("给候补的人"), RegistrationState.WAITING))
    for heading, state in audiences:
        with speaking(lang):
            content = preview.date_changed(
                would_be, parts, state, reader=reader, base_url=base_url, note=terms.note,
                confirm_by=terms.confirm_by, now=now,
            )  # fmt: skip
        shown.append((heading, LetterPreview(lang, TONGUES[lang], content, qr=False)))
    return shown
