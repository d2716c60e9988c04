"""The forms of an award as long documents: all submitted forms in one PDF, or each by itself in a zip with the summary."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from flask import current_app

from eventreg.campaigns.facts import CampaignFacts
from eventreg.config import Settings
from eventreg.core.keyring.keys import Keys
from eventreg.nominations import reading
from eventreg.nominations.papers import check_codes, submitted_terms
from eventreg.nominations.papers.rules import in_groups
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.signing import service as signing
from eventreg.reports import nomination_form
from eventreg.reports.form_facts import FilledForm, PaperSeal
from eventreg.reports.typeset import Sheet

Draw = Callable[[str], str]


def forms(campaign: CampaignFacts, _now: datetime, draw: Draw) -> list[Sheet]:
    """The submitted forms, each department's in its order of preference, each with its check code."""
    found = sorted(reading.list_in(campaign.id), key=lambda one: (one.nominee.unit, one.preference, one.id))
    return [replace(nomination_form.sheet(_form(one, campaign, draw)), nomination_id=one.id) for one in found]


def joined(parts: Iterable[bytes]) -> bytes:
    """PDFs as one, in their order; the pages of each keep their own numbers."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for part in parts:
        writer.append(PdfReader(io.BytesIO(part)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _form(found: NominationFacts, campaign: CampaignFacts, draw: Draw) -> FilledForm:
    settings: Settings = current_app.extensions["eventreg.settings"]
    keys: Keys = current_app.extensions["eventreg.keys"]
    version = found.handed_in or 0
    named = check_codes.named_of(found.id, version, keys=keys)
    token = check_codes.token_of(named)
    svg = draw(f"{settings.base_url}/p/{token}")
    seal = PaperSeal(in_groups(named.code), f"{settings.base_url}/p/{token}", svg, b"")
    asks = submitted_terms.terms_for(campaign, found.id, version)
    saved = reading.saved(found.id, version)
    disclosed = replace(saved, content=signing.for_reviewers(found.id, saved.content))
    return nomination_form.form_of(found, disclosed, asks, campaign, seal)
