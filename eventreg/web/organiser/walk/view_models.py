"""View models of the hike's pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.check_points.rules import CheckPointFacts
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.kinds import CheckPointRole
from eventreg.venue.roll_call import LetInPerson
from eventreg.venue.walk.bursts import Burst
from eventreg.venue.walk.person import PersonFix, PersonReading, PersonWalk
from eventreg.venue.walk.results import WalkLine, WalkResults
from eventreg.venue.walk.rules import WalkNoteKind, WalkResult, WalkStanding, seconds_of
from eventreg.words import refusals, times, venue_words
from eventreg.words.day import walk_words

LOOKS = {
    WalkStanding.IN_TIME: "seated",
    WalkStanding.LATE: "refused",
    WalkStanding.NOT_BACK: "waiting",
    WalkStanding.LEFT: "withdrawn",
    WalkStanding.VEHICLE: "withdrawn",
    WalkStanding.ASKED: "offered",
}
RESULTS = (WalkStanding.IN_TIME, WalkStanding.LATE, WalkStanding.VEHICLE, WalkStanding.LEFT)


@dataclass(frozen=True, slots=True)
class WalkRow:
    """Somebody's line. `look` and `word` are the state, `figures` the times in words, `phone` "" if there is none to call."""

    name: str
    unit: str
    url: str
    look: str
    word: str
    figures: str
    time: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class LetInRow:
    """Somebody whom a phone let through; `key` names the row for the button that takes them off."""

    key: str
    name: str
    says: str
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class BurstView:
    """A burst whose taps and people differ in number: (id, time) of the taps, (name, time) of the scans."""

    title: str
    taps: tuple[tuple[int, str], ...]
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person's page. `fixes` are (id or 0 if undone, words), `notes` (code, word, whether it holds)."""

    name: str
    unit: str
    look: str
    word: str
    figures: str
    why: str
    readings: tuple[str, ...]
    fixes: tuple[tuple[int, str], ...]
    notes: tuple[tuple[str, str, bool], ...]
    note_text: str
    points: tuple[tuple[str, str], ...]


class WalkPage:
    """Makes the lines of one hike's page at one instant."""

    def __init__(
        self, campaign: CampaignFacts, activity: ActivityFacts, found: WalkResults, *, now: datetime
    ) -> None:
        self.campaign, self.activity, self.found, self.now = campaign, activity, found, now

    def out(self, phones: Mapping[int, str]) -> list[WalkRow]:
        """Whoever is not back yet; over the limit they are red."""
        return [
            self._out(line, phones.get(line.registration_id, ""))
            for line in self.found.out
            if not line.let_in
        ]

    def asked(self) -> list[WalkRow]:
        """Whoever the organiser is asked about."""
        return [self._row(line) for line in self.found.of(WalkStanding.ASKED)]

    def results(self) -> list[WalkRow]:
        """Everybody with a result, by time."""
        return [self._row(line) for line in self.found.of(*RESULTS)]

    def let_in(self, found: Iterable[LetInPerson]) -> list[LetInRow]:
        """People whom only a phone let through and who were not seen at the finish."""
        back = {
            one.registration_id
            for one in (*self.found.lines, *self.found.let_in)
            if one.result.finish is not None
        }
        limit = self.found.hike.limit_min * 60
        return [
            let_in_row(one, self.campaign.zone, overdue=seconds_of(self.now - one.at) > limit)
            for one in found
            if one.registration_id not in back and one.check_point not in self.found.day.finishes
        ]

    def bursts(self, found: Iterable[Burst], doors: Mapping[int, str]) -> list[BurstView]:
        """The bursts that are asked about."""
        names = {line.registration_id: line.name for line in self.found.lines}
        return [
            BurstView(
                title=_(
                    "%(door)s：按了 %(taps)s 次，扫了 %(people)s 人",
                    door=doors.get(burst.taps[0].device_id, _("终点")),
                    taps=len(burst.taps),
                    people=len(burst.scans),
                ),
                taps=tuple((tap.id, to_second(tap.at, self.campaign.zone)) for tap in burst.taps),
                people=tuple(
                    (names.get(scan.registration_id, ""), to_second(scan.at, self.campaign.zone))
                    for scan in burst.scans
                ),
            )
            for burst in found
            if burst.asked
        ]

    def _out(self, line: WalkLine, phone: str) -> WalkRow:
        result, zone = line.result, self.campaign.zone
        since = result.off_again or result.start or self.now
        overdue = result.overdue(self.found.hike, now=self.now)
        if result.off_again is not None:
            says = _("%(at)s 又在起点扫过", at=to_second(since, zone))
        else:
            says = _("%(at)s 出发", at=to_second(since, zone))
        minutes = max(0, seconds_of(self.now - since)) // 60
        return WalkRow(
            name=line.name,
            unit=line.unit,
            url=self._url(line),
            look="refused" if overdue else "waiting",
            word=_("超过限时") if overdue else _("在路上"),
            figures=_("%(says)s，已经 %(n)s 分钟", says=says, n=minutes),
            phone=phone,
        )

    def _row(self, line: WalkLine) -> WalkRow:
        result = line.result
        says = walk_words.question(result.asked) if result.asked else times_of(result, self.campaign.zone)
        note = self.found.day.notes.get(line.registration_id)
        said = [says, walk_words.note(note) if note else ""]
        return WalkRow(
            name=line.name,
            unit=line.unit,
            url=self._url(line),
            look=LOOKS[result.standing],
            word=walk_words.standing(result.standing),
            figures=_("，").join(filter(None, said)),
            time="" if result.elapsed_s is None else walk_words.seconds(result.elapsed_s),
        )

    def _url(self, line: WalkLine) -> str:
        return url_for(
            "walk.person",
            slug=self.campaign.slug,
            registration_id=line.registration_id,
            activity=self.activity.id,
        )


