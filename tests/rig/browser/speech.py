"""The words a test reads and presses, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Speech:
    """One language's words."""

    lang: str
    language: str
    identifier: str
    send_code: str
    enter_code: str
    code: str
    sign_in: str
    code_subject: str
    my_tickets: str
    my_data: str
    sign_up: str
    join_line: str
    no_network: str
    submit: str
    submit_again: str
    phone: str
    phone_short: str
    remark: str
    consent: str
    consent_missing: str
    seated: str
    seated_subject: str
    waiting: str
    waiting_title: str
    waiting_subject: str
    your_turn: str
    your_turn_subject: str
    withdraw: str
    your_answers: str
    leave_line: str
    withdrawn: str
    withdrawn_note: str
    order: str
    change_offered: str
    save_changes: str
    changes_saved: str
    page_expired: str
    too_busy: str
    wrong_code: str
    dead_code: str
    sign_out: str
    signed_out: str
    make_codes: str
    none_ticked: str
    print_codes: str
    use_link: str
    link_dead: str
    found: str
    first_administrator: str
    no_events: str

    @property
    def other(self) -> str:
        """The language that a test in this one does not speak."""
        return "en" if self.lang == "zh-CN" else "zh-CN"


ZH = Speech(
    lang="zh-CN",
    language="中文",
    identifier="工号或工作邮箱",
    send_code="发送验证码",
    enter_code="填验证码",
    code="验证码",
    sign_in="登录",
    code_subject="登录验证码",
    my_tickets="我的票",
    my_data="我的资料",
    sign_up="报名参加",
    join_line="加入候补",
    no_network="现在没有网络，还没有发出去",
    submit="提交报名",
    submit_again="再次提交",
    phone="手机号",
    phone_short="手机号这里是 10 位，少了 1 位。请补全，例如 13800138000",
    remark="备注",
    consent="我读过并同意个人信息说明",
    consent_missing="还没有同意个人信息说明，请勾选；不同意就不能报名",
    seated="已报上，编号 {n}",
    seated_subject="已报上：",
    waiting="候补中，还没有名额",
    waiting_title="候补第 {n} 位",
    waiting_subject="候补第 {n} 位：",
    your_turn="轮到你了，名额已经给你",
    your_turn_subject="轮到你了：",
    withdraw="退出报名",
    your_answers="你填写的内容",
    leave_line="退出候补",
    withdrawn="已退出",
    withdrawn_note="已退出报名，名额已经让出。",
    order="报名顺序",
    change_offered="你已经报上了",
    save_changes="保存修改",
    changes_saved="修改已保存，编号没有变。",
    page_expired="页面放久了，没有提交成功",
    too_busy="现在太忙，没有提交成功",
    wrong_code="验证码不对，还可以试 {n} 次，请照最新的邮件或登录码再填",
    dead_code="这个验证码不能再用了，请重新发送一个",
    sign_out="退出登录",
    signed_out="已退出登录。",
    make_codes="生成登录码",
    none_ticked="还没有勾选任何人，请至少勾选一位",
    print_codes="打印登录码",
    use_link="以{name}的身份登录",
    link_dead="这个链接不能用了",
    found="设为管理员并登录",
    first_administrator="设定第一位管理员",
    no_events="还没有活动",
)

EN = Speech(
    lang="en",
    language="English",
    identifier="Staff number or work mail",
    send_code="Send the code",
    enter_code="Enter the code",
    code="Code",
    sign_in="Sign in",
    code_subject="Sign-in code",
    my_tickets="My tickets",
    my_data="My data",
    sign_up="Sign up",
    join_line="Join the waiting list",
    no_network="No network: nothing has been sent yet",
    submit="Submit sign-up",
    submit_again="Submit again",
    phone="Mobile number",
    phone_short="The phone number has 10 digits, 1 missing. Add them, as in 13800138000",
    remark="Remarks",
    consent="I have read the privacy notice and agree",
    consent_missing="You have not agreed to the privacy notice. Tick it: without it you cannot sign up",
    seated="You have a place, number {n}",
    seated_subject="You have a place:",
    waiting="Waiting, no place yet",
    waiting_title="Waiting, {n} in line",
    waiting_subject="Waiting, {n} in line:",
    your_turn="Your turn came: you have a place",
    your_turn_subject="Your turn:",
    withdraw="Give up your place",
    your_answers="Your answers",
    leave_line="Leave the waiting list",
    withdrawn="Withdrawn",
    withdrawn_note="You gave up your place.",
    order="Order of sign-up",
    change_offered="You already have a place",
    save_changes="Save changes",
    changes_saved="Changes saved. Your number stays the same.",
    page_expired="The page was open too long, not submitted",
    too_busy="Too busy right now, not submitted",
    wrong_code="The code is wrong: take it from the newest mail or slip. Tries left: {n}",
    dead_code="This code can no longer be used. Send a new one",
    sign_out="Sign out",
    signed_out="Signed out.",
    make_codes="Make sign-in codes",
    none_ticked="Nobody is ticked. Tick at least one",
    print_codes="Print sign-in codes",
    use_link="Sign in as {name}",
    link_dead="This link no longer works",
    found="Become administrator and sign in",
    first_administrator="Name the first administrator",
    no_events="No events yet",
)

BOTH = (ZH, EN)
