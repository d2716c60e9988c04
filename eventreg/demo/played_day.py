"""Play 4 March with thirty people: everything is done through the product's own pages, on a clock that is played too.

Nobody reads or writes a table here. What comes out is read from the pages and addresses that programs use.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.accounts import api_tokens, links
from eventreg.accounts.rules import ApiScope
from eventreg.config import Settings
from eventreg.core.actor import actor_of
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people

SLUG = "spring-outing"
ORGANISER = "HC0162"
GUESTS = tuple(f"HC{n:04d}" for n in range(85, 117))  # thirty get a place, two wait
ABSENT = GUESTS[7]  # does not come; the first of the waiting list stands at the start line
LATE = {GUESTS[4]: timedelta(minutes=30, seconds=1), GUESTS[11]: timedelta(minutes=31, seconds=46)}
EXACT = {GUESTS[2]: timedelta(minutes=30, milliseconds=900)}  # 30:00.9 is in time
PHONE_AHEAD = timedelta(hours=3)  # the clock of the phone at the finish is wrong
LIFE = timedelta(days=30)
CHINA = ZoneInfo("Asia/Shanghai")


class UnexpectedAnswer(Exception):
    """A page answered otherwise than the day needs; the message says which."""


@dataclass
class PlayedDay:
    """What came out, line by line."""

    lines: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Add a line."""
        self.lines.append(text)


class Stage:
    """The product with a played clock: every request is made at `now`."""

    def __init__(self, app: Flask, now: datetime) -> None:
        self.app, self.now = app, now
        self._token: str | None = None
        app.before_request_funcs.setdefault(None, []).insert(0, self._set_clock)

    def _set_clock(self) -> None:
        g.now = self.now.astimezone(UTC)

    def close(self) -> None:
        """Give the product its own clock back."""
        self.app.before_request_funcs[None].remove(self._set_clock)

    def at(self, hour: int, minute: int, second: int = 0) -> None:
        """Go to this time of the played day."""
        local = self.now.astimezone(CHINA)
        self.now = local.replace(hour=hour, minute=minute, second=second, microsecond=0)

    def client(self) -> FlaskClient:
        """A browser or phone that knows nothing yet."""
        settings: Settings = self.app.extensions["eventreg.settings"]
        made = self.app.test_client()
        made.environ_base["HTTP_ORIGIN"] = settings.base_url
        return made

    def ask(self, what: str) -> dict[str, Any]:
        """What a program is told: `results`, `teams` or `forfeits` of the outing."""
        if self._token is None:
            with self.app.app_context(), unit_of_work():
                actor = actor_of("demo", now=self.now)
                self._token = api_tokens.make(
                    f"demo-{self.now:%Y%m%d}", list(ApiScope), owner="demo", actor=actor
                )
        bearer = {"Authorization": f"Bearer {self._token}"}
        answer = self.client().get(f"/api/v1/campaigns/{SLUG}/{what}", headers=bearer)
        if answer.status_code != 200:
            raise UnexpectedAnswer(f"GET {what}: {answer.status_code} {answer.text[:200]}")
        told: dict[str, Any] = answer.json or {}
        return told

    def person(self, staff_no: str) -> FlaskClient:
        """A browser in which somebody has signed in just now, by a link from the console."""
        with self.app.app_context():
            person = people.get_person_by_staff_no(staff_no)
            with unit_of_work():
                token = links.make(person.id, now=self.now, life=LIFE)
        browser = self.client()
        send(browser, f"/sign-in/link/{token}")
        return browser


def play(app: Flask, day: datetime) -> PlayedDay:
    """Play the outing on this day, from the sign-up five days before to the forfeits. Raises UnexpectedAnswer."""
    told, stage = PlayedDay(), Stage(app, day - timedelta(days=5))
    try:
        _sign_up(stage, told)
        stage.now = day
        door, finish = _phones(stage)
        _arrive(stage, door, told)
        _walk(stage, finish, told)
        _kites(stage, told)
        _forfeits(stage, told)
    finally:
        stage.close()
    return told


