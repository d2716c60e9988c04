"""Things with an address that the world holds from several rooms: a rule, a letter, robots, a nomination."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import time

from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.files import service as campaign_files
from eventreg.campaigns.files.rules import CampaignPart
from eventreg.chat import service as robots
from eventreg.chat.rules import ChatService, NewsKind
from eventreg.chat.service import NewRobot
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.keyring.keys import Keys
from eventreg.core.uploaded_files import receiving
from eventreg.demo import company
from eventreg.nominations import drafts, materials, proposals, terms
from eventreg.nominations import service as nominations
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.papers import check_codes
from eventreg.nominations.papers import service as papers
from eventreg.nominations.rules import NominationContent, ProposerScope
from eventreg.nominations.screening import report
from eventreg.nominations.screening.rules import GroupDimension, StructureLimitFacts
from eventreg.people import directory
from eventreg.people import service as people
from eventreg.people.directory import PeopleFilter
from eventreg.people.rules import Gender
from eventreg.reminders import rules as reminding
from eventreg.reminders import service as reminders
from eventreg.reminders.rules import Anchor, AnchorSide, OffsetUnit, ReminderTiming
from eventreg.season import letters
from eventreg.season.letters import LetterFilter
from tests.rig import awards, handed_in
from tests.rig.actors import acting

Things = dict[str, str]  # name in the matrix's samples → id
OWN_UNIT = next(p.unit for p in company.CAST if p.role is Role.UNIT_CONTACT)
CANARY = "灰椋鸟衔走了第七号杆"  # stands in the draft of a nomination, and nowhere else
SUBMITTED = "白鹡鸰停在第九号杆"  # stands in the submitted one
PROPOSED = "夜鹭守着三号井"  # stands in what an employee proposes, and nowhere else


def remind(things: Things) -> None:
    """A reminder of the outing."""
    outing = campaigns.get_campaign("spring-outing")
    timing = ReminderTiming(Anchor.END, AnchorSide.AFTER, 1, OffsetUnit.DAYS, time(9))
    with unit_of_work():
        rule = reminders.add(
            outing.id,
            reminding.ReminderInput("seated", timing),
            seen=outing.version,
            actor=acting("test", utc_now()),
        )
    things["reminder"] = str(rule)


def illustrate(things: Things) -> None:
    """A picture of the outing."""
    outing, now = campaigns.get_campaign("spring-outing"), utc_now()
    content = io.BytesIO(handed_in.photo("PNG"))
    received = campaign_files.receive(content, "合影.png", part=CampaignPart.PICTURE, began=now)
    with unit_of_work():
        campaign_files.keep(outing.id, received, CampaignPart.PICTURE, actor=acting("test", now))
    things["campaign_file"] = received.id


def write(things: Things) -> None:
    """The letter that told somebody of her place in the outing."""
    told = LetterFilter(campaign_id=campaigns.get_campaign("spring-outing").id)
    found = letters.page_of(told, mine=None, number=1)
    things["letter"] = str(found.letters[0].id)


def add_robots(things: Things, keys: Keys) -> None:
    """A robot of the outing and one of the house."""
    outing, address = (
        campaigns.get_campaign("spring-outing"),
        "https://qyapi.weixin.qq.com/cgi-bin/webhook?key=a1",
    )
    wanted = NewRobot(ChatService.WECOM, "工会小组长群", address, "", frozenset({NewsKind.ACTIVITY}))
    for thing, campaign_id, seen in (("robot", outing.id, outing.version), ("house_robot", None, 0)):
        with unit_of_work():
            robots.add(campaign_id, wanted, seen=seen, listed=(), actor=acting("test", utc_now(), keys))
        things[thing] = str(robots.list_robots(campaign_id)[0].id)


def propose(things: Things, by: int) -> None:
    """The award lets everybody propose, and an employee has begun one for herself, with words of her own."""
    found, now = campaigns.get_campaign("ten-women"), utc_now()
    asks = replace(terms.terms_of(found), who=ProposerScope.COLLEAGUES, women_only=False)
    with unit_of_work():
        terms.change(found.id, asks, closes_at=found.closes_at, seen=found.version, actor=acting("test", now))
    with unit_of_work():
        proposal = proposals.begin(found.id, by, actor=acting(by, now))
    content = NominationContent({"post": PROPOSED, "short": PROPOSED}, (), PROPOSED)
    with unit_of_work():
        proposals.save(proposal, content, seen=1, tab="t", actor=acting(by, now))
    things["proposal"] = str(proposal)


def nominate(things: Things, by: int) -> None:
    """The unit contact's draft of a nomination with a file, with words that nobody else may see."""
    award = campaigns.get_campaign("ten-women").id
    department = people.find_unit(OWN_UNIT) or 0
    women = PeopleFilter(unit_id=department, employed=True, gender=Gender.FEMALE)
    nominee = directory.search(women, number=1).people[-1].id
    with unit_of_work():
        nomination = drafts.begin(award, department, nominee, actor=acting(by, utc_now()))
    content = NominationContent({"post": CANARY, "short": CANARY}, (), CANARY)
    with unit_of_work():
        drafts.save(nomination, content, seen=1, tab="t", actor=acting(by, utc_now()))
    deeds = handed_in.document(CANARY)
    received = receiving.receive(io.BytesIO(deeds), f"{CANARY}.docx", began=utc_now())
    with unit_of_work():
        file = materials.keep(nomination, received, MaterialPart.DEEDS, actor=acting(by, utc_now()))
    things |= {"department": str(department), "nomination": str(nomination), "file": file.id}
    things["submitted"] = str(_submit(award, department, directory.search(women, number=1).people[0].id, by))
    photo = receiving.receive(io.BytesIO(handed_in.photo("PNG")), f"{SUBMITTED}.png", began=utc_now())
    with unit_of_work():
        kept = materials.keep(
            int(things["submitted"]), photo, MaterialPart.EVIDENCE, actor=acting(by, utc_now())
        )
    things["submitted_file"] = kept.id


def limit(things: Things, by: int) -> None:
    """A structure limit of the award."""
    award = campaigns.get_campaign("ten-women")
    with unit_of_work():
        report.add_limit(
            award.id, StructureLimitFacts(GroupDimension.POST, "经理", True, 20), actor=acting(by, utc_now())
        )
    things["limit"] = str(report.report(award).bars[0][0])


def _submit(award: int, department: int, nominee: int, by: int) -> int:
    """A nomination that HR screens, with words that only HR may see beside its department."""
    with unit_of_work():
        nomination = drafts.begin(award, department, nominee, actor=acting(by, utc_now()))
    content = awards.written(chosen_on="2026-02-10", post=SUBMITTED, short=SUBMITTED)
    with unit_of_work():
        drafts.save(nomination, content, seen=1, tab="t", actor=acting(by, utc_now()))
    with unit_of_work():
        nominations.submit(nomination, seen=2, actor=acting(by, utc_now()))
    return nomination


def bring_paper(things: Things, keys: Keys, by: int) -> None:
    """A print of what was submitted at the desk, and its receipt."""
    named = check_codes.named_of(int(things["submitted"]), 2, keys=keys)
    with unit_of_work():
        received = papers.receive(named, None, copies=1, remark="", actor=acting(by, utc_now()))
    things |= {"paper": check_codes.token_of(named), "receipt": str(received.receipt.id)}
