"""The 推荐表 as rows of labels and answers, for PDF and .docx (plan P4).

It is in the campaign's language, whoever prints it.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations.papers import check_codes
from eventreg.nominations.reading import NominationFacts, SavedVersion
from eventreg.nominations.rules import CONDITIONS, Terms
from eventreg.nominations.signing import service as signing
from eventreg.nominations.wordcount import count
from eventreg.people import service as people
from eventreg.words import times
from eventreg.words.award import award_words, paper_words
from eventreg.words.campaign_words import GENDERS
from eventreg.words.locale import speaking

from . import department_choice, limited, typeset
from .form_facts import PHOTO_ROWS, FilledForm, FormRow, PaperSeal, as_json
from .typeset import Sheet

TEMPLATE = "paper/form.typ"
TICK = "√ "
OF_THE_HEAD = 1  # among the boxes to sign


def form_of(
    found: NominationFacts, saved: SavedVersion, asks: Terms, campaign: CampaignFacts, seal: PaperSeal | None
) -> FilledForm:
    """The form of one version, with the head's signature that stands for it."""
    season = campaigns.find_season()
    at = saved.at.astimezone(campaign.zone)
    with speaking(campaign.lang):
        counted = count(saved.content.deeds)
        said = _standing(found, saved, times.moment_full(at))
        return FilledForm(
            title=campaign.title,
            heading=paper_words.heading(campaign.title),
            standing=said,
            name=found.nominee.name,
            rows=tuple(_rows(found, saved, asks, _signed(found, campaign), figure=counted.zishu)),
            deeds=tuple(line.strip() for line in saved.content.deeds.split("\n") if line.strip()),
            deeds_heading=_("事迹材料"),
            figures=award_words.figures(counted.zishu, counted.han, counted.characters),
            draft=_("草稿"),
            code_label=_("校验码"),
            page=paper_words.page_of(),
            photo=_("照片"),
            company=season.owner if season else "",
            at=at,
            seal=seal,
        )


def _standing(found: NominationFacts, saved: SavedVersion, at: str) -> str:
    """Which submission it is; a draft says when it was saved."""
    number = check_codes.number_of(found.id, saved.number)
    return _("第 %(n)s 次提交，%(at)s", n=number, at=at) if number else _("草稿，%(at)s 保存", at=at)


def texts_of(found: NominationFacts, saved: SavedVersion) -> tuple[str, ...]:
    """All texts that people wrote into it, to be checked against fonts."""
    content = saved.content
    return (found.nominee.name, found.nominee.unit, *content.answers.values(), content.deeds)


def sheet(form: FilledForm) -> Sheet:
    """The form for the typesetter."""
    facts = {
        "title": form.title,
        "heading": form.heading,
        "standing": form.standing,
        "name": form.name,
        "photo": form.photo,
        "photo_rows": PHOTO_ROWS,
        "company": form.company,
        "code": form.seal.code if form.seal else None,
        "rows": [{"cells": row.cells, "signed": bool(row.sign), "sign": row.sign} for row in form.rows],
        "deeds": form.deeds,
        "figures": form.figures,
        "words": {
            "draft": form.draft,
            "code": form.code_label,
            "page": form.page,
            "deeds": form.deeds_heading,
        },
    }
    return Sheet(TEMPLATE, facts, form.at, form.seal.svg if form.seal else "")


def pdf(form: FilledForm) -> bytes:
    """A4 pages. Raises what `limited.make` raises."""
    return typeset.pdf(sheet(form))


def docx(form: FilledForm) -> bytes:
    """The same as a Word document. Raises what `limited.make` raises."""
    return limited.make("docx", as_json(form))[0]


def _signed(found: NominationFacts, campaign: CampaignFacts) -> str:
    """The electronic signature on what is submitted, or "" if there is none."""
    signature = signing.standing_of([found.id]).get(found.id) if found.handed_in else None
    if signature is None:
        return ""
    name = people.person_facts(signature.by).name
    return paper_words.electronic(name, signature.at.astimezone(campaign.zone))


def _rows(
    found: NominationFacts, saved: SavedVersion, asks: Terms, signature: str, *, figure: int
) -> Iterator[FormRow]:
    """The rows; the first ones leave room for a photo (`PHOTO_ROWS`)."""
    content, nominee = saved.content, found.nominee
    yield FormRow(((_("姓名"), nominee.name), (_("性别"), GENDERS[str(nominee.gender)]())))
    yield FormRow(((_("单位"), nominee.unit),))
    yield FormRow(((_("联系电话"), nominee.phone or ""), (_("填表日期"), paper_words.filled_in())))
    yield from _paired(
        [(award_words.field(key), content.says(key)) for key, asked in asks.asked.items() if not asked.long]
    )
    for key, asked in asks.asked.items():
        if asked.long:
            yield FormRow(((award_words.field(key), content.says(key)),))
    conditions, way, chosen_on, present, short = award_words.parts()
    ticked = (TICK + award_words.CONDITIONS[code]() for code in CONDITIONS if code in content.ticked)
    yield FormRow(((conditions, "\n".join(ticked)),))
    yield FormRow(
        (
            (way, department_choice.way_chosen(content)),
            (chosen_on, times.date_typed(content.says("chosen_on"))),
        )
    )
    yield FormRow(((present, department_choice.attendance(content)),))
    yield FormRow(((_("部门内公示"), department_choice.own_notice(content)),))
    yield FormRow(((short, content.says("short")),))
    yield FormRow(((_("事迹材料"), _("见后页，共 %(n)s 字", n=figure) if figure else ""),))
    for n, (who, what) in enumerate(paper_words.signatures()):
        said = f"{what}\n{signature}" if n == OF_THE_HEAD and signature else what
        yield FormRow(((who, said),), sign=paper_words.sign_line())


def _paired(answers: list[tuple[str, str]]) -> Iterator[FormRow]:
    """Short answers in pairs; a last one alone takes the whole row."""
    for n in range(0, len(answers), 2):
        yield FormRow(tuple(answers[n : n + 2]))