def send(browser: FlaskClient, form_at: str, to: str | None = None, **fields: object) -> TestResponse:
    """Open a page, fill its form in, send it. Raises UnexpectedAnswer when the product does not take it."""
    page = browser.get(form_at)
    filled: dict[str, object] = {**_hidden(page.text), **fields}
    answer = browser.post(to or form_at, data=filled)
    if answer.status_code not in {200, 302, 303}:
        said = re.findall(r'class="error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
        told = " ".join(re.sub(r"<[^>]+>", "", unescape(one)).strip() for one in said)
        raise UnexpectedAnswer(f"POST {to or form_at}: {answer.status_code} {told}")
    return answer


def _hidden(html: str) -> dict[str, str]:
    """The hidden fields, and the consent that a sign-up page asks for."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = (re.search(rf'{part}="([^"]*)"', tag) for part in ("name", "value"))
        wanted = 'type="hidden"' in tag or (name and name[1] == "consent")
        if name and wanted and name[1] != "next":
            found[name[1]] = unescape(value[1]) if value else ""
    return found


def _sign_up(stage: Stage, told: PlayedDay) -> None:
    for staff_no in GUESTS:
        stage.now += timedelta(seconds=20)
        send(stage.person(staff_no), f"/campaigns/{SLUG}/registration")
    told.say(f"报名 {len(GUESTS)} 人：30 人报上，{len(GUESTS) - 30} 人候补")


def _phones(stage: Stage) -> tuple[Phone, Phone]:
    """A phone at the door, and one at the finish whose clock is three hours ahead."""
    stage.at(8, 30)
    organiser = stage.person(ORGANISER)
    made = []
    for door, point, ahead in (("东门", "door", timedelta(0)), ("终点", "finish", PHONE_AHEAD)):
        page = send(organiser, f"/manage/campaigns/{SLUG}/devices", door=door, check_point=point)
        code = re.search(r"/desk/pair#([\w-]+)", page.text)
        answer = stage.client().post("/desk/api/pair", json={"code": code[1] if code else ""})
        made.append(Phone(stage, answer.json or {}, ahead))
    return made[0], made[1]


class Phone:
    """A paired phone: it scans and taps by its own clock, and sends what it kept."""

    def __init__(self, stage: Stage, paired: Mapping[str, Any], ahead: timedelta) -> None:
        self.stage, self.paired, self.ahead = stage, paired, ahead
        self.client = stage.client()

    def scan(self, texts: Sequence[tuple[str, datetime]]) -> list[dict[str, Any]]:
        """Send scans as one batch: typed codes with the times at which they were really made."""
        scans = [self._entry(at) | {"text": text, "typed": True} for text, at in texts]
        return self._send("scans", {"scans": scans})

    def tap(self, times: Sequence[datetime]) -> None:
        """Send taps on "somebody crosses"."""
        self._send("entries", {"entries": [self._entry(at) | {"kind": "tap"} for at in times]})

    def _entry(self, at: datetime) -> dict[str, Any]:
        own = (at + self.ahead).astimezone(UTC).isoformat()
        post = {"device": self.paired["device"], "campaign": SLUG, "check_point": self.paired["check_point"]}
        return {"nonce": str(uuid.uuid4()), "scanned_at": own, "device_at": own, **post}

    def _send(self, path: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        sent = (self.stage.now + self.ahead).astimezone(UTC).isoformat()
        bearer = {"Authorization": f"Bearer {self.paired['token']}"}
        answer = self.client.post(f"/desk/api/{path}", json={**body, "sent_at": sent}, headers=bearer)
        if answer.status_code != 200:
            raise UnexpectedAnswer(f"POST /desk/api/{path}: {answer.status_code} {answer.text[:200]}")
        results: list[dict[str, Any]] = (answer.json or {})["results"]
        return results


def code_of(stage: Stage, staff_no: str) -> str:
    """The code under somebody's QR code, from their own page."""
    browser = stage.person(staff_no)
    mine = re.search(r"/my/registrations/(\d+)", browser.get("/my").text)
    page = browser.get(f"/my/registrations/{mine[1]}").text if mine else ""
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page)
    if found is None:
        raise UnexpectedAnswer(f"no ticket on the page of {staff_no}")
    return found[0]


