"""All tables of the product, imported in one place: what migrations compare with."""

from __future__ import annotations

import eventreg.accounts.models
import eventreg.awards.panel.models
import eventreg.awards.rounds.models
import eventreg.awards.scores.models
import eventreg.campaigns.assessments.models
import eventreg.campaigns.check_points.models
import eventreg.campaigns.files.models
import eventreg.campaigns.models
import eventreg.campaigns.stages.models
import eventreg.chat.models
import eventreg.core.idempotency
import eventreg.core.keyring.installation
import eventreg.core.trail.audit
import eventreg.core.working_days.models
import eventreg.nominations.files.models
import eventreg.nominations.models
import eventreg.nominations.papers.models
import eventreg.nominations.screening.models
import eventreg.nominations.signing.models
import eventreg.outbox.models
import eventreg.people.models
import eventreg.privacy.retention.models
import eventreg.registrations.models
import eventreg.reminders.models
import eventreg.reports.documents.models
import eventreg.venue.models
import eventreg.venue.offline.models
import eventreg.venue.programme.models
import eventreg.venue.screens.models
import eventreg.venue.teams.models
import eventreg.venue.walk.models  # noqa: F401
from eventreg.core.db.base import Model

METADATA = Model.metadata
