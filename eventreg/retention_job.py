"""The daily removal of what is due, and the letter a week before it."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from eventreg.config import Settings
from eventreg.core.actor import actor_of
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound
from eventreg.core.uploaded_files import receiving
from eventreg.delivery.mail import mailer
from eventreg.privacy.retention import erasing, noted, removal_notices
from eventreg.privacy.retention import service as retention

log = logging.getLogger("eventreg.jobs")

WRITTEN_LETTERS = timedelta(days=7)  # a letter that was written to a file, because there was no mail server


def retain(now: datetime) -> int:
    """Once a day, remove what is due of every campaign, a unit of work for each, and repeat erasures that a restored backup
    brought back; a week before, inform organisers. Returns how many campaigns and people it was about."""
    settings: Settings = current_app.extensions["eventreg.settings"]
    actor = actor_of("system", now=now)
    with unit_of_work(contended=False):
        due = retention.list_due(now=now)
        back = erasing.list_lost(noted.list_noted(settings.instance))
        removal_notices.announce(now=now)
    files: list[str] = []
    for campaign_id, date in due:
        try:
            with unit_of_work():
                files += retention.purge(campaign_id, date, actor=actor)
        except SQLAlchemyError:  # one that cannot be purged must not keep the others from it
            log.exception("retention.failed", extra={"campaign": campaign_id})
    for person_id in back:
        with suppress(NotFound), unit_of_work():
            files += erasing.erase(person_id, actor=actor)
    for file_id in files:
        receiving.discard(file_id)
    _discard_letters(settings.instance / "mail", now if due or back else now - WRITTEN_LETTERS)
    return len(due) + len(back)


def _discard_letters(folder: Path, before: datetime) -> None:
    """Letters in files are copies for an installation without a mail server: they hold names, and outlive no removal."""
    mailer.discard_files(folder, before)
