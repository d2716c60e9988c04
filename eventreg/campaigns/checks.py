"""Turn what organisers type into values: one check for each type of field. Pure.

Each takes the typed text and returns the value, or raises Refused with what is wrong with it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eventreg.core.errors import Refused
from eventreg.core.plain_text import clean, half_width, is_blank, unix_lines

SLUG_MOST = 60
OVERNIGHT = timedelta(hours=12)  # something that ends after midnight is shorter than this
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
BEFORE_TEXT = re.compile(
    r"\A(?:[^\S\n]*\n)+|\A (?! )"
)  # empty lines, or one space, which is a slip and no indent
YEARS = range(2000, 2101)  # years outside are typing errors


def line(typed: str, *, most: int, required: bool = True) -> str:
    """One line without control characters and without spaces at either end."""
    return _bounded(" ".join(_visible(word) for word in typed.split()).strip(), most=most, required=required)


def prose(typed: str, *, most: int, required: bool = True) -> str:
    """Text of several lines; line ends as LF. Empty lines at either end are removed; the first line keeps its indent."""
    visible = "\n".join(_visible(text) for text in unix_lines(typed).split("\n"))
    return _bounded(BEFORE_TEXT.sub("", visible.rstrip()), most=most, required=required)


def clean_lines(typed: str) -> str:
    """Lines without control characters and without empty ones, each without spaces at either end."""
    lines = (
        " ".join(_visible(word) for word in re.split("[ \u3000]+", text))
        for text in unix_lines(typed).split("\n")
    )
    return "\n".join(text.strip() for text in lines if text.strip())


def paragraphs(typed: str, *, most: int) -> tuple[str, ...]:
    """The lines of a text that hold anything."""
    return tuple(text.strip() for text in prose(typed, most=most).split("\n") if text.strip())


def number(typed: str, *, least: int, most: int) -> int:
    """A whole number from `least` to `most`, both included."""
    digits = _half(typed)
    if not digits:
        raise Refused("typed.missing")
    if not re.fullmatch(r"[0-9]{1,9}", digits):
        raise Refused("typed.not_a_number")
    value = int(digits)
    if not least <= value <= most:
        raise Refused("typed.out_of_bounds", least=least, most=most)
    return value


def maybe_number(typed: str, *, least: int, most: int) -> int | None:
    """A whole number, or None when nothing was typed."""
    return number(typed, least=least, most=most) if typed.strip() else None


def day(typed: str) -> date:
    """A date as <input type=date> sends it, 2027-03-04; 2027/3/4 and 2027.3.4 too."""
    text = _half(typed)
    if not text:
        raise Refused("typed.missing")
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    try:
        value = date(*map(int, found.groups())) if found else None
    except ValueError:
        value = None
    if value is None or value.year not in YEARS:
        raise Refused("typed.day_form")
    return value


def clock(typed: str) -> time | None:
    """A time of day, 09:00; None when nothing was typed."""
    text = _half(typed)
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(:00)?", text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Refused("typed.clock_form")
    return time(int(found[1]), int(found[2]))


def end_clock(typed: str) -> time | None:
    """A time of day at which something ends: as `clock`, and 24:00 is midnight."""
    return time(0) if _half(typed) in {"24:00", "24:00:00"} else clock(typed)


def end_of(on: date, starts: time, ends: time, *, zone: ZoneInfo) -> datetime:
    """When something ends that starts on a day: at midnight or after it on the next day, 20:00–00:00 and 22:00–01:00.

    An end before the start is read as after midnight if that makes less than twelve hours; anything longer is more
    likely a slip. Raises Refused("plan.ends_first") or ("typed.hour_skipped").
    """
    lasts = datetime.combine(on, ends) - datetime.combine(on, starts)
    overnight = ends == time(0) or timedelta(0) < lasts + timedelta(days=1) < OVERNIGHT
    if lasts <= timedelta(0) and not overnight:
        raise Refused("plan.ends_first")
    return local(on + timedelta(days=1) if overnight and lasts <= timedelta(0) else on, ends, zone=zone)


def moment(typed: str, *, zone: ZoneInfo) -> datetime:
    """A local time of `zone` as <input type=datetime-local> sends it; a space is accepted instead of the T.

    Midnight, which is the end of a day too, is always there: where summer time skips it, it is the first instant after.
    """
    text = _half(typed)
    if not text:
        raise Refused("typed.missing")
    on, _, hour = re.sub(r"[T\s]+", " ", text).partition(" ")
    try:
        there, at = day(on), clock(hour)
    except Refused:
        raise Refused("typed.moment_form") from None
    if at is None:
        raise Refused("typed.moment_form")
    if at == time():
        return datetime.combine(there, at, zone).astimezone(UTC).astimezone(zone)
    return local(there, at, zone=zone)


def local(on: date, at: time, *, zone: ZoneInfo) -> datetime:
    """A time of a day in `zone`. A time that is skipped when summer time begins is refused."""
    there = datetime.combine(on, at, zone)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise Refused("typed.hour_skipped")
    return there


def slug(typed: str) -> str:
    """The last part of a campaign's address: small letters, digits and single dashes."""
    text = _half(typed).lower()
    if not text:
        raise Refused("typed.missing")
    if len(text) > SLUG_MOST or not SLUG.fullmatch(text):
        raise Refused("typed.slug_form", most=SLUG_MOST)
    return text


def _bounded(text: str, *, most: int, required: bool) -> str:
    if required and is_blank(text):
        raise Refused("typed.missing")
    if len(text) > most:
        raise Refused("typed.too_long", most=most, length=len(text))
    return text


def _visible(typed: str) -> str:
    return "".join(c for c in clean(typed) if c == "\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def _half(typed: str) -> str:
    return half_width(typed)