def to_second(at: datetime, zone: ZoneInfo, *, of: date | None = None) -> str:
    """10:27:05, in the campaign's zone; with its day if that is not the day `of`."""
    if of is not None and at.astimezone(zone).date() != of:
        return f"{times.day(at.astimezone(zone))} {times.to_second(at.astimezone(zone))}"
    return times.to_second(at.astimezone(zone))


def times_of(result: WalkResult, zone: ZoneInfo) -> str:
    """Start and finish as far as they are known."""
    parts = []
    if result.start is not None:
        parts.append(_("%(at)s 出发", at=to_second(result.start, zone)))
    if result.finish is not None:
        parts.append(_("%(at)s 到达", at=to_second(result.finish, zone)))
    if result.doubtful:
        parts.append(_("手机的时钟对不上"))
    return _("，").join(parts)


def let_in_row(one: LetInPerson, zone: ZoneInfo, *, overdue: bool = False) -> LetInRow:
    """Who a phone let through, what it showed, and what the server answered."""
    who = _("工号 %(no)s", no=one.staff_no) if one.staff_no else _("不知道是谁")
    says = _(
        "%(at)s，手机显示：%(shown)s；系统答复：%(answer)s",
        at=to_second(one.at, zone),
        shown=walk_words.shown(one.shown),
        answer=answered(one.answered),
    )
    return LetInRow(f"{one.device_id}:{one.nonce}", one.name or who, says, overdue)


def answered(code: str) -> str:
    """The server's answer in words."""
    return refusals.say(code, {}) if code in refusals.SENTENCES else code


def person_view(
    walk: PersonWalk,
    campaign: CampaignFacts,
    activity: ActivityFacts,
    points: Mapping[str, tuple[str, CheckPointRole]],
) -> PersonView:
    """One person's page; `points` are name and role of the check points by code."""
    zone, result = campaign.zone, walk.result
    readings = [_reading(one, points[one.check_point][0], activity, zone) for one in walk.readings]
    return PersonView(
        name=walk.name,
        unit=walk.unit,
        look=LOOKS[result.standing] if result else "closed",
        word=walk_words.standing(result.standing) if result else _("没有出发"),
        figures=_figures(result, zone) if result else "",
        why=walk_words.question(result.asked) if result and result.asked else "",
        readings=tuple(readings),
        fixes=tuple((0 if fix.undone_at else fix.id, _fix(fix, points, zone)) for fix in walk.fixes),
        notes=tuple((str(kind), walk_words.note(kind), kind is walk.note) for kind in WalkNoteKind),
        note_text=walk.note_text,
        points=tuple(
            (code, name)
            for code, (name, role) in points.items()
            if role in {CheckPointRole.START, CheckPointRole.FINISH}
        ),
    )


def _reading(one: PersonReading, point: str, activity: ActivityFacts, zone: ZoneInfo) -> str:
    at = to_second(one.at, zone, of=activity.starts_at.date())
    said = [_("%(at)s %(point)s，%(door)s", at=at, point=point, door=one.door)]
    if one.tapped_at is not None:
        said.append(_("按“有人过线”是 %(at)s", at=to_second(one.tapped_at, zone)))
    if one.doubt:
        said.append(_("手机的时钟对不上，%(at)s 收到", at=times.moment(one.received_at.astimezone(zone))))
    if one.verdict == "refused":
        said.append(_("没有通过"))
    return _("，").join(said)


def _figures(result: WalkResult, zone: ZoneInfo) -> str:
    said = times_of(result, zone)
    if result.elapsed_s is None:
        return said
    return _("%(times)s，用时 %(time)s", times=said, time=walk_words.seconds(result.elapsed_s))


def _fix(fix: PersonFix, points: Mapping[str, tuple[str, CheckPointRole]], zone: ZoneInfo) -> str:
    point, made = points[fix.check_point][0], times.moment(fix.made_at.astimezone(zone))
    if fix.at is None:
        said = _("%(made)s 以前在%(point)s扫的不算：%(reason)s", made=made, point=point, reason=fix.reason)
    else:
        at = to_second(fix.at, zone)
        said = _(
            "%(point)s改为 %(at)s：%(reason)s（%(made)s）", point=point, at=at, reason=fix.reason, made=made
        )
    return _("%(said)s，已撤回", said=said) if fix.undone_at else said


def point_names(points: Iterable[CheckPointFacts]) -> dict[str, tuple[str, CheckPointRole]]:
    """Name and role of check points, by code."""
    return {p.code: (venue_words.point(p.code, p.name), p.role) for p in points}
