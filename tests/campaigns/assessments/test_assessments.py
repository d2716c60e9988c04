"""An ID number is asked for only once its impact assessment is written (PIPL 55)."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.campaigns.assessments import service as assessments
from eventreg.campaigns.assessments.service import AssessmentPurpose
from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import terms
from eventreg.nominations.rules import Terms
from tests.rig import awards
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.cast import NOW, Stage

ASKS = Terms(fields={"id_number": "发奖金时核对"})
ID = AssessmentPurpose.ID_NUMBER


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    return awards.set_award(app, stage)


def change(app: Flask, asks: Terms, assessed: str) -> None:
    with app.app_context(), unit_of_work():
        found = get_campaign("award")
        actor = acting("test", NOW)
        terms.change(
            found.id, asks, closes_at=found.deadline, assessed=assessed, seen=found.version, actor=actor
        )


def written(app: Flask) -> str:
    with app.app_context():
        return assessments.text_of(get_campaign("award").id, ID)


def test_without_one_the_number_is_not_asked_for(app: Flask, contest: Contest) -> None:
    with pytest.raises(Refused, match="terms.assessment_missing"):
        change(app, ASKS, "")

    with app.app_context():
        assert "id_number" not in terms.terms_of(get_campaign("award")).fields


def test_once_written_it_is_kept_also_when_the_number_is_asked_for_no_longer(
    app: Flask, contest: Contest
) -> None:
    change(app, ASKS, "发奖金要核对，只有审核人看得到")
    change(app, ASKS, "")
    change(app, Terms(), "")

    assert written(app) == "发奖金要核对，只有审核人看得到"


def test_the_same_text_again_is_no_change(app: Flask, contest: Contest) -> None:
    change(app, ASKS, "必要")
    with app.app_context(), unit_of_work():
        found = get_campaign("award").id
        assert not assessments.write(found, ID, "必要", actor=acting("test", NOW))
        assert assessments.write(found, ID, "仍然必要", actor=acting("test", NOW))
