"""Tables: seasons, campaigns, their activities, pools, questions, privacy notices, grants and wording."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.constraints import stands_for


class Season(Model):
    """A season that campaigns belong to, such as "Women's Day 2027", with the company's name for its pages."""

    __tablename__ = "season"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    brand: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(80))
    headline: Mapped[str] = mapped_column(String(80))
    lead: Mapped[str] = mapped_column(String(200))
    day: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)


class PrivacyNotice(Model):
    """A version of the privacy notice, to which a consent refers (PIPL 14, 17). `covers`: further purposes (such as "wall_names")."""

    __tablename__ = "privacy_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(40), unique=True)
    paragraphs: Mapped[list[str]] = mapped_column(JSON)
    covers: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Campaign(Model):
    """What people sign up for or nominate in. `last_arrival` and `waiting` are counters, changed while its row is locked.

    `defaults` names the values that the plan left open and the product filled in; pages say so. `version` is raised by
    every change of an organiser: a change that was made from an older version is refused. A draft that opens when it is
    published has the time at which it was made as `opens_at` until then. `closed_at` is when an organiser closed it
    before its deadline. `for_gender` and the rows of CampaignUnit and CampaignPerson say who may sign up. Of the
    campaigns of a season with the same `one_of` a person signs up for one. A place that becomes free within
    `offer_from_h` hours of the start is offered for `offer_minutes`.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("accepts IN ('registrations', 'nominations')", name="accepts"),
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        CheckConstraint("state = 'draft' OR closes_at > opens_at", name="window"),
        CheckConstraint("waiting >= 0 AND last_arrival >= 0", name="counters"),
        CheckConstraint("for_gender IN ('female', 'male')", name="for_gender"),
        CheckConstraint("offer_from_h >= 0 AND offer_minutes > 0", name="offers"),
        # Caches and the trail know a campaign by its id: a deleted draft's is not used again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("privacy_notice.id"))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    intro: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(10))
    timezone: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    accepts: Mapped[str] = mapped_column(String(16))
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opens_on_publication: Mapped[bool] = mapped_column(default=True)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retain_until: Mapped[date] = mapped_column(Date)
    archive_until: Mapped[date | None] = mapped_column(Date)
    purged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    defaults: Mapped[list[str]] = mapped_column(JSON)
    last_arrival: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    for_gender: Mapped[str | None] = mapped_column(String(10))
    one_of: Mapped[str | None] = mapped_column(String(40))
    offer_from_h: Mapped[int] = mapped_column(default=24)
    offer_minutes: Mapped[int] = mapped_column(default=120)


class CampaignUnit(Model):
    """A unit whose people, and those of all units below it, may sign up; a campaign without such rows is for all units."""

    __tablename__ = "campaign_unit"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class CampaignPerson(Model):
    """A person of a pasted list who may sign up; a campaign without such rows is not restricted to a list."""

    __tablename__ = "campaign_person"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class DateChange(Model):
    """One act of an organiser that changed the schedule of one or several activities.

    `was` and `became` hold time, place and schedule of each changed activity by its id. `confirm_by` is until when
    everybody who has a place is asked to confirm.
    """

    __tablename__ = "date_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(String(40))
    confirm_by: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(String(200), default="")
    was: Mapped[dict[str, Any]] = mapped_column(JSON)
    became: Mapped[dict[str, Any]] = mapped_column(JSON)


class Exemption(Model):
    """A unit that need not reach the campaign's minimum per unit, with the reason."""

    __tablename__ = "exemption"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Activity(Model):
    """A part of a campaign with a kind, its own time and place, and a calendar SEQUENCE.

    `time_known` is false while only the day is decided; `starts_at` is then midnight of that day, and `begun_at` is set
    once by the first admission of that day (see `rules.begins_at`).
    """

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("campaign_id", "position"),
        CheckConstraint("schedule IN ('tentative', 'confirmed', 'moved', 'cancelled')", name="schedule"),
        CheckConstraint("ends_at >= starts_at", name="times"),
        CheckConstraint("begun_at IS NULL OR NOT time_known", name="begun"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    time_known: Mapped[bool]
    place: Mapped[str | None] = mapped_column(String(120))
    schedule: Mapped[str] = mapped_column(String(12))
    sequence: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)


