"""The administrator's page of mail: the settings as they are, and a test letter to oneself.

The settings come from the environment of the server and are changed there.
"""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _

from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.trail import audit
from eventreg.delivery.mail import trial
from eventreg.delivery.mail.trial import MailSetup, TrialResult
from eventreg.outbox.rules import SendOutcome
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.words import refusals

bp = Blueprint("mail_settings", __name__)

Rows = list[tuple[str, str, str | None]]


@bp.get("/manage/mail")
def mail() -> str:
    """Show where letters go and from whom they come. Secrets are left out."""
    return _page()


@bp.post("/manage/mail/test")
def send_test() -> Page:
    """Send a test letter to the visitor and show what the mail server answered."""
    actor, address = current.actor(), current.visitor().email
    try:
        result = trial.send_trial(address, current.person_id(), now=current.now())
    except Refused as refused:
        flash(refusals.say(refused.code, refused.facts), "refused")
        return _page(), 409
    with unit_of_work():
        audit.record("mail.tested", "installation:1", actor=actor, outcome=str(result.outcome))
    return _page(result)


def _page(result: TrialResult | None = None) -> str:
    setup = trial.setup_of(current.settings())
    return render_template(
        "admin/mail_settings/mail.html",
        rows=_rows(setup),
        in_files=not setup.server,
        address=current.visitor().email,
        result=result and _told(result),
        answer=result.answer if result else "",
        side_nav=organiser_nav(),
    )


def _told(result: TrialResult) -> tuple[str, str]:
    """Look and heading of a result."""
    if result.outcome is SendOutcome.ACCEPTED:
        return "seated", _("邮件服务器收下了测试信")
    if result.outcome is SendOutcome.WRITTEN:
        return "waiting", _("测试信已写成文件，没有发出")
    return "refused", _("测试信没有发出去")


def _rows(setup: MailSetup) -> Rows:
    """The settings as (label, value, language of the value if it is data)."""
    sender: Rows = [
        (_("发信人"), setup.sender, "zh-CN"),
        (_("回信到"), setup.reply_to or _("没有设，回信到发信人"), None),
    ]
    if not setup.server:
        return [(_("信写到"), setup.folder, None), *sender]
    how = (
        _("一开始就加密（smtps）") if setup.is_smtps else _("服务器支持就加密（STARTTLS），有密码时一定加密")
    )
    return [
        (_("邮件服务器"), f"{setup.server}:{setup.port}", None),
        (_("加密"), how, None),
        (_("登录账号"), setup.username or _("不登录"), None),
        (_("自己的证书"), setup.ca_file or _("没有设，用系统的"), None),
        (_("每分钟最多"), _("%(n)s 封", n=setup.rate) if setup.rate else _("不限"), None),
        (_("一个连接最多"), _("%(n)s 封", n=setup.batch), None),
        *sender,
    ]
