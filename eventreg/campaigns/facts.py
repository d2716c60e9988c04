"""Campaigns as rules and pages see them: facts, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .kinds import Parameters
from .rules import Accepts, PoolFacts, Schedule, Window


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """An activity with its parameters; times are aware, in the campaign's zone."""

    id: int
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    time_known: bool
    place: str | None
    schedule: Schedule
    sequence: int
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A campaign as pages and rules see it. `total` is the pool of the whole campaign, if any."""

    id: int
    slug: str
    title: str
    intro: str
    audience: str
    lang: str
    zone: ZoneInfo
    accepts: Accepts
    published: bool
    opens_at: datetime
    closes_at: datetime
    retain_until: date
    defaults: tuple[str, ...]
    notice_id: int
    waiting: int
    last_arrival: int
    activities: tuple[ActivityFacts, ...]
    total: PoolFacts | None

    @property
    def starts_at(self) -> datetime:
        """When the first activity starts."""
        return min((a.starts_at for a in self.activities), default=self.closes_at)

    @property
    def window(self) -> Window:
        return Window(self.published, self.accepts, self.opens_at, self.closes_at, self.starts_at)


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """What one question of a form asks."""

    id: int
    key: str
    kind: str
    label: str
    hint: str
    required: bool


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """The privacy notice that a consent points at."""

    id: int
    version: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a sign-up form is checked against: its campaign's questions and privacy notice."""

    campaign_id: int
    notice: NoticeFacts
    questions: tuple[QuestionFacts, ...]


@dataclass(frozen=True, slots=True)
class SeasonFacts:
    """The season now on the home page, with the house's name."""

    brand: str
    owner: str
    phone: str | None
    title: str
    headline: str
    lead: str
