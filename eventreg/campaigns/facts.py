"""Campaigns as rules and pages see them: facts, never rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .inputs import NewActivity, NewQuestion, SeasonInput
from .kinds import CheckPoint, check_points_of
from .rules import Intake, PoolFacts, PoolScope, ScheduleState, SignUpWindow


@dataclass(frozen=True, slots=True)
class ActivityFacts(NewActivity):
    """An activity that a campaign has; times are aware, in the campaign's zone. `sequence` counts its calendar updates."""

    id: int = field(kw_only=True)
    sequence: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A campaign as pages and rules see it. `total` is the pool of the whole campaign, if any.

    `closes_at` is when sign-ups end: the `deadline`, or before it when an organiser closed it.
    """

    id: int
    season_id: int
    version: int
    slug: str
    title: str
    intro: str
    audience: str
    lang: str
    zone: ZoneInfo
    accepts: Intake
    published: bool
    opens_at: datetime
    opens_on_publication: bool
    closes_at: datetime
    deadline: datetime
    retain_until: date
    defaults: tuple[str, ...]
    notice_id: int
    waiting: int
    last_arrival: int
    activities: tuple[ActivityFacts, ...]
    pools: tuple[PoolFacts, ...]

    @property
    def total(self) -> PoolFacts | None:
        """The bound on all places."""
        return next((pool for pool in self.pools if pool.scope is PoolScope.TOTAL), None)

    @property
    def _held(self) -> tuple[ActivityFacts, ...]:
        """What takes place; everything, where all is cancelled."""
        held = tuple(a for a in self.activities if a.schedule is not ScheduleState.CANCELLED)
        return held or self.activities

    @property
    def first(self) -> ActivityFacts | None:
        """The first activity that takes place; where all are called off, the first of them."""
        return min(self._held, key=lambda a: a.starts_at, default=None)

    @property
    def called_off(self) -> bool:
        """Every part is cancelled."""
        return bool(self.activities) and all(a.schedule is ScheduleState.CANCELLED for a in self.activities)

    @property
    def closed_early(self) -> bool:
        """An organiser closed it before its deadline."""
        return self.closes_at != self.deadline

    @property
    def ends_at(self) -> datetime:
        """When the last activity that takes place ends."""
        return max((a.ends_at for a in self._held), default=self.closes_at)

    @property
    def starts_at(self) -> datetime:
        """When the first activity starts that takes place."""
        return self.first.starts_at if self.first else self.closes_at

    @property
    def check_points(self) -> list[CheckPoint]:
        """Where phones may stand: at the check points of its activities."""
        return check_points_of(activity.kind for activity in self.activities)

    @property
    def window(self) -> SignUpWindow:
        return SignUpWindow(
            self.published, self.accepts, self.opens_at, self.closes_at, self.starts_at, self.called_off
        )


@dataclass(frozen=True, slots=True)
class QuestionFacts(NewQuestion):
    """A question that a form asks."""

    id: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """The privacy notice that a consent points at."""

    id: int
    version: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignUpFormFacts:
    """What a sign-up form is checked against: its campaign's questions and privacy notice."""

    campaign_id: int
    notice: NoticeFacts
    questions: tuple[QuestionFacts, ...]


@dataclass(frozen=True, slots=True)
class SeasonFacts(SeasonInput):
    """The season now on the home page, with the house's name."""

    id: int = field(kw_only=True)
    version: int = field(kw_only=True)
