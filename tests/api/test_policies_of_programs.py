"""What programs are told of the audience and the policy, and what they get when a person is outside of it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from eventreg.campaigns.inputs import EligibilityInput
from eventreg.campaigns.policy import AdmissionTerms, Policy
from eventreg.core.clock import utc_now
from eventreg.registrations.capacity import change_admission
from eventreg.registrations.one_of import restrictions
from tests.rig.plans import do, facts

from .program import Program

CAMPAIGN, REGISTRATIONS = "/api/v1/campaigns/outing", "/api/v1/campaigns/outing/registrations"


def test_a_campaign_for_everybody_says_so(app: Flask, program: Program) -> None:
    told = program.ask("GET", CAMPAIGN).get_json()

    assert told["audience"] == {"text": "全体职工", "gender": None, "units": [], "listed": None}
    assert told["policy"] == {"kind": "first_come", "kept": None, "until": None, "units": []}
    assert told["one_of"] is None


def test_policy_and_audience_are_told_and_enforced(app: Flask, program: Program) -> None:
    now = utc_now()
    until = (now + timedelta(days=5)).replace(microsecond=0)
    do(app, "outing", change_admission, AdmissionTerms(Policy.WOMEN_FIRST, 2, until=until), now=now)
    do(app, "outing", restrictions.change, EligibilityInput(gender="female"), "一组", now=now)

    told = program.ask("GET", CAMPAIGN).get_json()
    refused = program.ask("POST", REGISTRATIONS, {"staff_no": "B2", "answers": {}})
    taken = program.ask("POST", REGISTRATIONS, {"staff_no": "A1", "answers": {}})

    assert told["policy"]["kind"] == "women_first"
    assert told["policy"]["until"] == until.astimezone(facts(app, "outing").zone).isoformat()
    assert (told["audience"]["gender"], told["one_of"]) == ("female", "一组")
    assert (refused.status_code, refused.get_json(force=True)["code"]) == (409, "registration.not_for_you")
    assert (taken.status_code, taken.get_json()["state"]) == (201, "seated")
