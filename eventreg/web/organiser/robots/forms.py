"""The form of a group robot: name, address, kinds of news."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from flask_babel import gettext as _
from wtforms import PasswordField, RadioField, SelectMultipleField, StringField

from eventreg.campaigns import checks
from eventreg.chat.rules import ADDRESS_MOST, NAME_MOST, SECRET_MOST, ChatService, NewsKind
from eventreg.chat.service import NewRobot
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import PlanForm, one_of
from eventreg.words.delivery import robot_words

QUIET = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class RobotForm(PlanForm):
    """A robot to be added."""

    service = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    robot_name = StringField(
        validators=[RequiredField()], render_kw={"maxlength": NAME_MOST, "autocomplete": "off"}
    )
    address = StringField(
        validators=[RequiredField()], render_kw={"maxlength": ADDRESS_MOST, "inputmode": "url", **QUIET}
    )
    secret = PasswordField(render_kw={"maxlength": SECRET_MOST, "autocomplete": "new-password"})
    news = SelectMultipleField(validators=[RequiredField()], choices=[], validate_choice=False)

    def read(self) -> NewRobot:
        """The typed values; meaningless if a field has an error."""
        known = {str(service): service for service in ChatService}
        service = self.take("service", partial(one_of, known=known), str(ChatService.WECOM))
        return NewRobot(
            service=ChatService(service),
            name=self.take("robot_name", partial(checks.line, most=NAME_MOST), ""),
            address=(self.address.data or "").strip(),
            secret=(self.secret.data or "").strip(),
            news=chosen(self.news.data or ()),
        )


def robot_form(*, version: int, house: bool) -> RobotForm:
    """The form in the reader's language; at first all kinds of news are ticked."""
    offered = [news for news in NewsKind if not house or news is not NewsKind.PLACES]
    fresh = {"version": str(version), "news": [str(news) for news in offered]}
    form = RobotForm(data=fresh)
    form.secret.widget.hide_value = False  # the typed values are shown again
    form.service.choices = [(str(service), robot_words.service(str(service))) for service in ChatService]
    form.news.choices = [(str(news), robot_words.news(str(news))) for news in offered]
    form.word(
        ("service", _("哪一家"), ""),
        ("robot_name", _("这个群叫什么"), _("例如：工会小组长群")),
        (
            "address",
            _("Webhook 网址"),
            _("在群机器人的设置里复制。有了它谁都能往群里发，所以保存以后不再显示"),
        ),
        ("secret", _("加签密钥"), _("钉钉选了“加签”、飞书选了“签名校验”才有；企业微信没有")),
        ("news", _("往群里发什么"), ""),
    )
    return form


def chosen(typed: Collection[str]) -> frozenset[NewsKind]:
    """The ticked kinds of news; unknown values are left out."""
    return frozenset(NewsKind(code) for code in typed if code in list(NewsKind))
