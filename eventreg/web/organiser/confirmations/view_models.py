"""View models of the page about confirmations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.registrations.confirming.overview import ConfirmFigures, OpenLine, Silence
from eventreg.words import times


@dataclass(frozen=True, slots=True)
class FiguresView:
    """Until when people were asked, and (word, number) of each answer."""

    confirm_by: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """People who have not answered, with the same reason; each with the address that confirms for them."""

    title: str
    says: str
    lines: tuple[tuple[OpenLine, str], ...]


def tallies(figures: ConfirmFigures | None, campaign: CampaignFacts) -> FiguresView | None:
    """The figures in words; None if nobody was asked."""
    if figures is None:
        return None
    counts = (
        (_("请了确认"), figures.asked),
        (_("已确认"), figures.confirmed),
        (_("自己让出"), figures.gave_up),
        (_("没有回音，已收回"), figures.silent),
        (_("组织者办理退出或离职"), figures.ended),
        (_("还没有回音"), figures.open),
        (_("其中没有通知到"), figures.unreached),
    )
    by = figures.confirm_by
    return FiguresView(times.deadline(by.astimezone(campaign.zone)) if by else "", counts)


def groups(lines: Sequence[OpenLine], campaign: CampaignFacts) -> list[OpenGroup]:
    """Everybody who has not answered, by reason."""
    titles = {
        Silence.NO_MAILBOX: (_("没有邮箱，没有通知到"), _("名额一直保留。本单位的联系人已收到信，请当面问到以后代为确认。")),
        Silence.UNREACHED: (_("邮件没有及时送到"), _("名额一直保留。本单位的联系人已收到信，请问到以后代为确认。")),
        Silence.HELD: (_("到时没有回音，名额还没有收回"), _("服务器停过，到时的 24 小时以后再自动收回。现在就要收回，请按下面的按钮。")),
        Silence.RUNNING: (_("还在等回音"), _("到时没有回音、信又送到了的，名额自动给候补的下一位。")),
    }  # fmt: skip
    found = []
    for why, (title, says) in titles.items():
        mine = tuple(
            (
                line,
                url_for("confirmations.confirm", slug=campaign.slug, registration_id=line.registration_id),
            )
            for line in lines
            if line.why is why
        )
        if mine:
            found.append(OpenGroup(title, says, mine))
    return found
