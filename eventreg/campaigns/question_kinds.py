"""Kinds of questions, the bounds of their answers, and the options of a choice. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from eventreg.core.errors import Refused

LINE_LENGTH = 100  # characters of an answer of one line, unless the question says otherwise
TEXT_LENGTH = 500  # characters of a longer answer, unless the question says otherwise
LONGEST = 2_000  # characters that a question may allow
NUMBER_MOST = 999_999_999
OPTION_LENGTH = 60
OPTIONS_MOST = 30
CODE = re.compile(r"o([1-9][0-9]{0,5})")
BEFORE_PLACES = re.compile(r"[\t|｜]")  # between an option and its number of places, as typed or pasted


class QuestionKind(StrEnum):
    """What an answer is: one line, several lines, a mobile number, a whole number, a day, one option, several, yes or no."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    PHONE = "phone"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES = "yes"


WITH_OPTIONS = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})
WRITTEN = frozenset({QuestionKind.TEXT, QuestionKind.PARAGRAPH})
BOUNDED = frozenset({*WRITTEN, QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.CHOICES})
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class QuestionOption:
    """An option of a question. Its code is made once and never changes; a `gone` one is offered no longer, its answers stay."""

    code: str
    label: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class OptionInput:
    """An option as an organiser typed it: `code` is "" for a new one, `places` None without a bound of its own."""

    label: str
    places: int | None = None
    code: str = ""


def stored_options(options: Sequence[QuestionOption]) -> list[dict[str, object]]:
    """Options as they are stored in JSON."""
    return [{"code": o.code, "label": o.label} | ({"gone": True} if o.gone else {}) for o in options]


def options_in(stored: Sequence[Mapping[str, object]] | None) -> tuple[QuestionOption, ...]:
    """Options from JSON."""
    return tuple(QuestionOption(str(o["code"]), str(o["label"]), bool(o.get("gone"))) for o in stored or ())


def coded(
    typed: Sequence[OptionInput], known: Sequence[QuestionOption], *, held: frozenset[str]
) -> tuple[QuestionOption, ...]:
    """The options to store: a known one keeps its code, a new one gets the next number.

    A known option that was not typed is left out; if somebody has answered it (`held`), it stays as `gone`.
    """
    numbers = [int(found[1]) for option in known if (found := CODE.fullmatch(option.code))]
    last = max(numbers, default=0)
    codes = {option.code for option in known}
    made = []
    for option in typed:
        if option.code not in codes:
            last += 1
        made.append(QuestionOption(option.code if option.code in codes else f"o{last}", option.label))
    kept = {option.code for option in made}
    gone = [replace(o, gone=True) for o in known if o.code not in kept and o.code in held]
    return (*made, *gone)


def lines_of(typed: str, *, places_most: int) -> tuple[OptionInput, ...]:
    """Options typed one a line; after a tab or a vertical bar stands a number of places, as a spreadsheet pastes it."""
    lines = [line for line in typed.splitlines() if line.strip()]
    return tuple(_option_in(line, places_most=places_most) for line in lines)


def _option_in(line: str, *, places_most: int) -> OptionInput:
    label, *rest = BEFORE_PLACES.split(line.strip(), maxsplit=1)
    places = rest[0].strip() if rest else ""
    if not places:
        return OptionInput(label.strip())
    if not re.fullmatch(r"[0-9]{1,9}", places) or int(places) > places_most:
        raise Refused("plan.option_places", line=line.strip(), most=places_most)
    return OptionInput(label.strip(), int(places))


def check_options(kind: str, options: Sequence[OptionInput]) -> None:
    """Check the options of a question. Raises Refused with the field "more", where new options are typed."""
    if kind not in WITH_OPTIONS:
        return
    if len(options) < 2:
        raise Refused("plan.options_few", field="more")
    if len(options) > OPTIONS_MOST:
        raise Refused("plan.options_many", field="more", most=OPTIONS_MOST, count=len(options))
    seen = set()
    for option in options:
        if len(option.label) > OPTION_LENGTH:
            raise Refused(
                "plan.option_long",
                field="more",
                label=option.label,
                most=OPTION_LENGTH,
                length=len(option.label),
            )
        if option.label.casefold() in seen:
            raise Refused("plan.option_twice", field="more", label=option.label)
        seen.add(option.label.casefold())


def check_bounds(kind: str, least: int | None, most: int | None, *, options: int) -> None:
    """Check the bounds of a question: `least` is not above `most`, and options are enough. Raises Refused at a field."""
    if kind == QuestionKind.CHOICES and (most or 0) > options:
        raise Refused("plan.bound_above_options", field="most", count=options)
    if kind == QuestionKind.CHOICES and (least or 0) > options:
        raise Refused("plan.bound_above_options", field="least", count=options)
    if least is not None and most is not None and least > most:
        raise Refused("plan.bounds_crossed", field="most")


def day_number(on: date) -> int:
    """A day as a bound is stored: 20270304."""
    return on.year * 10_000 + on.month * 100 + on.day


def day_of(number: int) -> date:
    """The day of a stored bound."""
    return date(number // 10_000, number // 100 % 100, number % 100)
