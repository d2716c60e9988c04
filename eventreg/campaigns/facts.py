"""Facts about campaigns for rules and pages; no database rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .files.rules import CampaignPart
from .form_version import form_version
from .inputs import NewActivity, NewQuestion, SeasonInput
from .rules import Intake, PoolFacts, PoolScope, ScheduleState, SignUpWindow, archive_end, begins_at


@dataclass(frozen=True, slots=True)
class ActivityFacts(NewActivity):
    """An activity that a campaign has; times are aware, in the campaign's zone. `sequence` counts its calendar updates."""

    id: int = field(kw_only=True)
    sequence: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class CampaignFileFacts:
    """A file on a campaign's page; `size` in bytes, width and height in pixels, None for a PDF."""

    id: str
    part: CampaignPart
    name: str
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may sign up: a gender or None for all, units (none: all), and how many people are on a list (0: no list)."""

    gender: str | None = None
    unit_ids: tuple[int, ...] = ()
    listed: int = 0

    @property
    def restricted(self) -> bool:
        """Whether the campaign is not for everybody."""
        return bool(self.gender or self.unit_ids or self.listed)


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
    offer_from_h: int = 24
    offer_minutes: int = 120
    eligible: Eligibility = Eligibility()
    one_of: str | None = None
    files: tuple[CampaignFileFacts, ...] = ()
    archive_set: date | None = None

    def file_for(self, part: CampaignPart) -> CampaignFileFacts | None:
        """The file that the campaign's page shows for this part, if there is one."""
        return next((file for file in self.files if file.part is part), None)

    @property
    def archive_until(self) -> date:
        """The last day on which the record is kept."""
        return archive_end(self.retain_until, self.archive_set)

    @property
    def total(self) -> PoolFacts | None:
        """The capacity of the whole campaign."""
        return next((pool for pool in self.pools if pool.scope is PoolScope.TOTAL), None)

    @property
    def _held(self) -> tuple[ActivityFacts, ...]:
        """The activities that take place; all of them if all are cancelled."""
        held = tuple(a for a in self.activities if a.schedule is not ScheduleState.CANCELLED)
        return held or self.activities

    @property
    def first(self) -> ActivityFacts | None:
        """The first activity that takes place; if all are cancelled, the first of them."""
        return min(self._held, key=lambda a: a.starts_at, default=None)

    @property
    def called_off(self) -> bool:
        """Whether all activities are cancelled."""
        return bool(self.activities) and all(a.schedule is ScheduleState.CANCELLED for a in self.activities)

    @property
    def closed_early(self) -> bool:
        """Whether an organiser closed sign-ups before the deadline."""
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
    def begins_at(self) -> datetime:
        """When the first activity begins that takes place; from then on places and answers are fixed."""
        return min(map(begins_at, self._held), default=self.closes_at)

    @property
    def window(self) -> SignUpWindow:
        return SignUpWindow(
            self.published, self.accepts, self.opens_at, self.closes_at, self.begins_at, self.called_off
        )


@dataclass(frozen=True, slots=True)
class QuestionFacts(NewQuestion):
    """A question that a form asks; a `retired` one is asked no longer, and its answers stay under its own words."""

    id: int = field(kw_only=True)
    retired: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """The privacy notice that a consent points at; `covers` names what it covers beyond the event itself."""

    id: int
    version: str
    paragraphs: tuple[str, ...]
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignUpFormFacts:
    """The questions and the privacy notice that a sign-up form is checked against.

    `retired` are the questions that were answered and are asked no longer; a key stands for one question in both.
    `plan_version` is the version of the campaign that this was read from.
    """

    campaign_id: int
    notice: NoticeFacts
    questions: tuple[QuestionFacts, ...]
    retired: tuple[QuestionFacts, ...] = ()
    plan_version: int = 0

    @property
    def version(self) -> str:
        """The version of the form, which a form carries and programs may send."""
        return form_version(self.questions)

    @property
    def answered(self) -> tuple[QuestionFacts, ...]:
        """All questions that a registration may have answers to: those asked now come first."""
        return (*self.questions, *self.retired)


@dataclass(frozen=True, slots=True)
class ShownForm:
    """What answers were given to: `form` is what they were checked against, `version` the form that the person saw."""

    form: SignUpFormFacts
    version: str


@dataclass(frozen=True, slots=True)
class SeasonFacts(SeasonInput):
    """The season on the home page, with the company's name."""

    id: int = field(kw_only=True)
    version: int = field(kw_only=True)
