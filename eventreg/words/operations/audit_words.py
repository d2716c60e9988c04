"""The audit trail in words: who, what. Every action that the product records has its sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.words.award import award_history_words
from eventreg.words.day import team_audit, walk_words
from eventreg.words.delivery import letter_words
from eventreg.words.operations import retention_words
from eventreg.words.people_words import fields
from eventreg.words.registration_words import STATES, hand_reason, why_ended
from eventreg.words.role_words import ROLES
from eventreg.words.sign_up import campaign_file_words

from . import pause_words

Facts = Mapping[str, Any]  # what was recorded, and `scope`: the unit or campaign of a role, by name

WAYS = {"code": lambda: _("用验证码登录"), "link": lambda: _("用控制台给的链接登录")}
FEEDS = {
    "own": (lambda: _("生成自己的日历订阅地址"), lambda: _("作废自己的日历订阅地址")),
    "managed": (lambda: _("生成所管活动的日历订阅地址"), lambda: _("作废所管活动的日历订阅地址")),
}
ACTORS: dict[str, Callable[[], str]] = {
    "console": lambda: _("控制台"),
    "demo": lambda: _("示例数据"),
    "system": lambda: _("系统"),
    "visitor": lambda: _("还没有登录的人"),
}


def what(action: str, facts: Facts) -> str:
    """What was done, as a verb with its object."""
    return ACTIONS[action](facts)


def who(by: str, names: Mapping[str, str]) -> str:
    """Who did it: a person by name, a program or a phone by what it is called."""
    kind, _sep, _id = by.partition(":")
    if by in ACTORS:
        return ACTORS[by]()
    if kind == "token":
        return _("接口令牌“%(name)s”", name=names.get(by, by))
    return names.get(by, by)


def _role(facts: Facts) -> str:
    role = ROLES[facts["role"]]() if facts.get("role") in ROLES else ""
    return _("%(role)s（%(scope)s）", role=role, scope=facts["scope"]) if facts.get("scope") else role


def _file_part(facts: Facts) -> str:
    return campaign_file_words.part(str(facts.get("part")))


def _option_places(facts: Facts) -> str:
    places = facts.get("places") or {}
    if not places:
        return _("去掉选项的名额")
    numbers = _("、").join(str(places[code]) for code in sorted(places))
    return _("更改选项的名额：%(places)s", places=numbers)


def _answers(facts: Facts) -> str:
    moved = facts.get("gave_up") or facts.get("took")
    return _("修改填写内容，换了有名额的选项") if moved else _("修改了填写内容")


def _withdrawn(facts: Facts) -> str:
    if "left" in {facts.get("reason"), facts.get("why")}:
        waited = facts.get("was") == "waiting"
        return _("轮到时已离职，不再候补") if waited else _("已离职，名额让出")
    was = STATES.get(str(facts.get("was")))
    if facts.get("why") == "silent":
        return _("到时没有确认，名额让出")
    if facts.get("why") == "organiser":
        reason = why_ended(str(facts.get("reason", "other")))
        state = was() if was else ""
        return _("由组织者办理退出（%(reason)s），原来%(state)s", reason=reason, state=state)
    return _("退出，原来%(state)s", state=was()) if was else _("已退出")


def _registered(facts: Facts) -> str:
    number, reason = facts.get("arrival", ""), hand_reason(str(facts.get("reason", "")))
    if not reason:
        return _("报名，编号 %(n)s", n=number)
    if facts.get("added"):
        return _("代为报名（%(reason)s，另加一个名额），编号 %(n)s", reason=reason, n=number)
    return _("代为报名（%(reason)s），编号 %(n)s", reason=reason, n=number)


def _confirmed(facts: Facts) -> str:
    return _("组织者代为确认参加") if facts.get("by") == "organiser" else _("确认参加")


def _letter(facts: Facts) -> str:
    return letter_words.kind(str(facts.get("kind", "")))


def _columns(facts: Facts) -> str:
    return _("、").join(fields(facts.get("fields", ())))


def _places(facts: Facts) -> str:
    total = facts.get("total")
    return _("更改名额：不限") if total is None else _("更改名额：共 %(n)s 个", n=total)


ACTIONS: dict[str, Callable[[Facts], str]] = {
    **team_audit.ACTIONS,
    **walk_words.ACTIONS,
    "api_token.made": lambda _f: _("生成接口令牌"),
    "api_token.revoked": lambda _f: _("作废接口令牌"),
    "calendar_feed.made": lambda f: FEEDS[str(f["feed"])][0](),
    "calendar_feed.revoked": lambda f: FEEDS[str(f["feed"])][1](),
    "campaign.activity_added": lambda _f: _("加一个项目"),
    "campaign.bounds_end_moved": lambda _f: _("更改名额规则到什么时候为止"),
    "campaign.offers_changed": lambda f: _(
        "开始前 %(h)s 小时以内空出的名额，先问 %(m)s 分钟", h=f.get("hours", ""), m=f.get("minutes", "")
    ),
    "campaign.confirmation_asked": lambda f: ngettext(
        "请 %(num)s 人重新确认", "请 %(num)s 人重新确认", int(f.get("count", 0))
    ),
    "campaign.activity_changed": lambda f: (
        _("更改项目“%(title)s”", title=f["title"]) if f.get("title") else _("更改项目")
    ),
    "campaign.activity_moved": lambda _f: _("更改项目的顺序"),
    "campaign.activity_removed": lambda _f: _("去掉一个项目"),
    "campaign.award_changed": lambda _f: _("更改评选设置"),
    "campaign.purged": lambda f: _(
        "到期删除了个人信息：%(parts)s",
        parts=_("、").join(text for text, _n in retention_words.counted(f.get("parts", {}))),
    ),
    "person.erased": lambda f: _(
        "应本人要求删除了个人信息：%(parts)s",
        parts=_("、").join(text for text, _n in retention_words.counted(f.get("parts", {}))),
    ),
    "campaign.assessed": lambda _f: _("写了个人信息保护影响评估"),
    "campaign.stages_changed": lambda _f: _("更改时间安排"),
    "campaign.basics_changed": lambda _f: _("更改活动说明"),
    "campaign.closed": lambda _f: _("提前截止了报名"),
    "campaign.contacts_nudged": lambda f: ngettext(
        "提醒人数不够的单位，写信给 %(num)s 位联系人",
        "提醒人数不够的单位，写信给 %(num)s 位联系人",
        int(f.get("count", 0)),
    ),
    "campaign.deleted": lambda f: _("删除草稿 %(slug)s", slug=f.get("slug", "")),
    "campaign.drafted": lambda _f: _("新建草稿"),
    "campaign.exempted": lambda f: _(
        "%(unit)s的人数不作要求：%(reason)s", unit=f.get("scope", ""), reason=f.get("reason", "")
    ),
    "campaign.exemption_ended": lambda f: _("恢复对%(unit)s的人数要求", unit=f.get("scope", "")),
    "campaign.file_dropped": lambda f: _("去掉活动页的文件：%(part)s", part=_file_part(f)),
    "campaign.file_kept": lambda f: _("上传活动页的文件：%(part)s", part=_file_part(f)),
    "campaign.message_sent": lambda f: ngettext(
        "写信给 %(num)s 人", "写信给 %(num)s 人", int(f.get("people", 0))
    ),
    "campaign.option_places_changed": _option_places,
    "campaign.places_changed": _places,
    "campaign.eligibility_changed": lambda _f: _("更改谁能报名"),
    "campaign.grouped": lambda f: (
        _("改为“%(group)s”里只能报一项", group=f["one_of"]) if f.get("one_of") else _("取消只能报一项的限制")
    ),
    "campaign.published": lambda _f: _("发布了活动"),
    "campaign.question_added": lambda _f: _("加了一个问题"),
    "campaign.question_changed": lambda f: (
        _("更改问题“%(label)s”", label=f["label"]) if f.get("label") else _("更改问题")
    ),
    "campaign.question_moved": lambda _f: _("更改问题的顺序"),
    "campaign.question_retired": lambda _f: _("去掉一个问题"),
    "campaign.reminded": lambda f: ngettext(
        "发出提醒，共 %(num)s 人", "发出提醒，共 %(num)s 人", int(f.get("count", 0))
    ),
    "campaign.reminder_added": lambda _f: _("加提醒"),
    "campaign.reminder_changed": lambda _f: _("更改提醒"),
    "campaign.reminder_removed": lambda _f: _("去掉提醒"),
    "campaign.reminder_switched": lambda f: _("重新启用提醒") if f.get("on") else _("停下提醒"),
    "campaign.quota_extended": lambda f: _("给%(unit)s延期推荐", unit=f.get("scope", "")),
    "campaign.quota_set_by_hand": lambda f: _(
        "手工定%(unit)s的推荐名额：%(n)s 个", unit=f.get("scope", ""), n=f.get("places", "")
    ),
    "campaign.quotas_changed": lambda f: _("更改推荐名额分配表：共 %(n)s 个", n=f.get("total", "")),
    "campaign.reopened": lambda _f: _("恢复了报名"),
    "campaign.robot_added": lambda _f: _("添加群机器人"),
    "campaign.robot_changed": lambda _f: _("更改往群里发什么"),
    "campaign.robot_removed": lambda _f: _("删掉群机器人"),
    "campaign.robot_switched": lambda f: _("重新启用群机器人") if f.get("on") else _("停下群机器人"),
    "campaign.sign_up_reminded": lambda f: ngettext(
        "提醒还没有报名的人，共 %(num)s 人", "提醒还没有报名的人，共 %(num)s 人", int(f.get("count", 0))
    ),
    "campaign.wording_changed": lambda f: _("改写信件：%(kind)s", kind=letter_words.kind(str(f.get("kind")))),
    "campaign.wording_reset": lambda f: _(
        "改回信件的原文：%(kind)s", kind=letter_words.kind(str(f.get("kind")))
    ),
    "confirming.asked": lambda _f: _("要了一个签字验证码"),
    "confirming.wrong_code": lambda _f: _("签字验证码没有输对"),
    "delegation.ended": lambda f: _("收回%(unit)s的代签", unit=f.get("scope", "")),
    "delegation.made": lambda f: _("请人代签%(unit)s的推荐", unit=f.get("scope", "")),
    "campaign.paper_asked": lambda _f: _("生成当天材料"),
    "campaign.screen_made": lambda _f: _("添加大屏幕"),
    "campaign.screen_removed": lambda _f: _("停用大屏幕"),
    "campaign.point_added": lambda _f: _("添加了签到点"),
    "campaign.point_renamed": lambda _f: _("改签到点的名称"),
    "campaign.point_removed": lambda _f: _("删除签到点"),
    "device.invited": lambda _f: _("生成签到手机的配对码"),
    "device.paired": lambda _f: _("配对签到手机"),
    "desk.accounted_for": lambda _f: _("注明手机放进去的人有着落了"),
    "desk.imported": lambda f: _("导入手机的扫码记录，收下 %(n)s 条", n=f.get("stored", "")),
    "device.revoked": lambda _f: _("停用签到手机"),
    "letter.bounce_withdrawn": lambda f: _("撤回退信的记录：%(kind)s", kind=_letter(f)),
    "letter.bounced": lambda f: _("记下退信：%(kind)s", kind=_letter(f)),
    "letter.readdressed": lambda f: _("改了收信邮箱：%(kind)s", kind=_letter(f)),
    "letter.sent_again": lambda f: ngettext(
        "重新发信：%(kind)s，以前试过 %(num)s 次",
        "重新发信：%(kind)s，以前试过 %(num)s 次",
        int(f.get("attempts", 0)),
        kind=_letter(f),
    ),
    "installation.restored": lambda _f: _("从备份恢复"),
    "mail.tested": lambda _f: _("发了一封测试信"),
    "keys.added": lambda f: _("添加密钥 %(key)s", key=f.get("key", "")),
    "keys.rotated": lambda f: _("换用密钥 %(key)s", key=f.get("key", "")),
    "keys.retired": lambda f: _("删除旧密钥 %(key)s", key=f.get("key", "")),
    "keys.resealed": lambda _f: _("用新密钥重新加密"),
    "letters.paused": lambda f: _("暂停发信：%(why)s", why=pause_words.why(str(f.get("why", "")))),
    "letters.resumed": lambda _f: _("恢复了发信"),
    **award_history_words.ACTIONS,
    "people.added": lambda _f: _("加入职工名册"),
    "people.changed": lambda f: _("按名册更改：%(columns)s", columns=_columns(f)),
    "people.cleared": lambda f: _("按名册清空或更改：%(columns)s", columns=_columns(f)),
    "people.corrected": lambda f: _("更正：%(columns)s", columns=_columns(f)),
    "people.left": lambda _f: _("按名册记为离职"),
    "people.moved": lambda _f: _("按名册调动单位"),
    "people.returned": lambda _f: _("按名册记为返岗"),
    "registration.answers_changed": _answers,
    "registration.confirmed": _confirmed,
    "registration.offered": lambda _f: _("候补转为已报上，要先确认"),
    "registration.promoted": lambda _f: _("候补转为已报上"),
    "registration.place_added": lambda f: _(
        "候补转为已报上，另加一个名额（%(reason)s）", reason=hand_reason(str(f.get("reason", "")))
    ),
    "registration.registered": _registered,
    "registration.restored": lambda _f: _("名册改回在职，报名恢复，编号不变"),
    "registration.ticket_reissued": lambda _f: _("换了新票，原来的票作废"),
    "registration.withdrawn": _withdrawn,
    "role.ended": lambda f: _("收回角色：%(role)s", role=_role(f)),
    "role.granted": lambda f: _("授予角色：%(role)s", role=_role(f)),
    "roster.exported": lambda f: ngettext(
        "导出报名名单，共 %(num)s 人", "导出报名名单，共 %(num)s 人", int(f.get("count", 0))
    ),
    "roster.imported": lambda _f: _("导入职工名册"),
    "roster.uploaded": lambda _f: _("上传职工名册，等待确认"),
    "season.changed": lambda _f: _("更改活动季"),
    "season.working_days_changed": lambda f: _(
        "更改工作日历：放假 %(off)s 天，调休上班 %(worked)s 天", off=f["off"], worked=f["worked"]
    ),
    "season.made": lambda _f: _("建了活动季"),
    "season.robot_added": lambda _f: _("添加群机器人"),
    "season.robot_changed": lambda _f: _("更改往群里发什么"),
    "season.robot_removed": lambda _f: _("删掉群机器人"),
    "season.robot_switched": lambda f: _("重新启用群机器人") if f.get("on") else _("停下群机器人"),
    "sign_in.asked": lambda _f: _("要了一个验证码"),
    "sign_in.code_printed": lambda _f: _("打印了登录码"),
    "sign_in.done": lambda f: WAYS.get(str(f.get("way")), lambda: _("已登录"))(),
    "sign_in.ended": lambda _f: _("已退出登录"),
    "sign_in.link_made": lambda _f: _("生成登录链接"),
    "sign_in.wrong_code": lambda _f: _("验证码没有输对"),
    "units.added": lambda _f: _("新增单位"),
    "units.changed": lambda _f: _("更改单位类别"),
}
