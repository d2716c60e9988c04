"""Tables: sessions, codes, links, role grants, API tokens and calendar feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.constraints import stands_for

from .rules import SIGN_IN


class BrowserSession(Model):
    """A session in one browser. Only the hash of its token is stored; ending it takes effect at once."""

    __tablename__ = "browser_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    signed_in_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    elevated_until: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    browser: Mapped[str] = mapped_column(String(120))


class SignInCode(Model):
    """A request for a code by mail, bound to the browser that asked by `browser_hash`.

    `person_id` is empty when nobody was found; the row is written all the same, so that unknown accounts take the same
    statements. `account` and `network` are hashes to count requests by. `purpose` is signing in, or confirming one act of
    a person.
    """

    __tablename__ = "sign_in_code"
    __table_args__ = (
        Index("ix_sign_in_code_account", "account", "asked_at"),
        Index("ix_sign_in_code_network", "network", "asked_at"),
        CheckConstraint("tries_left >= 0", name="tries"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    account: Mapped[bytes] = mapped_column(LargeBinary(32))
    network: Mapped[bytes] = mapped_column(LargeBinary(32))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries_left: Mapped[int]
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    purpose: Mapped[str] = mapped_column(String(80), default=SIGN_IN, server_default=SIGN_IN)


class CodeCount(Model):
    """The number of requests for codes under one key, and when the next is allowed.

    `key` is a hash: of an account (known or not), of one browser of an account, of a network, of a person who confirms.
    """

    __tablename__ = "code_count"
    __table_args__ = (CheckConstraint("asked >= 0", name="asked"),)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    asked: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PrintedCode(Model):
    """A printed one-time code for a person without a mailbox, entered instead of a mailed one."""

    __tablename__ = "printed_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    printed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SignInLink(Model):
    """A single-use link from the console. Without a person it makes the first administrator."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RoleGrant(Model):
    """(person, role, unit or everywhere, from, until, by): what a person may do, and how long."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "role IN ('unit_contact', 'department_head', 'organiser', 'hr_reviewer', 'administrator')",
            name="role",
        ),
        CheckConstraint(
            "(unit_id IS NOT NULL) = (role IN ('unit_contact', 'department_head'))", name="scope"
        ),
        CheckConstraint("until IS NULL OR until > since", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    granted_by: Mapped[str] = mapped_column(String(40))


class ApiToken(Model):
    """An API token of a program. Only its hash is stored; a name has at most one valid token.

    `scopes` are separated by spaces; `owner` is a free text that says whom to ask about it.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        Index(
            "uq_api_token_name",
            "name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        CheckConstraint("name <> '' AND scopes <> ''", name="named"),
        CheckConstraint("until > made_at", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    scopes: Mapped[str] = mapped_column(String(80))
    owner: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CalendarFeed(Model):
    """The address of a person's calendar feed. Only the hash of its token is stored.

    A person has at most one of each scope: their "own" sign-ups, or all campaigns that they "manage".
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (CheckConstraint("scope IN ('own', 'managed')", name="scope"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(12), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


stands_for("uq_api_token_name", "token.name_taken")
