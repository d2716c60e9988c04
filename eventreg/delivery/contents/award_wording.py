"""The default wording of letters about nominations, with placeholders, which `token` writes."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from eventreg.campaigns.wording import LetterWords

Token = Callable[[str], str]
CODES = ("campaign", "deadline", "link", "name", "unit")


def _due(token: Token) -> LetterWords:
    lead = _("你们单位提交了一份推荐，请看一遍，同意就签字，不同意就退回并写明原因。")
    return LetterWords(_("请签字：%(award)s", award=token("campaign")), (lead,))


def _voided(token: Token) -> LetterWords:
    lead = _("部门后来改了内容或者文件，原来的签字作废。改了哪里，页面上写着，请看一遍再签。")
    return LetterWords(_("请重新签字：%(award)s", award=token("campaign")), (lead,))


def _consent(token: Token) -> LetterWords:
    lines = (
        _("请看一遍提交评审的和公示的是什么，分别告诉我们你同不同意。"),
        _("哪里写得不对，也在那一页告诉单位联系人。"),
    )
    return LetterWords(_("部门推荐了你：%(award)s", award=token("campaign")), lines)


def _corrected(token: Token) -> LetterWords:
    subject = _("%(what)s：%(award)s", what=_("被推荐人指出有地方不对"), award=token("campaign"))
    return LetterWords(subject, (_("她写的在页面上。要改，请改好重新提交。"),))


def _returned(token: Token) -> LetterWords:
    subject = _("%(what)s：%(award)s", what=_("推荐退回了，请补正"), award=token("campaign"))
    return LetterWords(subject, (_("改好以后请重新提交，名额还留着。"),))


def _reminded(token: Token, line: str) -> LetterWords:
    return LetterWords(_("提醒：%(title)s", title=token("campaign")), (line,))


def _drafting(token: Token) -> LetterWords:
    at = token("deadline")
    line = _("推荐到 %(at)s 截止，你们单位还有草稿没有提交。写好了就提交，截止以后不再收。", at=at)
    return _reminded(token, line)


def _signing(token: Token) -> LetterWords:
    line = _("你们单位提交的推荐还没有签字，%(at)s 以前要签好。", at=token("deadline"))
    return _reminded(token, line)


def _consenting(token: Token) -> LetterWords:
    at = token("deadline")
    line = _("你还没有告诉我们同不同意提交评审、同不同意公示。请在 %(at)s 以前回复。", at=at)
    return _reminded(token, line)


def _unreceived(token: Token) -> LetterWords:
    line = _("你提交的推荐里，有的还没有收到签好字的纸质推荐表。在“部门推荐”里可以再打印；请交到党群工作部。")
    return _reminded(token, line)


WORDS: dict[str, Callable[[Token], LetterWords]] = {
    "signature_due": _due,
    "signature_voided": _voided,
    "consent_due": _consent,
    "correction_sent": _corrected,
    "nomination_returned": _returned,
    "reminder_drafting": _drafting,
    "reminder_signing": _signing,
    "reminder_consenting": _consenting,
    "reminder_unreceived": _unreceived,
}
