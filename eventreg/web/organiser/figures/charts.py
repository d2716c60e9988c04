"""Charts as shapes in a drawing 360 units wide, which `ui/chart.html` writes as SVG. Pure: numbers in, shapes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 360
PLOT, TOP, BASE, LEFT = 130, 14, 26, 30  # height of the columns, room above, below and beside them
ROW, BAR = 40, 12  # height of a row with its words, and of its bar
LABELS_MOST = 6
ROOM = 54  # widths of a digit that the words of a bar have; a Chinese character takes two


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle, with words beside it at (x, y) of `text_x` and `text_y`; `label` and `value` may be empty."""

    x: float
    y: float
    width: float
    height: float
    label: str = ""
    value: str = ""
    text_x: float = 0
    text_y: float = 0
    part: float = 0  # of the width of a bar: whoever has a place, the rest waits
    whole: float = 0  # the width of what a bar is a part of


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing: its name within the page, what it says to who cannot see it, its shapes and lines across it."""

    name: str
    title: str
    told: str
    height: float
    shapes: tuple[Shape, ...]
    lines: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class BarInput:
    """A bar: its words, the length that is filled, of which `part` darker, of how much, and the words at its end."""

    label: str
    filled: int
    part: int
    whole: int
    value: str


def columns(name: str, title: str, told: str, values: Sequence[tuple[str, int]]) -> Chart:
    """One column for each value; of many only some are labelled."""
    most = max((value for _label, value in values), default=0)
    step = (WIDTH - LEFT) / max(len(values), 1)
    every = -(-len(values) // LABELS_MOST) or 1
    shapes = []
    for n, (label, value) in enumerate(values):
        tall = PLOT * value / most if most else 0
        x = LEFT + n * step
        shapes.append(
            Shape(
                round(x + step * 0.1, 2),
                round(TOP + PLOT - tall, 2),
                round(min(step * 0.8, 40), 2),
                round(tall, 2),
                label if n % every == 0 else "",
                text_x=round(x + step * 0.1, 2),
                text_y=TOP + PLOT + 16,
            )
        )
    marks = sorted({0, most // 2, most}) if most else [0]
    lines = [_line(mark, most) for mark in marks]
    return Chart(name, title, told, TOP + PLOT + BASE, tuple(shapes), tuple(lines))


def bars(name: str, title: str, told: str, values: Sequence[BarInput]) -> Chart:
    """One bar a row under its words; all bars of a drawing have one scale."""
    longest = max((value.whole for value in values), default=0) or 1
    shapes = []
    for n, bar in enumerate(values):
        scale = WIDTH / longest
        shapes.append(
            Shape(
                x=0,
                y=n * ROW + 22,
                width=round(bar.filled * scale, 2),
                height=BAR,
                label=_cut(bar.label, room=ROOM - _width(bar.value) - 2),
                value=bar.value,
                text_y=n * ROW + 15,
                part=round(bar.part * scale, 2),
                whole=round(bar.whole * scale, 2),
            )
        )
    return Chart(name, title, told, len(values) * ROW, tuple(shapes))


def _cut(words: str, *, room: int) -> str:
    """Words that fit beside the value; the table has them whole."""
    if _width(words) <= room:
        return words
    while words and _width(words) > room - 2:
        words = words[:-1]
    return f"{words}…"


def _width(words: str) -> int:
    return sum(1 if character.isascii() else 2 for character in words)


def _line(mark: int, most: int) -> Shape:
    y = TOP + PLOT - (PLOT * mark / most if most else 0)
    return Shape(LEFT, round(y, 2), WIDTH - LEFT, 0, str(mark), text_x=LEFT - 5, text_y=round(y + 4, 2))
