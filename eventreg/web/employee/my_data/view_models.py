"""View models of the page of one's own data; colleagues are not named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from eventreg.accounts.grants import GrantFacts
from eventreg.accounts.sessions import SessionFacts
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.question_kinds import QuestionOption, options_in
from eventreg.history.trails import TrailNames, TrailPage
from eventreg.nominations.rules import CATALOGUE
from eventreg.people import directory
from eventreg.privacy.my_data import Rows
from eventreg.web.app import current, records
from eventreg.web.app.records import EntryView, Record, when
from eventreg.words import registration_words
from eventreg.words.award import award_words
from eventreg.words.sign_up import question_words


def registrations(told: Mapping[str, Rows]) -> list[Record]:
    """The person's registrations with answers, consent and tickets, the newest first."""
    return [_registration(row, told) for row in reversed(told["registrations"])]


def nominated(told: Mapping[str, Rows]) -> list[tuple[str, list[tuple[str, str]], str]]:
    """The submitted nominations of the person: award, answers with their labels, deeds text."""
    titles = {row["id"]: row["campaign"] for row in told["nominations"]}
    return [
        (
            titles.get(row["nomination"], ""),
            [(award_words.field(key), row[key]) for key in CATALOGUE if row.get(key)]
            + ([(_("简要事迹"), row["short"])] if row.get("short") else []),
            row["deeds"],
        )
        for row in told["nomination_contents"]
    ]


def sessions(alive: Sequence[SessionFacts]) -> list[Record]:
    """The browsers in which the person is signed in."""
    mine = current.visitor().session_id
    return [
        records.session(one, mine=mine, form_url=url_for("my_data.end_session", session_id=one.id))
        for one in alive
    ]


def roles(held: Sequence[GrantFacts], person_id: int) -> list[Record]:
    """The person's roles."""
    titles = {c.id: c.title for c in campaigns.campaigns_by_id({h.scope_id or 0 for h in held}).values()}
    units = dict(directory.list_units()) if held else {}
    names = _unnamed([one.by for one in held], person_id)
    told = []
    for one in sorted(held, key=records.is_over):
        scopes = titles if one.in_campaign else units
        told.append(records.grant(one, scope=scopes.get(one.scope_id or 0, ""), names=names, form_url=""))
    return told


def told(trail: TrailPage, person_id: int) -> list[EntryView]:
    """Audit entries about the person; other people who acted are shown as a member of staff."""
    actors = _unnamed([entry.by for entry in trail.entries], person_id)
    return records.told(replace(trail, names=TrailNames(actors, trail.names.units, trail.names.campaigns)))


def _unnamed(actors: Sequence[str], person_id: int) -> dict[str, str]:
    staff = {actor: _("工作人员") for actor in actors if actor.startswith("person:")}
    return staff | {f"person:{person_id}": _("你自己")}


def _registration(row: Mapping[str, Any], told: Mapping[str, Rows]) -> Record:
    mine = [answer for answer in told["answers"] if answer["registration_id"] == row["id"]]
    tickets = [ticket for ticket in told["tickets"] if ticket["registration_id"] == row["id"]]
    scans = [scan for scan in told["scans"] if scan["registration_id"] == row["id"]]
    lines: list[str | tuple[str, str]] = [
        _("编号 %(n)s，%(at)s 报名", n=row["arrival"], at=when(row["registered_at"]))
    ]
    lines += [_("%(label)s：%(answer)s", label=a["question"], answer=_answer(a)) for a in mine if a["value"]]
    if row["consented_at"]:
        at, version = when(row["consented_at"]), row["version"]
        lines.append(_("%(at)s 同意个人信息说明（%(version)s 版）", at=at, version=version))
    lines += [_("票于 %(at)s 生成", at=when(ticket["issued_at"])) for ticket in tickets]
    lines += [_("%(at)s 扫过票", at=when(scan["at"])) for scan in scans]
    state = str(row["state"])
    return Record(
        str(row["campaign"]),
        tuple(lines),
        (state, registration_words.state(state)),
        url_for("registrations.receipt", registration_id=row["id"]),
        lang="zh-CN",
    )


@dataclass(frozen=True, slots=True)
class _Answered:
    """What words the answer to a question."""

    kind: str
    options: tuple[QuestionOption, ...]


def _answer(row: Mapping[str, Any]) -> str:
    return question_words.answer(_Answered(row["kind"], options_in(row["options"])), row["value"])