class Pool(Model):
    """An upper bound on places: of the whole campaign, of a unit, of a gender, of an option of a question, or of the rest.

    The rest are the people of no unit that has a pool: where such a pool exists, the places of units are reserved for
    them. `taken` is a counter, changed while the campaign is locked; a check constraint keeps it from becoming negative.
    `capacity` is what organisers planned; `added` counts the places that were added by hand for single registrations.
    From `ends_at` on a pool binds nobody; `lifted_at` is when the people who had waited for that were seated. `reason`
    is why an organiser set another number than the rule gave.
    """

    __tablename__ = "pool"
    __table_args__ = (
        CheckConstraint("scope IN ('total', 'unit', 'gender', 'option', 'rest')", name="scope"),
        CheckConstraint("(unit_id IS NOT NULL) = (scope = 'unit')", name="unit"),
        CheckConstraint("(gender IS NOT NULL) = (scope = 'gender')", name="gender"),
        CheckConstraint(
            "(question_key IS NOT NULL) = (scope = 'option') AND (option IS NOT NULL) = (scope = 'option')",
            name="option",
        ),
        CheckConstraint("taken >= 0 AND capacity >= 0", name="counters"),
        CheckConstraint("added >= 0", name="added"),
        CheckConstraint("lifted_at IS NULL OR ends_at IS NOT NULL", name="lifted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    scope: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    gender: Mapped[str | None] = mapped_column(String(10))
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    question_key: Mapped[str | None] = mapped_column(String(40))
    option: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(200))
    added: Mapped[int] = mapped_column(default=0)


Index(
    "uq_pool_bound",
    Pool.campaign_id,
    Pool.scope,
    func.coalesce(Pool.unit_id, 0),
    func.coalesce(Pool.gender, ""),
    func.coalesce(Pool.question_key, ""),
    func.coalesce(Pool.option, ""),
    unique=True,
)


class Question(Model):
    """A question of a form; its answers point at the row.

    `version` counts the changes of its words. When other words are another question, this row is retired with its answers
    and the new question is a row with its own key. `options` holds code and label of each option, and `gone` for one that
    is offered no longer. `least` and `most` bound a number, the length of a text, how many options are chosen, or a day.
    """

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("campaign_id", "key", "version"),
        CheckConstraint(
            "kind IN ('phone', 'text', 'paragraph', 'number', 'date', 'choice', 'choices', 'yes')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    label: Mapped[str] = mapped_column(String(80))
    hint: Mapped[str] = mapped_column(String(160))
    required: Mapped[bool]
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    least: Mapped[int | None]
    most: Mapped[int | None]
    purpose: Mapped[str] = mapped_column(String(160), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CampaignGrant(Model):
    """An organiser's or judge's grant: of one campaign, for a period."""

    __tablename__ = "campaign_grant"
    __table_args__ = (
        CheckConstraint("role IN ('organiser', 'judge')", name="role"),
        CheckConstraint("until IS NULL OR until > since", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    granted_by: Mapped[str] = mapped_column(String(40))


class Wording(Model):
    """A kind of letter in one language as the organiser worded it; without a row the default text is used."""

    __tablename__ = "wording"
    __table_args__ = (CheckConstraint("lang IN ('zh-CN', 'en')", name="lang"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    lang: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject: Mapped[str] = mapped_column(String(120))
    lines: Mapped[list[str]] = mapped_column(JSON)


stands_for("uq_campaign_slug", "plan.slug_taken")
stands_for("uq_season_slug", "plan.season_exists")