def _arrive(stage: Stage, door: Phone, told: PlayedDay) -> None:
    """Twenty-nine come; at the start line the absent one is taken out, and the first who waits is let in."""
    stage.at(8, 45)
    came = [staff_no for staff_no in GUESTS[:30] if staff_no != ABSENT]
    for staff_no in came:
        stage.now += timedelta(seconds=20)
        door.scan([(code_of(stage, staff_no), stage.now)])
    stage.at(9, 5)
    organiser = stage.person(ORGANISER)
    page = organiser.get(f"/manage/campaigns/{SLUG}/teams/start-line").text
    absent, standing = (
        re.findall(rf'name="{name}"[^>]*value="(\d+)"', page) for name in ("absent", "standing")
    )
    chosen = {"absent": next(id_ for id_ in absent if id_ != "0"), "standing": standing[0]}
    send(organiser, f"/manage/campaigns/{SLUG}/teams/start-line", **chosen)
    stage.now += timedelta(minutes=1)
    door.scan([(code_of(stage, GUESTS[30]), stage.now)])
    told.say("到场 29 人；请出 1 位没有到场的，候补第 1 位补上，30 人齐")


def _walk(stage: Stage, finish: Phone, told: PlayedDay) -> None:
    """A mass start at 09:30; the finish taps first and scans afterwards, all sent at 10:20 when the network is back."""
    stage.at(9, 30)
    start = stage.now
    organiser = stage.person(ORGANISER)
    send(organiser, f"/manage/campaigns/{SLUG}/hike", act="start")
    stage.at(10, 20)
    walkers = [staff_no for staff_no in GUESTS[:31] if staff_no != ABSENT]
    times = {no: timedelta(minutes=18, seconds=22 * n) for n, no in enumerate(walkers)} | EXACT | LATE
    order = sorted(walkers, key=lambda no: times[no])
    finish.tap([start + times[no] for no in order])
    finish.scan([(code_of(stage, no), start + times[no] + timedelta(seconds=3)) for no in order])
    told.say("09:30 一起出发，30 人；终点先按后扫，手机快 3 小时，10:20 才连上")
    told.lines += list(_results(stage))


def _results(stage: Stage) -> Iterator[str]:
    found = stage.ask("results")["results"]
    said = {
        "in_time": "按时",
        "late": "超时",
        "not_back": "还没回来",
        "left": "没有走完",
        "vehicle": "乘了车",
        "asked": "要核对",
    }
    for standing, word in said.items():
        those = [one for one in found if one["standing"] == standing]
        if those:
            yield f"{word} {len(those)} 人"
        if standing != "in_time":
            yield from (f"  {one['staff_no']} {_span(one['elapsed_s'])}" for one in those)


def _span(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def _kites(stage: Stage, told: PlayedDay) -> None:
    """Ten teams are drawn among those present; one never flies, ranks are noted on one form."""
    stage.at(10, 30)
    organiser = stage.person(ORGANISER)
    teams = f"/manage/campaigns/{SLUG}/teams"
    send(organiser, teams, how="draw", among="present", question="")
    prepared = re.search(r'name="draw" value="(\d+)"', organiser.get(teams).text)
    send(organiser, teams, f"{teams}/draw", draw=prepared[1] if prepared else "")
    send(organiser, teams, f"{teams}/round")
    stage.at(11, 5)
    organiser = stage.person(ORGANISER)
    flown = {f"flown_{n}": "no" if n == 4 else "yes" for n in range(1, 11)}
    ranks = {f"rank_{n}": "" if n == 4 else str(n if n < 4 else n - 1) for n in range(1, 11)}
    send(organiser, f"{teams}/flights", **flown, **ranks)
    found = stage.ask("teams")["teams"]
    told.say(
        f"抽签编成 {len(found)} 组，每组 {len(found[0]['members'])} 人；第 4 组没有放飞，第 10 组飞得最低"
    )


def _forfeits(stage: Stage, told: PlayedDay) -> None:
    """Everybody who owes an item says what it is; the list is on the page, the screen and the paper."""
    stage.at(11, 15)
    organiser = stage.person(ORGANISER)
    page = f"/manage/campaigns/{SLUG}/forfeits"
    songs = ["茉莉花", "在希望的田野上", "映山红", "洗衣歌"]
    keys = re.findall(r'name="title_([rt]\d+)"', organiser.get(page).text)
    titles = {f"title_{key}": song for key, song in zip(keys, songs, strict=False)}
    places = {f"position_{key}": str(n) for n, key in enumerate(keys, 1)}
    send(organiser, page, **titles, **places, **{f"state_{key}": "due" for key in keys})
    found = stage.ask("forfeits")["forfeits"]
    told.say(f"节目单 {len(found)} 个")
    told.lines += [f"  {one['title']}" for one in found]
