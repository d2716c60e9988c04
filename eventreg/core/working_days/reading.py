"""Reads days off and worked weekends as people type or paste them: a day a line, or the sentences of the State Council's notice.

Understood are `2027-02-06 班 春节`, `2027-02-06 off Spring Festival`, `2027年2月6日 休`, `2月6日至12日 休 春节`, and sentences such as
`二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。`
The notice's prose, which names no day, is passed over. Pure: nothing is guessed, and what is not understood is returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST_DAYS = 120  # of one year
LONGEST_RANGE = 31  # days
NAME_MOST = 40
BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
DAY = re.compile(
    r"(?:(?P<year>\d{4})\s*[年./-]\s*)?(?:(?P<month>\d{1,2})\s*[月./-]\s*)?(?P<day>\d{1,2})\s*[日号]?"
)
RANGE = re.compile(r"\s*(?:至|到|—|–|~|～)\s*")
NUMBERED = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[、.](?!\d))\s*"
)
ONE_DAY = re.compile(
    r"^(?P<days>[\d年月日号./\-\s至到—–~～]+?)[\s,，、:：]*(?P<what>休|班|放假|上班|休息|off|work)[\s,，、:：]*(?P<name>\D{0,40})$"
)
COUNT = re.compile(r"共\s*\d+\s*天")
SIGNED = re.compile(r"国务院办公厅|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")  # who issued it, and when
DATED = re.compile(r"[\d一二三四五六七八九十]\s*[月日号/.-]")
SHORT = 12  # characters: nobody pastes prose as short as this
OFF, WORKED = ("放假", "休"), ("上班", "班", "work")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that is off for a holiday, or worked for one."""

    day: date
    works: bool
    name: str


@dataclass(frozen=True, slots=True)
class ReadDays:
    """The days that were understood, in order and each once, and the pieces of text that were not."""

    days: tuple[NamedDay, ...]
    unread: tuple[str, ...]


def read_days(text: str, *, year: int) -> ReadDays:
    """The days of `year` in a text; days of another year and pieces that are no days are among the unread."""
    found: dict[date, NamedDay] = {}
    unread = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        days, left = _line(line, year)
        found.update({one.day: one for one in days})
        unread += left
    return ReadDays(tuple(found[day] for day in sorted(found)), tuple(unread))


def as_lines(days: tuple[NamedDay, ...]) -> str:
    """A day a line, as it is shown to be changed and read again."""
    return "\n".join(f"{d.day.isoformat()} {'班' if d.works else '休'} {d.name}".rstrip() for d in days)


def _line(line: str, year: int) -> tuple[list[NamedDay], list[str]]:
    if typed := ONE_DAY.fullmatch(line):
        days = _days(typed["days"], year)
        works = typed["what"] in WORKED
        name = typed["name"].strip()
        return ([NamedDay(day, works, name) for day in days], []) if days else ([], [line])
    return _sentences(line, year)


def _sentences(line: str, year: int) -> tuple[list[NamedDay], list[str]]:
    """Sentences of a notice: the name before the colon holds for the whole line."""
    plain = NUMBERED.sub("", BRACKETS.sub("", line))
    name, colon, rest = plain.replace(":", "：").partition("：")
    if not colon:
        name, rest = "", plain
    found: list[NamedDay] = []
    unread: list[str] = []
    for sentence in filter(None, (piece.strip() for piece in re.split(r"[。；;]", rest))):
        works = WORKED[0] in sentence
        told = COUNT.sub("", sentence)
        days = _days(told, year)
        if days and (works or OFF[0] in sentence):
            found += [NamedDay(day, works, name.strip()[:NAME_MOST]) for day in days]
        elif not _is_prose(sentence):
            unread.append(sentence)
    return found, unread


def _is_prose(sentence: str) -> bool:
    """Whether a sentence of a notice says nothing about days: no date in it, or only who issued it and when."""
    return SIGNED.fullmatch(sentence) is not None or (len(sentence) > SHORT and not DATED.search(sentence))


def _days(text: str, year: int) -> list[date]:
    """All days of a piece, ranges included; none if one of them is no day of `year`."""
    matches = list(DAY.finditer(text))
    found: list[date] = []
    month = 0
    try:
        for at, match in enumerate(matches):
            month = int(match["month"] or month)
            day = date(int(match["year"] or year), month, int(match["day"]))
            joined = at > 0 and RANGE.fullmatch(text[matches[at - 1].end() : match.start()])
            found += list(_after(found[-1], day)) if joined else [day]
    except ValueError:
        return []
    return found if all(day.year == year for day in found) else []


def _after(first: date, last: date) -> Iterator[date]:
    days = (last - first).days
    if not 0 < days <= LONGEST_RANGE:
        raise ValueError("a range runs forward, and for a month at most")
    return (first + timedelta(days=n) for n in range(1, days + 1))
