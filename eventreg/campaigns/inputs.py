"""What a campaign and its parts are to be: checked values, as an organiser, an administrator or the demo gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from .check_points.rules import CheckPointFacts
from .kinds import Parameters
from .question_kinds import QuestionOption
from .rules import Intake, PoolScope, ScheduleState


@dataclass(frozen=True, slots=True)
class SeasonInput:
    """A season as it was typed: its texts for the home page and letters, and where a campaign's dates begin."""

    title: str
    headline: str
    lead: str
    brand: str
    owner: str
    phone: str | None
    day: date


@dataclass(frozen=True, slots=True)
class NewSeason(SeasonInput):
    """A season to be made, with its address."""

    slug: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An activity to be made; instants are aware. One without an hour gets `begun_at` on its day (see `rules.begins_at`)."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    time_known: bool
    schedule: ScheduleState
    parameters: Parameters
    place: str | None = None
    begun_at: datetime | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to be asked; kinds are those of `QuestionKind`.

    `least` and `most` bound a number, the length of a text, the number of options chosen or a day
    (`question_kinds.day_number`). `purpose` says what the answer is for.
    """

    key: str
    kind: str
    label: str
    hint: str
    required: bool = False
    options: tuple[QuestionOption, ...] = ()
    least: int | None = None
    most: int | None = None
    purpose: str = ""

    @property
    def offered(self) -> tuple[QuestionOption, ...]:
        """The options that can be chosen now."""
        return tuple(option for option in self.options if not option.gone)


@dataclass(frozen=True, slots=True)
class NewPool:
    """A bound on places to be made; see `models.Pool` for whom each scope binds and until when."""

    scope: PoolScope
    capacity: int
    unit_id: int | None = None
    gender: str | None = None
    ends_at: datetime | None = None
    question_key: str | None = None
    option: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EligibilityInput:
    """Who may sign up: a gender or None for all, units (none: all), and the people of a list (none: no list)."""

    gender: str | None = None
    unit_ids: frozenset[int] = frozenset()
    person_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NewWording:
    """A kind of letter in one language, worded by an organiser."""

    kind: str
    lang: str
    subject: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign to be made. `capacity` None sets no bound on places, `bounds` are the narrower ones.

    `check_points` are those beside door, start and finish.
    """

    slug: str
    title: str
    intro: str
    audience: str
    accepts: Intake
    closes_at: datetime
    retain_until: date
    defaults: tuple[str, ...]
    capacity: int | None
    questions: tuple[NewQuestion, ...]
    activities: tuple[NewActivity, ...]
    lang: str = "zh-CN"
    timezone: str = "Asia/Shanghai"
    bounds: tuple[NewPool, ...] = ()
    wordings: tuple[NewWording, ...] = ()
    eligible: EligibilityInput = EligibilityInput()
    offer_from_h: int = 24
    offer_minutes: int = 120
    check_points: tuple[CheckPointFacts, ...] = ()
