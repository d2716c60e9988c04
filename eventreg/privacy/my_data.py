"""Everything that is stored about one person, for that person only (PIPL art. 45).

A test fails for a table that refers to a person or a registration and has no place here. Columns of bytes, which are
hashes of secrets, and the ids of colleagues are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, Select, Table, select

from eventreg.accounts.models import (
    BrowserSession,
    CalendarFeed,
    PrintedCode,
    RoleGrant,
    SignInCode,
    SignInLink,
)
from eventreg.awards.panel.models import PanelMember, Recusal
from eventreg.awards.panel.rules import RecusalGround
from eventreg.awards.scores.models import JudgeRemark, Score
from eventreg.campaigns.models import Campaign, CampaignGrant, CampaignPerson, Pool, PrivacyNotice, Question
from eventreg.core.db.base import Model
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.core.idempotency import RequestKey
from eventreg.core.trail import audit
from eventreg.history.trails import subjects_of
from eventreg.nominations.files.models import NominationFile
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.models import Nomination, NominationDecision, NominationVersion
from eventreg.nominations.papers.models import PaperReceipt
from eventreg.nominations.signing.models import (
    Delegation,
    NominationConsent,
    NominationCorrection,
    NominationSignature,
)
from eventreg.outbox.models import Letter
from eventreg.people import service as people
from eventreg.people.models import Person, RosterUpload, Unit
from eventreg.privacy import own_nominations
from eventreg.privacy.retention.models import ErasureRequest
from eventreg.registrations.models import (
    AddedPlace,
    Answer,
    HandAct,
    OneOfClaim,
    Registration,
    TakenPlace,
    Ticket,
)
from eventreg.venue.models import Admission, Device, Pairing, Scan
from eventreg.venue.offline.models import LetIn, WalkInRequest
from eventreg.venue.programme.models import ProgrammeItem
from eventreg.venue.teams.models import Team, TeamMember
from eventreg.venue.walk.models import TimeFix, WalkNote

Rows = list[dict[str, Any]]

# (table, column) that refers to a person or a registration → the part in which it is listed.
PLACES = {
    ("added_place", "registration_id"): "added_places",
    ("answer", "registration_id"): "answers",
    ("admission", "registration_id"): "admissions",
    ("browser_session", "person_id"): "sessions",
    ("calendar_feed", "person_id"): "calendar_feeds",
    ("campaign_grant", "person_id"): "campaign_roles",
    ("campaign_person", "person_id"): "campaigns_on_a_list",
    ("hand_act", "registration_id"): "acts_by_hand",
    ("letter", "person_id"): "letters",
    ("nomination", "person_id"): "nominations",
    ("nomination", "made_by"): "nominations_begun",
    ("nomination", "submitted_by"): "nominations_submitted",
    ("nomination_version", "saved_by"): "nomination_versions",
    ("nomination_decision", "decided_by"): "nomination_decisions",
    ("nomination_file", "owner_id"): "nomination_files",
    ("nomination_signature", "signed_by"): "signatures",
    ("nomination_signature", "on_behalf_of"): "signatures_on_my_behalf",
    ("let_in", "registration_id"): "let_in_by_a_phone",
    ("programme_item", "registration_id"): "programme",
    ("team_member", "registration_id"): "teams",
    ("time_fix", "registration_id"): "corrected_times",
    ("walk_note", "registration_id"): "notes_of_the_walk",
    ("erasure_request", "person_id"): "erasures",
    ("delegation", "head_id"): "delegations_given",
    ("delegation", "delegate_id"): "delegations_held",
    ("judge_remark", "person_id"): "remarks_as_a_judge",
    ("panel_member", "person_id"): "panels",
    ("recusal", "person_id"): "recusals",
    ("score", "person_id"): "scores_given",
    ("paper_receipt", "received_by"): "papers_received",
    ("paper_receipt", "undone_by"): "papers_undone",
    ("one_of_claim", "person_id"): "one_of_several",
    ("one_of_claim", "registration_id"): "one_of_several",
    ("pairing", "made_by"): "phones_invited",
    ("printed_code", "person_id"): "printed_codes",
    ("printed_code", "printed_by"): "codes_printed_for_others",
    ("registration", "person_id"): "registrations",
    ("role_grant", "person_id"): "roles",
    ("roster_upload", "owner_id"): "roster_files",
    ("scan", "registration_id"): "scans",
    ("sign_in_code", "person_id"): "codes_asked_for",
    ("sign_in_link", "person_id"): "sign_in_links",
    ("taking", "registration_id"): "places",
    ("ticket", "registration_id"): "tickets",
}
COLLEAGUES = frozenset(
    {
        "granted_by",
        "by",
        "printed_by",
        "claimed_by",
        "bounced_by",
        "made_by",
        "submitted_by",
        "saved_by",
        "decided_by",
        "signed_by",
        "on_behalf_of",
        "head_id",
        "delegate_id",
        "off_by",
        "received_by",
        "undone_by",
    }
)
MOST = 1_000_000


def collect(person_id: int) -> dict[str, Rows]:
    """Part → its rows, oldest first. The number of statements does not depend on the number of rows. Raises NotFound."""
    person = _rows(Person, Person.id == person_id)
    if not person:
        raise NotFound("person")
    person[0]["unit"] = people.unit_path(person[0].pop("unit_id"))
    told = {"person": person, **_sign_ins(person_id), **_registrations(person_id), **_nominations(person_id)}
    told["audit"] = [
        {"at": e.at, "by": _who(e.by, person_id), "action": e.action, "facts": dict(e.facts)}
        for e in reversed(audit.list_about(subjects_of(person_id), most=MOST))
    ]
    return told


def as_json(told: Mapping[str, Rows]) -> dict[str, Rows]:
    """The parts with times as RFC 3339."""
    return {part: [{k: _plain(v) for k, v in row.items()} for row in rows] for part, rows in told.items()}


def _sign_ins(person_id: int) -> dict[str, Rows]:
    """Rows that refer to the person directly; campaigns are named by their titles."""
    titled = _with(CampaignGrant, Campaign.title.label("campaign")).join(Campaign)
    for_unit = _with(RoleGrant, Unit.name.label("unit")).outerjoin(Unit)
    return {
        "roles": _rows_of(for_unit.where(RoleGrant.person_id == person_id), RoleGrant),
        "campaign_roles": _rows_of(titled.where(CampaignGrant.person_id == person_id), CampaignGrant),
        "sessions": _rows(BrowserSession, BrowserSession.person_id == person_id),
        "calendar_feeds": _rows(CalendarFeed, CalendarFeed.person_id == person_id),
        "codes_asked_for": _rows(SignInCode, SignInCode.person_id == person_id),
        "printed_codes": _rows(PrintedCode, PrintedCode.person_id == person_id),
        "codes_printed_for_others": _rows(
            PrintedCode, PrintedCode.printed_by == person_id, but={"person_id"}
        ),
        "sign_in_links": _rows(SignInLink, SignInLink.person_id == person_id),
        "letters": _rows(Letter, Letter.person_id == person_id),
        "roster_files": _rows(RosterUpload, RosterUpload.owner_id == person_id),
        "nomination_files": _rows(NominationFile, NominationFile.owner_id == person_id),
        "phones_invited": _rows(Pairing, Pairing.made_by == person_id),
        "erasures": _rows(ErasureRequest, ErasureRequest.person_id == person_id),
        "requests": _rows(RequestKey, RequestKey.scope.startswith(f"person:{person_id} ")),
    }


def _registrations(person_id: int) -> dict[str, Rows]:
    """Rows of the person's registrations, with the names of campaign, question and device."""
    mine = select(Registration.id).where(Registration.person_id == person_id)
    entered = _with(Registration, Campaign.title.label("campaign"), PrivacyNotice.version)
    entered = entered.join(Campaign).join(PrivacyNotice, PrivacyNotice.id == Registration.notice_id)
    said = _with(Answer, Question.label.label("question"), Question.kind, Question.options).join(Question)
    held = _with(TakenPlace, Pool.scope).join(Pool)
    listed = _with(CampaignPerson, Campaign.title.label("campaign")).join(Campaign)
    scanned = _with(Scan, Device.name.label("device")).join(Device)
    admitted = _with(Admission, Device.name.label("device")).join(Device)
    return {
        "registrations": _rows_of(entered.where(Registration.person_id == person_id), Registration),
        "acts_by_hand": _rows(HandAct, HandAct.registration_id.in_(mine)),
        "added_places": _rows(AddedPlace, AddedPlace.registration_id.in_(mine)),
        "answers": _rows_of(said.where(Answer.registration_id.in_(mine)), Answer),
        "campaigns_on_a_list": _rows_of(listed.where(CampaignPerson.person_id == person_id), CampaignPerson),
        "one_of_several": _rows(OneOfClaim, OneOfClaim.person_id == person_id),
        "places": _rows_of(held.where(TakenPlace.registration_id.in_(mine)), TakenPlace),
        "tickets": _rows(Ticket, Ticket.registration_id.in_(mine)),
        "scans": _rows_of(scanned.where(Scan.registration_id.in_(mine)), Scan),
        "admissions": _rows_of(admitted.where(Admission.registration_id.in_(mine)), Admission),
        **_at_the_venue(person_id, mine),
    }


