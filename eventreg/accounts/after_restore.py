"""Sessions, codes and links after a restore: all of them end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from eventreg.core.db.session import run

from .models import BrowserSession, PrintedCode, SignInCode, SignInLink


def end_sessions_and_codes(*, now: datetime) -> None:
    """End all sessions and invalidate all codes and links: some of them were used after the backup was made."""
    run(update(BrowserSession).where(BrowserSession.ended_at.is_(None)).values(ended_at=now))
    for single_use in (SignInCode, PrintedCode, SignInLink):
        run(update(single_use).where(single_use.used_at.is_(None)).values(used_at=now))
