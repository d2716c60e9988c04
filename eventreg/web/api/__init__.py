"""The API for programs, under /api/v1: a bearer token, JSON, problem details."""

from __future__ import annotations

from flask import Flask

from eventreg.accounts.rules import ApiScope

from .. import gate
from . import campaigns, description, registrations, scans
from .bearer import with_scope


def init_api(app: Flask) -> None:
    """Register the blueprints, each behind the scope it takes, and the description of them all."""
    gate.guarded_by_token(app, campaigns.bp, with_scope(ApiScope.CAMPAIGNS))
    gate.guarded_by_token(app, registrations.bp, with_scope(ApiScope.REGISTRATIONS))
    gate.guarded_by_token(app, scans.bp, with_scope(ApiScope.SCANS, body_most=scans.BODY_MOST))
    gate.guarded(app, description.bp, gate.public_without_db)
