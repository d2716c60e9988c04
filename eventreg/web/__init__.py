"""What people see: one blueprint an audience, each behind its guard."""

from __future__ import annotations

from flask import Flask

from eventreg.accounts.rules import Role

from . import (
    account,
    api,
    assets,
    delegates,
    desk,
    desk_api,
    devices,
    employee,
    errors,
    feeds,
    gate,
    headers,
    history,
    keys,
    letters,
    links,
    manage,
    materials,
    mine,
    my_data,
    my_nominations,
    nomination,
    organisers,
    page,
    paper_receipts,
    pausing,
    people,
    plan,
    proposals,
    review,
    review_files,
    review_quotas,
    roster_import,
    screening_report,
    signatures,
    site,
    style_guide,
    tickets,
    tokens,
    unit,
)
from .cookies import SessionCookies


def init_web(app: Flask, *, hsts: bool) -> None:
    """Cookies, languages, gate, headers, error pages, and every blueprint with who may enter."""
    app.session_interface = SessionCookies()
    page.init_pages(app)
    assets.init_assets(app)
    headers.init_headers(app, hsts=hsts)
    gate.init_gate(app)
    errors.init_errors(app)
    gate.guarded(app, employee.bp, gate.anyone)
    gate.guarded(app, site.bp, gate.anyone)
    gate.guarded(app, site.health_bp, gate.public_without_db)
    gate.guarded(app, assets.bp, gate.public_without_db)
    gate.guarded(app, account.bp, gate.anyone)
    gate.guarded(app, links.bp, gate.anyone)
    gate.guarded(app, mine.bp, gate.signed_in)
    gate.guarded(app, unit.bp, gate.only_for(Role.UNIT_CONTACT))
    for blueprint in (nomination.bp, materials.bp):
        gate.guarded(app, blueprint, gate.only_for(Role.UNIT_CONTACT))
    gate.guarded(app, delegates.bp, gate.only_if(signatures.signs))
    gate.guarded(app, my_nominations.bp, gate.signed_in)
    gate.guarded(app, paper_receipts.bp, gate.only_for(*review.REVIEWERS))
    api.init_api(app)
    gate.guarded(app, devices.bp, gate.only_for(Role.ORGANISER, Role.ADMINISTRATOR))
    gate.guarded(app, desk.bp, gate.anyone)
    gate.guarded_for_devices(app, desk_api.bp, desk_api.by_device)
    gate.guarded(app, manage.bp, gate.only_for(Role.ORGANISER, Role.ADMINISTRATOR))
    gate.guarded(app, tokens.bp, gate.only_for(Role.ADMINISTRATOR))
    plan.init_plan(app)
    for blueprint in (letters.bp, history.bp, organisers.bp, tickets.bp):
        gate.guarded(app, blueprint, gate.only_for(Role.ORGANISER, Role.ADMINISTRATOR))
    for blueprint in (people.bp, roster_import.bp, pausing.bp, keys.bp):
        gate.guarded(app, blueprint, gate.only_for(Role.ADMINISTRATOR))
    for blueprint in (screening_report.bp, review_quotas.bp, review_files.bp):
        gate.guarded(app, blueprint, gate.only_for(Role.HR_REVIEWER, Role.ADMINISTRATOR))
    gate.guarded(app, my_data.bp, gate.signed_in)
    gate.guarded(app, proposals.bp, gate.signed_in)
    gate.guarded(app, feeds.bp, gate.signed_in)
    gate.guarded(app, feeds.public_bp, gate.public_without_db)
    if app.debug:
        gate.guarded(app, style_guide.bp, gate.anyone)
