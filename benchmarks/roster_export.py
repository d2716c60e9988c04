"""How long a roster of 20,000 lines takes to become a workbook, and how much memory.

usage: python -m benchmarks.roster_export [LINES]
"""

from __future__ import annotations

import sys
import tempfile
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import insert, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Campaign
from eventreg.config import Settings
from eventreg.core.db.session import close_all, db, unit_of_work
from eventreg.demo import company
from eventreg.factory import create_app
from eventreg.people.models import Person, Unit
from eventreg.registrations import roster
from eventreg.registrations.models import Answer, Registration
from eventreg.registrations.roster import EVERYBODY, RosterSort
from eventreg.reports.roster_sheet import write_roster

SLUG = "spring-outing"
NAMES = ("单芳", "曾雨桐", "尉迟敬", "区佩玲", "阿依古丽·买买提", "=1+1", "王秀兰", "仇海")
NOW = datetime(2027, 2, 22, 1, tzinfo=UTC)


def main(lines: int) -> None:
    """Fill a company in a temporary folder, then measure; nothing is kept."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=Path(folder), scheduler=False))
        with app.app_context(), app.test_request_context():
            _fill(lines)
            seconds, size = _export()
            tracemalloc.start()
            _export()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            print(
                f"{lines} lines: {seconds:.2f} s, {size / 1e6:.1f} MB, peak {peak / 1e6:.1f} MB of Python's memory"
            )
            _pages(lines)
            close_all()


def _export() -> tuple[float, int]:
    campaign = campaigns.get_campaign(SLUG)
    questions = campaigns.list_questions(campaign.id)
    with tempfile.TemporaryFile() as file:
        start = perf_counter()
        write_roster(file, campaign, questions, EVERYBODY)
        return perf_counter() - start, file.tell()


def _pages(lines: int) -> None:
    campaign = campaigns.get_campaign(SLUG)
    for sort in RosterSort:
        for time in ("first", "again"):
            start = perf_counter()
            roster.page_of(campaign.id, EVERYBODY, sort=sort, number=2)
            print(f"{lines} lines, a page by {sort}, {time}: {1000 * (perf_counter() - start):.0f} ms")


def _fill(lines: int) -> None:
    with unit_of_work():
        company.load(now=NOW)
        unit = db.session.scalars(select(Unit.id).order_by(Unit.id.desc())).first()
        people = [
            {
                "staff_no": f"B{n:06d}",
                "name": f"{NAMES[n % len(NAMES)]}{chr(0x4E00 + n)}",
                "gender": "female",
                "unit_id": unit,
            }
            for n in range(lines)
        ]
        db.session.execute(insert(Person), people)
    campaign = campaigns.get_campaign(SLUG)
    phone, remark = (question.id for question in campaigns.list_questions(campaign.id)[:2])
    with unit_of_work():
        ids = db.session.scalars(
            select(Person.id).where(Person.staff_no.startswith("B")).order_by(Person.id)
        ).all()
        rows = [
            {"campaign_id": campaign.id, "person_id": person, "state": "seated", "arrival": n, "source": "web",
             "registered_at": NOW + timedelta(seconds=n), "notice_id": campaign.notice_id}
            for n, person in enumerate(ids, start=1)
        ]  # fmt: skip
        db.session.execute(insert(Registration), rows)
        db.session.get_one(Campaign, campaign.id).last_arrival = lines
        mine = db.session.scalars(
            select(Registration.id).where(Registration.campaign_id == campaign.id)
        ).all()
        answers = [{"registration_id": id_, "question_id": phone, "value": "13800138000"} for id_ in mine]
        answers += [{"registration_id": id_, "question_id": remark, "value": "=1+1 请留前排"} for id_ in mine]
        db.session.execute(insert(Answer), answers)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
