"""Pages and interfaces: one package a feature, one blueprint a package, all of them listed here with their guards.

The groups of packages follow the audience: `employee`, `award` (people who nominate and sign), `review` (HR), `organiser`,
`admin`, `desk` (phones at the venue) and `api` (programs). `app` holds what all pages share. The templates of a
package stand in `templates/` under the same path.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from eventreg.accounts.rules import ApiScope, Role
from eventreg.campaigns.access import ORGANISERS
from eventreg.nominations import access

from .admin.erasing import views as erasing
from .admin.keys import views as keys
from .admin.mail_settings import views as mail_settings
from .admin.pausing import views as pausing
from .admin.people import views as people
from .admin.roster_import import views as roster_import
from .admin.seasons import views as seasons
from .admin.tokens import views as tokens
from .admin.working_days import views as working_days
from .api import bearer
from .api.campaigns import views as api_campaigns
from .api.description import views as api_description
from .api.registrations import views as api_registrations
from .api.results import views as api_results
from .api.scans import views as api_scans
from .api.teams import views as api_teams
from .app import assets, errors, gate, headers, pages
from .app.cookies import SessionCookies
from .award.delegates import views as delegates
from .award.department_papers import views as department_papers
from .award.drafting import views as drafting
from .award.materials import views as materials
from .award.my_nominations import views as my_nominations
from .award.nominations import views as nominations
from .award.proposals import views as proposals
from .award.signing import views as signing
from .award.unit import views as unit
from .desk.desk_api import views as desk_api
from .desk.devices import views as devices
from .desk.offline import views as offline
from .desk.scanner import views as scanner
from .desk.screen import views as screen
from .desk.wall import views as wall
from .employee.account import views as account
from .employee.arrival import views as arrival
from .employee.calendar import views as calendar
from .employee.confirming import views as confirming
from .employee.draws import views as draws
from .employee.feeds import views as feeds
from .employee.links import views as links
from .employee.my_data import views as my_data
from .employee.public import views as public
from .employee.registrations import views as registrations
from .employee.unit_entries import views as unit_entries
from .health import views as health
from .judge import views as judge
from .organiser.activities import views as activities
from .organiser.award import views as award
from .organiser.award_nominations import views as award_nominations
from .organiser.by_hand import views as by_hand
from .organiser.campaign_files import views as campaign_files
from .organiser.campaigns import views as campaigns
from .organiser.confirmations import views as confirmations
from .organiser.day import views as day
from .organiser.eligibility import views as eligibility
from .organiser.figures import views as figures
from .organiser.history import views as history
from .organiser.letters import views as letters
from .organiser.manage import views as manage
from .organiser.messages import views as messages
from .organiser.moves import views as moves
from .organiser.organisers import views as organisers
from .organiser.papers import views as papers
from .organiser.participation import views as participation
from .organiser.places import views as places
from .organiser.presence import views as presence
from .organiser.programme import views as programme
from .organiser.questions import views as questions
from .organiser.quotas import views as quotas
from .organiser.reminders import views as reminders
from .organiser.removals import views as removals
from .organiser.retention import views as retention
from .organiser.robots import views as robots
from .organiser.screens import views as screens
from .organiser.sharing import views as sharing
from .organiser.stages import views as stages
from .organiser.teams import views as teams
from .organiser.tickets import views as tickets
from .organiser.walk import views as walk
from .organiser.wording import views as wording
from .review.paper_receipts import views as paper_receipts
from .review.report import views as report
from .review.review_files import views as review_files
from .review.review_quotas import views as review_quotas
from .review.rounds import views as rounds
from .review.screening import views as screening
from .site import views as site
from .style_guide import views as style_guide

FOR_CONTACTS = gate.only_for(*access.CONTACTS)
FOR_SIGNERS = gate.only_if(signing.signs)
FOR_JUDGES = gate.only_if(judge.judges)
FOR_ORGANISERS = gate.only_for(*ORGANISERS)
FOR_HR = gate.only_for(*access.HR)
FOR_PAPER_DESK = gate.only_for(*access.PAPER_DESK)
FOR_ADMINISTRATORS = gate.only_for(Role.ADMINISTRATOR)

PAGES: tuple[tuple[Blueprint, gate.Guard], ...] = (
    (assets.bp, gate.public_without_db),
    (health.bp, gate.public_without_db),
    (feeds.bp, gate.public_without_db),
    (site.bp, gate.anyone),
    (public.bp, gate.anyone),
    (draws.bp, gate.anyone),
    (account.bp, gate.anyone),
    (links.bp, gate.anyone),
    (scanner.bp, gate.anyone),
    (screen.bp, gate.anyone),
    (wall.bp, gate.anyone),
    (arrival.bp, gate.signed_in),
    (registrations.bp, gate.signed_in),
    (confirming.bp, gate.signed_in),
    (calendar.bp, gate.signed_in),
    (my_data.bp, gate.signed_in),
    (my_nominations.bp, gate.signed_in),
    (proposals.bp, gate.signed_in),
    (unit.bp, FOR_CONTACTS),
    (unit_entries.bp, FOR_CONTACTS),
    (nominations.bp, FOR_CONTACTS),
    (drafting.bp, FOR_CONTACTS),
    (materials.bp, FOR_CONTACTS),
    (department_papers.bp, FOR_CONTACTS),
    (signing.bp, FOR_SIGNERS),
    (delegates.bp, FOR_SIGNERS),
    (screening.bp, FOR_HR),
    (report.bp, FOR_HR),
    (review_files.bp, FOR_HR),
    (review_quotas.bp, FOR_HR),
    (rounds.bp, FOR_HR),
    (judge.bp, FOR_JUDGES),
    (paper_receipts.bp, FOR_PAPER_DESK),
    (manage.bp, FOR_ORGANISERS),
    (campaigns.bp, FOR_ORGANISERS),
    (award_nominations.bp, FOR_ORGANISERS),
    (campaign_files.bp, FOR_ORGANISERS),
    (sharing.bp, FOR_ORGANISERS),
    (places.bp, FOR_ORGANISERS),
    (teams.bp, FOR_ORGANISERS),
    (programme.bp, FOR_ORGANISERS),
    (eligibility.bp, FOR_ORGANISERS),
    (activities.bp, FOR_ORGANISERS),
    (moves.bp, FOR_ORGANISERS),
    (confirmations.bp, FOR_ORGANISERS),
    (questions.bp, FOR_ORGANISERS),
    (figures.bp, FOR_ORGANISERS),
    (reminders.bp, FOR_ORGANISERS),
    (robots.bp, FOR_ORGANISERS),
    (wording.bp, FOR_ORGANISERS),
    (messages.bp, FOR_ORGANISERS),
    (award.bp, FOR_ORGANISERS),
    (stages.bp, FOR_ORGANISERS),
    (retention.bp, FOR_ORGANISERS),
    (quotas.bp, FOR_ORGANISERS),
    (letters.bp, FOR_ORGANISERS),
    (history.bp, FOR_ORGANISERS),
    (organisers.bp, FOR_ORGANISERS),
    (tickets.bp, FOR_ORGANISERS),
    (removals.bp, FOR_ORGANISERS),
    (by_hand.bp, FOR_ORGANISERS),
    (participation.bp, FOR_ORGANISERS),
    (papers.bp, FOR_ORGANISERS),
    (day.bp, FOR_ORGANISERS),
    (devices.bp, FOR_ORGANISERS),
    (screens.bp, FOR_ORGANISERS),
    (presence.bp, FOR_ORGANISERS),
    (walk.bp, FOR_ORGANISERS),
    (offline.bp, FOR_ORGANISERS),
    (seasons.bp, FOR_ADMINISTRATORS),
    (working_days.bp, FOR_ADMINISTRATORS),
    (people.bp, FOR_ADMINISTRATORS),
    (erasing.bp, FOR_ADMINISTRATORS),
    (roster_import.bp, FOR_ADMINISTRATORS),
    (pausing.bp, FOR_ADMINISTRATORS),
    (mail_settings.bp, FOR_ADMINISTRATORS),
    (keys.bp, FOR_ADMINISTRATORS),
    (tokens.bp, FOR_ADMINISTRATORS),
)


def init_web(app: Flask, *, hsts: bool) -> None:
    """Set up cookies, languages, the gate, headers and error pages, and register every blueprint behind its guard."""
    app.session_interface = SessionCookies()
    pages.init_pages(app)
    assets.init_assets(app)
    headers.init_headers(app, hsts=hsts)
    gate.init_gate(app)
    errors.init_errors(app)
    for blueprint, guard in PAGES:
        gate.guarded(app, blueprint, guard)
    gate.guarded_for_devices(app, desk_api.bp, desk_api.by_device)
    gate.guarded_by_token(app, api_campaigns.bp, bearer.with_scope(ApiScope.CAMPAIGNS))
    gate.guarded_by_token(app, api_registrations.bp, bearer.with_scope(ApiScope.REGISTRATIONS))
    gate.guarded_by_token(app, api_teams.bp, bearer.with_scope(ApiScope.REGISTRATIONS))
    gate.guarded_by_token(app, api_results.bp, bearer.with_scope(ApiScope.REGISTRATIONS))
    scans = bearer.with_scope(ApiScope.SCANS, body_most=api_scans.BODY_MOST)
    gate.guarded_by_token(app, api_scans.bp, scans)
    gate.guarded(app, api_description.bp, gate.public_without_db)
    if app.debug:
        gate.guarded(app, style_guide.bp, gate.anyone)
