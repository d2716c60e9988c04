"""The terms of an award: read them, and change them as an organiser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from eventreg.campaigns import service
from eventreg.campaigns.assessments import service as assessments
from eventreg.campaigns.assessments.service import AssessmentPurpose
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.kinds import Award
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.plan import activities, planning
from eventreg.campaigns.rules import Intake, check_times
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail.old_and_new import difference, stored

from .models import AwardTerms
from .quota_allotment import AllotmentMethod, AllotmentRule
from .rules import CATALOGUE, ProposerScope, Terms, TextMeasure


def terms_of(campaign: CampaignFacts) -> Terms:
    """The terms of an award; the defaults if nobody has changed them."""
    award = next((a.parameters for a in campaign.activities if isinstance(a.parameters, Award)), Award())
    row = db.session.get(AwardTerms, campaign.id, populate_existing=True)
    if row is None:
        return Terms(seats=award.seats, least=award.least_chars)
    return Terms(
        seats=award.seats,
        least=award.least_chars,
        most=row.most,
        counted=TextMeasure(row.counted),
        women_only=row.women_only,
        who=ProposerScope(row.who),
        fields=dict(row.fields),
    )


def rule_of(campaign_id: int) -> AllotmentRule | None:
    """The rule by which the quota table was made, if any."""
    row = db.session.get(AwardTerms, campaign_id, populate_existing=True)
    kept = row.allotment if row else None
    return AllotmentRule(AllotmentMethod(kept["method"]), kept["total"], kept["number"]) if kept else None


def change(
    campaign_id: int, wanted: Terms, *, closes_at: datetime, assessed: str = "", seen: int, actor: Actor
) -> bool:
    """Change the terms of an award and its deadline; False when nothing differs.

    `assessed` is the impact assessment, which an award needs that asks for ID numbers; "" leaves the one that is there.

    Raises Refused("terms.purpose_missing"), ("terms.assessment_missing"), ("terms.most_below_least"),
    ("terms.no_activity"), ("plan.closes_in_past") and what `planning.lock` does.
    """
    check_terms(wanted)
    _assess(campaign_id, wanted, assessed, actor=actor)
    campaign, window = planning.lock(campaign_id, seen=seen, now=actor.now)
    if window.accepts is not Intake.NOMINATIONS:
        raise NotFound("campaign")
    values = _columns(wanted)
    told_values = difference(row_of(campaign_id), values)
    told_values["was"]["closes_at"], told_values["became"]["closes_at"] = map(
        stored, (campaign.closes_at, closes_at)
    )
    changed = _changed(row_of(campaign_id), values)
    if closes_at != campaign.closes_at:
        _close_at(campaign, closes_at, now=actor.now)
        changed.append("closes_at")
    changed += activities.suit_award(campaign, Award(wanted.seats, wanted.least))
    if not changed:
        return False
    planning.forget_default(campaign, "deadline", "deadline_day")
    planning.note(campaign, "award_changed", actor=actor, fields=sorted(changed), **told_values)
    return True


def _assess(campaign_id: int, wanted: Terms, text: str, *, actor: Actor) -> None:
    """Keep the impact assessment of asking for ID numbers (PIPL 55)."""
    if text:
        assessments.write(campaign_id, AssessmentPurpose.ID_NUMBER, text, actor=actor)
    elif "id_number" in wanted.fields and not assessments.text_of(campaign_id, AssessmentPurpose.ID_NUMBER):
        raise Refused("terms.assessment_missing", field="assessment")


def check_terms(wanted: Terms) -> None:
    """Check that the limits of the text fit each other, and that sensitive fields have a purpose (PIPL 28)."""
    if wanted.most < wanted.least:
        raise Refused("terms.most_below_least", field="most")
    for key, purpose in wanted.fields.items():
        if CATALOGUE[key].sensitive and not purpose:
            raise Refused("terms.purpose_missing", field=f"purpose_{key}")


def row_of(campaign_id: int) -> AwardTerms:
    """The row of the terms, inserted with defaults if there is none. Runs in the open unit with the campaign locked."""
    row = db.session.get(AwardTerms, campaign_id, populate_existing=True)
    if row is None:
        row = AwardTerms(campaign_id=campaign_id, allotment=None, **_columns(Terms()))
        db.session.add(row)
    return row


def _columns(wanted: Terms) -> dict[str, object]:
    return {
        "fields": dict(wanted.fields),
        "counted": str(wanted.counted),
        "most": wanted.most,
        "women_only": wanted.women_only,
        "who": str(wanted.who),
    }


def _changed(row: AwardTerms, values: Mapping[str, object]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _close_at(campaign: Campaign, closes_at: datetime, *, now: datetime) -> None:
    published = campaign.state == "published"
    if published and closes_at <= now:
        raise Refused("plan.closes_in_past", field="closes_at")
    opens_at = None if campaign.opens_on_publication and not published else campaign.opens_at
    try:
        check_times(opens_at=opens_at, closes_at=closes_at, starts_at=None)
    except Refused:
        raise Refused("plan.closes_before_opening", field="closes_at") from None
    campaign.closes_at = closes_at


def lock(campaign_id: int, *, seen: int | None = None) -> Campaign:
    """Lock an award's row, also after it has closed. Raises NotFound, Refused("plan.changed_meanwhile")."""
    campaign, window = service.lock_window(campaign_id)
    if window.accepts is not Intake.NOMINATIONS:
        raise NotFound("campaign")
    if seen is not None and campaign.version != seen:
        raise Refused("plan.changed_meanwhile")
    return campaign
