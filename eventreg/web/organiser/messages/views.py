"""Messages to people of a campaign: write, preview, send and list them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.placeholders import Placeholder
from eventreg.campaigns.rules import Intake
from eventreg.campaigns.wording import LetterWords
from eventreg.core.db.session import unit_of_work
from eventreg.delivery.contents import default_wording
from eventreg.history import trails
from eventreg.people import units
from eventreg.registrations import messages as sent
from eventreg.registrations import roster
from eventreg.registrations.message_rules import CONFIRM_ABOVE, MessageAudience, MessageReach
from eventreg.season import announcements
from eventreg.web.app import current
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import letter_previews, organiser_scope
from eventreg.web.organiser.campaigns import view_models as plan_view_models
from eventreg.words.locale import LANGUAGES
from eventreg.words.registration_words import asked_label

from .forms import MessageForm, award_message_form, message_form

bp = Blueprint("messages", __name__)


@bp.get("/manage/campaigns/<slug>/messages")
def messages(slug: str) -> str:
    """List the messages, the newest first, with the states of their letters."""
    found = organiser_scope.get_campaign(slug)
    plan, told = plan_view_models.plan(found, now=current.now()), sent.list_sent(found.id)
    called: dict[int | str, str] = {q.key: asked_label(q) for q in campaigns.entry_for(found).answered}
    called |= dict(units.paths_of({m.audience.unit_id for m in told if m.audience.unit_id}).items())
    names = trails.names_of(m.sent_by for m in told)
    return render_template(
        "organiser/messages/messages.html",
        p=plan,
        award=found.accepts is Intake.NOMINATIONS,
        lines=[letter_previews.message(m, found, called, names) for m in told],
        side_nav=organiser_nav(slug, draft=plan.draft),
    )


@bp.get("/manage/campaigns/<slug>/messages/new")
def write(slug: str) -> str:
    """Show the form of a message."""
    found = organiser_scope.get_campaign(slug)
    return _page(found, _form(found))


@bp.post("/manage/campaigns/<slug>/messages/new")
def send(slug: str) -> Page:
    """Show a preview with the number of recipients; send what was previewed, once."""
    found = organiser_scope.get_campaign(slug)
    form = _form(found)
    to, words = form.read(_offered(found))
    if form.errors:
        return _page(found, form), 422
    reach = announcements.reach(found.id, to)
    if not reach.people:
        form.say("to", "message.nobody")
        return _page(found, form), 422
    if not form.has_looked(to, words) or "send" not in request.form:
        return _page(found, form, words, reach)
    form.check_count(reach)
    if form.errors:
        return _page(found, form, words, reach), 422
    return _sent(found, form, to, words)


def _sent(found: CampaignFacts, form: MessageForm, to: MessageAudience, words: LetterWords) -> Page:
    confirmed, key = whole_number(request.form.get("send")), (form.key.data or "")[:64]
    with saying_at(form), unit_of_work():
        reach = announcements.send(found.id, to, words, confirmed=confirmed, actor=current.actor(), key=key)
    if form.errors:
        return _page(found, form, words, announcements.reach(found.id, to)), 409
    told = ngettext("已写信给 %(num)s 人。", "已写信给 %(num)s 人。", reach.people - reach.without_mailbox)
    flash(told, "seated")
    if reach.without_mailbox:
        flash(_no_mailbox(reach), "waiting")
    return redirect(url_for("messages.messages", slug=found.slug), 303)


def _offered(found: CampaignFacts) -> tuple[Placeholder, ...]:
    """The placeholders that its reader has something for."""
    award = found.accepts is Intake.NOMINATIONS
    return default_wording.offered(default_wording.OF_AN_AWARD if award else default_wording.COMMON, found)


def _form(found: CampaignFacts) -> MessageForm:
    if found.accepts is Intake.NOMINATIONS:
        return award_message_form()
    return message_form(roster.units_of(found.id), campaigns.entry_for(found).answered)


def _no_mailbox(reach: MessageReach) -> str:
    n = reach.without_mailbox
    return ngettext(
        "还有 %(num)s 人没有邮箱，收不到，请另外告诉。", "还有 %(num)s 人没有邮箱，收不到，请另外告诉。", n
    )


def _page(
    found: CampaignFacts,
    form: MessageForm,
    words: LetterWords | None = None,
    reach: MessageReach | None = None,
) -> str:
    plan = plan_view_models.plan(found, now=current.now())
    wanted = dict.fromkeys(LANGUAGES, words) if words else {}
    return render_template(
        "organiser/messages/write.html",
        form=form,
        p=plan,
        reach=reach,
        asks=reach is not None and reach.people > CONFIRM_ABOVE,
        no_mailbox=_no_mailbox(reach) if reach and reach.without_mailbox else "",
        names=letter_previews.names(_offered(found)),
        letters=letter_previews.shown(sent.KIND, found, wanted) if reach else [],
        side_nav=organiser_nav(found.slug, draft=plan.draft),
    )
