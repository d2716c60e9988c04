"""The form of an award: deadline, winners, length of the text, and fields of the 推荐表."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField

from eventreg.campaigns import checks
from eventreg.campaigns.assessments.service import TEXT_MOST
from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations.rules import CATALOGUE, LONGEST, SENSITIVE, ProposerScope, Terms, TextMeasure
from eventreg.web.forms.deadline_field import DeadlineField
from eventreg.web.forms.plain_form import RequiredField, SometimesRequired
from eventreg.web.forms.plan_form import MOMENT, WHOLE, PlanForm, local_moment, one_of, zone_hint
from eventreg.words.award import award_words

PURPOSE_MOST = 80


class AwardForm(PlanForm):
    """The terms of an award; a field for the purpose of each sensitive field follows."""

    closes_at = DeadlineField(validators=[RequiredField()], render_kw=MOMENT)
    seats = StringField(validators=[RequiredField()], render_kw=WHOLE)
    least = StringField(validators=[RequiredField()], render_kw=WHOLE)
    most = StringField(validators=[RequiredField()], render_kw=WHOLE)
    counted = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    women_only = BooleanField()
    who = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    asks = SelectMultipleField(choices=[], validate_choice=False)
    purpose_ethnicity = StringField(validators=[SometimesRequired()], render_kw={"maxlength": PURPOSE_MOST})
    purpose_native_place = StringField(
        validators=[SometimesRequired()], render_kw={"maxlength": PURPOSE_MOST}
    )
    purpose_political_status = StringField(
        validators=[SometimesRequired()], render_kw={"maxlength": PURPOSE_MOST}
    )
    purpose_id_number = StringField(validators=[SometimesRequired()], render_kw={"maxlength": PURPOSE_MOST})

    assessment = TextAreaField(
        validators=[SometimesRequired()], render_kw={"maxlength": TEXT_MOST, "rows": 4}
    )

    @property
    def assessed(self) -> str:
        """The impact assessment as typed."""
        return self.take("assessment", partial(checks.prose, most=TEXT_MOST, required=False), "")

    @property
    def purposes(self) -> list[StringField]:
        """The fields for the purposes of sensitive fields."""
        return [self[f"purpose_{key}"] for key in SENSITIVE]

    def read(self, zone: ZoneInfo) -> tuple[Terms, datetime]:
        """The typed terms and the deadline; meaningless if a field has an error."""
        closes_at = self.take(
            "closes_at", partial(checks.moment, zone=zone), datetime(2000, 1, 1, tzinfo=zone)
        )
        length = partial(checks.number, least=0, most=20_000)
        asks = Terms(
            seats=self.take("seats", partial(checks.number, least=1, most=1000), 1),
            least=self.take("least", length, 0),
            most=self.take("most", partial(checks.number, least=1, most=LONGEST), LONGEST),
            counted=TextMeasure(self.take("counted", partial(one_of, known=award_words.COUNTED), "zishu")),
            women_only=bool(self.women_only.data),
            who=ProposerScope(self.take("who", partial(one_of, known=award_words.WHO), "contacts")),
            fields=self._chosen(),
        )
        if not self.errors and asks.most < asks.least:
            self.say("most", "terms.most_below_least")
        return asks, closes_at

    def _chosen(self) -> dict[str, str]:
        """The ticked fields, each with its purpose if it is sensitive."""
        line = partial(checks.line, most=PURPOSE_MOST, required=False)
        chosen = [key for key in CATALOGUE if key in (self.asks.data or ())]
        purposes = {key: self.take(f"purpose_{key}", line, "") for key in SENSITIVE}
        for key in chosen:
            if key in SENSITIVE and not purposes[key] and not self[f"purpose_{key}"].errors:
                self.say(f"purpose_{key}", "terms.purpose_missing")
        return {key: purposes.get(key, "") for key in chosen}


def award_form(campaign: CampaignFacts, asks: Terms, assessment: str = "") -> AwardForm:
    """The form, filled with the current terms and the impact assessment."""
    form = AwardForm(data=_known(campaign, asks) | {"assessment": assessment})
    form.counted.choices = [(key, word()) for key, (word, _hint) in award_words.COUNTED.items()]
    form.asks.choices = [(key, award_words.field(key)) for key in CATALOGUE]
    form.who.choices = [(key, word()) for key, (word, _hint) in award_words.WHO.items()]
    form.word(
        (
            "closes_at",
            _("推荐截止"),
            _("“2月27日之前”含当天，就填 27 日并勾选当天结束；不含，就填 26 日。") + zone_hint(campaign.zone),
        ),
        ("seats", _("评出几位"), ""),
        ("least", _("事迹材料至少多少字"), _("不够也能存草稿，提交时才检查")),
        ("most", _("事迹材料最多多少字"), ""),
        ("counted", _("按哪个数来检查"), ""),
        ("women_only", _("只推荐女职工"), ""),
        ("who", _("谁可以写推荐"), _("不管谁写的，都由部门提交")),
        ("asks", _("推荐表里还要填什么"), _("姓名、性别、单位名册里有，不用填。少收一项是一项。")),
    )
    form.word(
        (
            "assessment",
            _("个人信息保护影响评估"),
            _("要填身份证号才要写：为什么必须收、对本人有什么影响、怎么保护。保存三年"),
        )
    )
    for key in SENSITIVE:
        form.word((f"purpose_{key}", _("%(field)s做什么用", field=award_words.field(key)), _("勾了才要写")))
    return form


def details() -> dict[str, str]:
    """The second line of each option."""
    purposes = {key: hint() for key, (_word, hint) in award_words.FIELDS.items()}
    choices = {**award_words.COUNTED, **award_words.WHO}
    return purposes | {key: hint() for key, (_word, hint) in choices.items()}


def _known(campaign: CampaignFacts, asks: Terms) -> dict[str, object]:
    known: dict[str, object] = {f"purpose_{key}": asks.fields.get(key, "") for key in SENSITIVE}
    return known | {
        "version": str(campaign.version),
        "closes_at": local_moment(campaign.deadline),
        "seats": str(asks.seats),
        "least": str(asks.least),
        "most": str(asks.most),
        "counted": str(asks.counted),
        "women_only": asks.women_only,
        "who": str(asks.who),
        "asks": list(asks.fields),
    }