def _at_the_venue(person_id: int, mine: Select[Any]) -> dict[str, Rows]:
    """What was noted on the day about the person: by registration, and by the staff number that was typed at the desk."""
    staff_no = select(Person.staff_no).where(Person.id == person_id).scalar_subquery()
    named = LetIn.registration_id.in_(mine) | (LetIn.staff_no == staff_no)
    teams = _with(TeamMember, Team.number, Team.name).join(Team, Team.id == TeamMember.team_id)
    return {
        "let_in_by_a_phone": _rows(LetIn, named),
        "places_asked_for_at_the_desk": _rows(WalkInRequest, WalkInRequest.staff_no == staff_no),
        "programme": _rows(ProgrammeItem, ProgrammeItem.registration_id.in_(mine)),
        "teams": _rows_of(teams.where(TeamMember.registration_id.in_(mine)), TeamMember),
        "corrected_times": _rows(TimeFix, TimeFix.registration_id.in_(mine)),
        "notes_of_the_walk": _rows(WalkNote, WalkNote.registration_id.in_(mine)),
    }


def _nominations(person_id: int) -> dict[str, Rows]:
    """Submitted nominations of the person, and what the person wrote in nominations of others, without their names."""
    titled = _with(Nomination, Campaign.title.label("campaign")).join(Campaign)
    handed_in = (Nomination.person_id == person_id, Nomination.handed_in.is_not(None))
    unnamed = {"person_id"}
    return {
        "nominations": _rows_of(titled.where(*handed_in), Nomination),
        "nominations_begun": _rows(Nomination, Nomination.made_by == person_id, but=unnamed),
        "nominations_submitted": _rows(Nomination, Nomination.submitted_by == person_id, but=unnamed),
        "nomination_decisions": _rows(NominationDecision, NominationDecision.decided_by == person_id),
        "papers_received": _rows(PaperReceipt, PaperReceipt.received_by == person_id),
        "papers_undone": _rows(PaperReceipt, PaperReceipt.undone_by == person_id),
        "nomination_versions": _rows(NominationVersion, NominationVersion.saved_by == person_id),
        "nomination_contents": own_nominations.contents(person_id),
        "files_of_my_nominations": _rows(
            NominationFile,
            NominationFile.nomination_id.in_(select(Nomination.id).where(*handed_in)),
            NominationFile.part != str(MaterialPart.MINUTES),
            but={"owner_id"},
        ),
        **_signatures(person_id),
        **_judging(person_id),
    }


