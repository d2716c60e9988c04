"""The demo company: its roster file, and who plays which role, by staff number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants, writing
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import actor_of
from eventreg.core.errors import Refused
from eventreg.nominations import quotas
from eventreg.nominations.quota_allotment import AllotmentMethod, AllotmentRule, allot
from eventreg.nominations.quotas import QuotaRequest
from eventreg.people import service as people
from eventreg.people import units
from eventreg.people.reading import read_roster

from .campaigns import NOTICE, season_of, women_s_day

ROSTER = Path(__file__).with_name("company.csv")
COMPANY = "禾川农电"
BY = "demo"


@dataclass(frozen=True, slots=True)
class DemoRole:
    """One demo role: who plays it, and for which unit or campaign."""

    staff_no: str
    role: Role | None
    unit: str = ""
    campaign: str = ""


CAST = (
    DemoRole("HC0084", None),
    DemoRole("HC0202", Role.UNIT_CONTACT, unit="城关供电所"),
    DemoRole("HC0201", Role.DEPARTMENT_HEAD, unit="城关供电所"),
    DemoRole("HC0081", Role.DEPARTMENT_HEAD, unit="营销部"),
    DemoRole("HC0162", Role.ORGANISER, campaign="spring-outing"),
    DemoRole("HC0162", Role.ORGANISER, campaign="forum"),
    DemoRole("HC0162", Role.ORGANISER, campaign="ten-women"),
    DemoRole("HC0002", Role.HR_REVIEWER),
    DemoRole("HC0041", Role.JUDGE, campaign="ten-women"),
    DemoRole("HC0121", Role.JUDGE, campaign="ten-women"),
    DemoRole("HC0242", Role.JUDGE, campaign="ten-women"),
    DemoRole("HC0001", Role.ADMINISTRATOR),
)


def load(*, now: datetime) -> bool:
    """Load the company and its season in the open unit; False when they were there already.

    Raises Refused("demo.not_empty") where there is a roster of somebody else's.
    """
    if writing.exists("spring-outing"):
        return False
    if people.count_people() > 1:
        raise Refused("demo.not_empty")
    season = season_of(women_s_day(now))
    people.import_roster(read_roster(ROSTER).rows, company=COMPANY, actor=actor_of(BY, now=now))
    season_id = writing.make_season(season.season)
    notice_id = writing.make_notice(season.notice_version, NOTICE, now=now)
    for campaign in season.campaigns:
        writing.publish(campaign, season_id=season_id, notice_id=notice_id, actor=actor_of(BY, now=now))
    for part in CAST:
        _cast(part, now=now)
    award = campaigns.get_campaign("ten-women")
    _allot(award, now=now)
    return True


def _allot(award: CampaignFacts, *, now: datetime) -> None:
    """Fifteen places for ten seats, at least one for each department (plan P2)."""
    rule = AllotmentRule(AllotmentMethod.FLOOR, total=15, number=1)
    departments = units.list_departments()
    made = allot([unit.women for unit in departments], rule)
    wanted = {unit.id: QuotaRequest(places) for unit, places in zip(departments, made, strict=True)}
    quotas.save(award.id, wanted, rule, seen=award.version, actor=actor_of(BY, now=now))


def _cast(part: DemoRole, *, now: datetime) -> None:
    person = people.get_person_by_staff_no(part.staff_no)
    if part.role is None:
        return
    if part.campaign:
        campaign_grants.grant(person.id, part.role, part.campaign, actor=actor_of(BY, now=now))
        return
    unit_id = people.find_unit(part.unit) if part.unit else None
    grants.grant(person.id, part.role, unit_id=unit_id, actor=actor_of(BY, now=now))
