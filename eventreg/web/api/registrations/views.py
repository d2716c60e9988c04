"""Registrations for programs, on behalf of a person given by staff number. Scope `registrations`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_smorest.blueprint import Blueprint
from marshmallow import RAISE

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ShownForm, SignUpFormFacts
from eventreg.core import idempotency
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.registrations import reading, tickets
from eventreg.registrations import service as registrations
from eventreg.registrations.answers import entered
from eventreg.registrations.answers.rules import JsonAnswer, check_answer, typed_json
from eventreg.registrations.confirming import service as confirming
from eventreg.registrations.confirming.service import Confirmation
from eventreg.registrations.rules import RegistrationState, is_in_future
from eventreg.registrations.service import Application, RegistrationSource, SignUpResult
from eventreg.season import withdrawing
from eventreg.web.api.bearer import actor
from eventreg.web.api.fields import WRONG
from eventreg.web.api.schemas import (
    ApplicationBody,
    ConfirmationShape,
    EnteredPage,
    KeyHeader,
    PageQuery,
    RegistrationShape,
)
from eventreg.web.app import current
from eventreg.web.app.problems import Fault, Unfit

bp = Blueprint("api_registrations", __name__, url_prefix="/api/v1", description="Registrations on behalf")


@bp.route("/campaigns/<slug>/registrations", methods=["POST"])
@bp.arguments(KeyHeader(), location="headers")
@bp.arguments(ApplicationBody())
@bp.response(201, RegistrationShape, description="Registered, or the same request once more")
@bp.alt_response(200, schema=RegistrationShape, description="Was registered already, by another request")
def register(header: dict[str, Any], body: dict[str, Any], slug: str) -> tuple[dict[str, Any], int]:
    """Register somebody: a place, or the end of the waiting list"""
    entry = campaigns.get_entry(slug)
    application = _application(entry, body, key=header["key"])
    asking = actor()
    with idempotency.at_work(application.request(entry.campaign_id, asking)), unit_of_work():
        receipt = registrations.register(entry.campaign_id, application, actor=asking)
    return _shown(receipt), receipt.status


@bp.route("/campaigns/<slug>/registrations", methods=["GET"])
@bp.arguments(PageQuery(), location="query", unknown=RAISE)
@bp.response(200, EnteredPage)
def list_registrations(query: dict[str, Any], slug: str) -> dict[str, Any]:
    """All registrations by arrival, withdrawn ones too; new ones come at the end"""
    campaign = campaigns.get_campaign(slug)
    most = query["limit"]
    found = entered.list_entered(campaign.id, after=query["cursor"], most=most)
    return {"items": found, "next": found[-1].arrival if len(found) == most else None}


@bp.route("/registrations/<int:registration_id>", methods=["DELETE"])
@bp.response(204)
def withdraw(registration_id: int) -> None:
    """Withdraw a registration; the next in line is seated. Asked again, the same answer"""
    owner = reading.owner_of(registration_id)
    with unit_of_work():
        withdrawing.withdraw(registration_id, person_id=owner, actor=actor())


@bp.route("/registrations/<int:registration_id>/confirm", methods=["POST"])
@bp.response(200, ConfirmationShape)
def confirm(registration_id: int) -> Confirmation:
    """Confirm a place for its person; too late, it is withdrawn and has gone to the next. Asked again, the same answer"""
    owner = reading.owner_of(registration_id)
    with unit_of_work():
        return confirming.confirm(registration_id, person_id=owner, actor=actor())


def _application(entry: SignUpFormFacts, body: Mapping[str, Any], *, key: str) -> Application:
    """The requested registration. Raises Unfit with all errors."""
    answers, faults = _check_answers(entry, body["answers"])
    received_at = body.get("received_at")
    if received_at is not None and is_in_future(received_at, now=current.now()):
        faults.append(Fault("received_at", "registration.received_in_future"))
    person_id = people.find_id_by_staff_no(body["staff_no"])
    if person_id is None:
        unknown = Fault("staff_no", "people.unknown_staff_no", {"staff_no": body["staff_no"]})
        raise Unfit([unknown, *faults])
    if faults:
        raise Unfit(faults)
    return Application(
        person_id=person_id,
        answers=answers,
        notice_id=entry.notice.id,
        consented=False,
        source=RegistrationSource.API,
        key=key,
        received_at=received_at,
        shown=ShownForm(entry, body.get("form_version", entry.version)),
    )


def _check_answers(
    entry: SignUpFormFacts, given: Mapping[str, JsonAnswer]
) -> tuple[dict[int, str], list[Fault]]:
    """The answers by question id in the form in which they are stored, and their errors."""
    questions = {question.key: question for question in entry.questions}
    faults = [Fault(f"answers.{key}", "answer.unknown_question") for key in given if key not in questions]
    answers = {}
    for key, question in questions.items():
        typed = typed_json(question.kind, given.get(key, ""))
        if typed is None:
            faults.append(Fault(f"answers.{key}", WRONG))
            continue
        checked = check_answer(question, typed)
        if checked.problem:
            faults.append(Fault(f"answers.{key}", checked.problem, checked.facts))
        elif checked.value:
            answers[question.id] = checked.value
    return answers, faults


def _shown(receipt: SignUpResult) -> dict[str, Any]:
    """A registration as its schema expects it; the ticket is computed again from its key each time."""
    token = None
    if receipt.state is RegistrationState.SEATED and receipt.created:
        token = tickets.token_of(receipt.id, tickets.FIRST_SERIAL, key=current.keys().tickets)
    elif receipt.state is RegistrationState.SEATED:
        token = tickets.find_token(receipt.id, keys=current.keys())
    url = f"{current.settings().base_url}/t/{token}"
    return {
        "id": receipt.id,
        "state": str(receipt.state),
        "arrival": receipt.arrival,
        "position": receipt.position,
        "ticket": {"token": token, "url": url} if token else None,
        "confirm_by": receipt.confirm_by,
        "confirmed_at": receipt.confirmed_at,
    }