def _judging(person_id: int) -> dict[str, Rows]:
    """What the person did as a judge. What HR set between her and a nomination is HR's: it would tell her who is kin to whom."""
    told = Recusal.ground != str(RecusalGround.SET)
    return {
        "panels": _rows(PanelMember, PanelMember.person_id == person_id),
        "recusals": _rows(Recusal, Recusal.person_id == person_id, told, but={"nomination_id"}),
        "scores_given": _rows(Score, Score.person_id == person_id),
        "remarks_as_a_judge": _rows(JudgeRemark, JudgeRemark.person_id == person_id),
    }


def _signatures(person_id: int) -> dict[str, Rows]:
    """Signatures and delegations of the person, and their answers about their own nomination."""
    own = select(Nomination.id).where(Nomination.person_id == person_id)
    return {
        "signatures": _rows(NominationSignature, NominationSignature.signed_by == person_id),
        "signatures_on_my_behalf": _rows(NominationSignature, NominationSignature.on_behalf_of == person_id),
        "delegations_given": _rows(Delegation, Delegation.head_id == person_id),
        "delegations_held": _rows(Delegation, Delegation.delegate_id == person_id),
        "nomination_consents": _rows(NominationConsent, NominationConsent.nomination_id.in_(own)),
        "nomination_corrections": _rows(NominationCorrection, NominationCorrection.nomination_id.in_(own)),
    }


def _with(model: type[Model], *names: Any) -> Select[Any]:
    """A query for a table's rows with columns of another table."""
    return select(*_columns(model), *names).select_from(model)


def _columns(model: type[Model], *, but: Collection[str] = ()) -> list[Column[Any]]:
    """All columns except bytes and ids of colleagues."""
    hidden = COLLEAGUES | set(but)
    return [c for c in _table(model).columns if not isinstance(c.type, LargeBinary) and c.name not in hidden]


def _rows(model: type[Model], *where: Any, but: Collection[str] = ()) -> Rows:
    return _rows_of(select(*_columns(model, but=but)).where(*where), model)


def _rows_of(query: Select[Any], model: type[Model]) -> Rows:
    rows = db.session.execute(query.order_by(*_table(model).primary_key.columns))
    return [dict(row) for row in rows.mappings()]


def _table(model: type[Model]) -> Table:
    return Model.metadata.tables[model.__tablename__]


def _who(by: str, person_id: int) -> str:
    """The person themselves, or the kind of another actor, but never which colleague."""
    return "you" if by == f"person:{person_id}" else by.partition(":")[0].replace("person", "colleague")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, (datetime, date)) else value
