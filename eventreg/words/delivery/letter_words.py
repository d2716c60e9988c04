"""Letters in words: what kind, in which state, and why one was not sent."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from . import robot_words

KINDS: dict[str, Callable[[], str]] = {
    "registration_seated": lambda: _("报上通知"),
    "registration_waiting": lambda: _("候补通知"),
    "registration_promoted": lambda: _("递补通知"),
    "place_offered": lambda: _("递补通知，要先确认"),
    "registration_withdrawn": lambda: _("退出通知"),
    "ticket_reissued": lambda: _("换票通知"),
    "entered_seated": lambda: _("代为报名：报上通知"),
    "entered_waiting": lambda: _("代为报名：候补通知"),
    "activity_changed": lambda: _("日程有变"),
    "message": lambda: _("组织者的通知"),
    "reminder_seated": lambda: _("提醒报上的人"),
    "reminder_waiting": lambda: _("提醒候补的人"),
    "reminder_unsigned": lambda: _("提醒还没有报名的人"),
    "reminder_organisers": lambda: _("给组织者：当天用的纸质材料"),
    "sign_up_reminder": lambda: _("组织者提醒还没有报名的人"),
    "unit_short": lambda: _("提醒单位联系人：人数不够"),
    "reminder_drafting": lambda: _("提醒提交推荐"),
    "award_reminder": lambda: _("审核人提醒还没有办的人"),
    "reminder_signing": lambda: _("提醒负责人签字"),
    "reminder_consenting": lambda: _("提醒被推荐人回复"),
    "reminder_unreceived": lambda: _("提醒交纸质推荐表"),
    "reminder": lambda: _("提醒"),
    "robot_test": lambda: _("群里的测试消息"),
    "robot_activity": lambda: _("群消息：日程有变"),
    "robot_places": lambda: _("群消息：名额"),
    "robot_message": lambda: _("群消息：组织者写的信"),
    "robot_reminder": lambda: _("群消息：提醒已发出"),
    "sign_in_code": lambda: _("登录验证码"),
    "signature_code": lambda: _("签字验证码"),
    "signature_due": lambda: _("请负责人签字"),
    "signature_voided": lambda: _("签字作废，请重新签"),
    "delegated": lambda: _("请人代签"),
    "consent_due": lambda: _("请被推荐人看一遍并回复"),
    "correction_sent": lambda: _("被推荐人指出哪里不对"),
    "nomination_returned": lambda: _("退回推荐"),
    "consent_withdrawn": lambda: _("被推荐人撤回同意"),
    "deadline_extended": lambda: _("推荐延期"),
    "nomination_ineligible": lambda: _("认定不符合条件"),
    "consent_declined": lambda: _("被推荐人不同意"),
    "proposal_passed_on": lambda: _("员工交来推荐"),
    "role_granted": lambda: _("新角色通知"),
    "audit_head": lambda: _("办理记录的封签"),
    "judging_opened": lambda: _("请评委打分"),
    "removal_soon": lambda: _("个人信息快要删除"),
    "leavers_gave_up": lambda: _("离职的人让出报名"),
    "colleagues_unreached": lambda: _("请联系人转告同事"),
}

WITH_TICKET = frozenset(
    {
        "registration_seated",
        "registration_promoted",
        "place_offered",
        "reminder_seated",
        "ticket_reissued",
        "entered_seated",
    }
)  # the QR code stands in these

PLACEHOLDERS: dict[str, Callable[[], str]] = {
    "campaign": lambda: _("活动的名称"),
    "time": lambda: _("第一个项目什么时候开始"),
    "place": lambda: _("第一个项目在哪里"),
    "number": lambda: _("报名的编号"),
    "position": lambda: _("候补排在第几位"),
    "activity": lambda: _("有变的项目"),
    "change": lambda: _("一句话：哪个项目怎么变了"),
    "deadline": lambda: _("报名到什么时候截止"),
    "details": lambda: _("报名还在不在，日历怎么办"),
    "link": lambda: _("收信人自己的票或候补的网址"),
    "name": lambda: _("收信人的姓名"),
    "unit": lambda: _("收信人的单位"),
    "answer": lambda: _("收信人在报名表里的回答"),
}

AUDIENCES: dict[str, Callable[[str, str], str]] = {
    "seated": lambda _name, _said: _("已报上的人"),
    "waiting": lambda _name, _said: _("候补的人"),
    "unit": lambda name, _said: _("%(unit)s的人", unit=name),
    "contacts": lambda _name, _said: _("有名额的部门的联系人"),
    "nominees": lambda _name, _said: _("已提交的被推荐人"),
    "candidates": lambda _name, _said: _("候选人"),
    "answer": lambda name, said: _("“%(question)s”的回答里包含“%(answer)s”的人", question=name, answer=said),
}

PRIVATE = frozenset(
    {"sign_in_code", "signature_code"}
)  # of no campaign: administrators alone see that there was one

STATES: dict[str, Callable[[], str]] = {
    "queued": lambda: _("等待发出"),
    "claimed": lambda: _("正在发"),
    "sent": lambda: _("已发出"),
    "written": lambda: _("已写成文件"),
    "failed": lambda: _("没有送达"),
    "expired": lambda: _("过期没有发"),
    "withheld": lambda: _("没有发"),
    "bounced": lambda: _("退信"),
}


def placeholder(code: str) -> str:
    """What stands in a letter for a name in braces."""
    return PLACEHOLDERS[code.partition(":")[0]]()


def kind(code: str) -> str:
    """What a letter is about."""
    return KINDS[code]() if code in KINDS else code


def state(code: str) -> str:
    """Where a letter stands."""
    return STATES[code]()


def why(code: str, *, reachable: bool, attempts: int, trouble: str) -> str:
    """Why a letter stands where it stands; empty where nothing is to be said."""
    if trouble.startswith(robot_words.PREFIX):
        said = robot_words.trouble(trouble)
        return _("试过 %(n)s 次：%(why)s", n=attempts, why=said) if code == "queued" else said
    if code == "withheld":
        return _("信里说的事已经变了") if reachable else _("名册里没有邮箱")
    if code == "expired":
        return _("还没有发成，说的事已经开始")
    if code == "written":
        return _("没有邮件服务器，收信人没有收到")
    if code == "bounced":
        return _("邮件退了回来，请核对邮箱")
    if code == "failed":
        return _("邮件服务器不收：%(said)s。请核对邮箱", said=trouble) if trouble else _("请核对邮箱")
    if code == "queued" and attempts:
        return _("试过 %(n)s 次还没有发成，会自动再试", n=attempts)
    return ""


def states(counts: dict[str, int]) -> str:
    """How many letters stand where: 已发出 18，等待发出 2."""
    told = (_("%(state)s %(n)s", state=state(code), n=counts[code]) for code in STATES if counts.get(code))
    return _("，").join(told)
