"""What the history says of awards: nominations, screening, judging."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.words.delivery import reminder_words

Facts = Mapping[str, Any]

ACTIONS: dict[str, Callable[[Facts], str]] = {
    "award.reminded": lambda f: ngettext(
        "写信提醒%(who)s，共 %(num)s 人",
        "写信提醒%(who)s，共 %(num)s 人",
        int(f.get("count", 0)),
        who=reminder_words.audience(str(f.get("audience"))),
    ),
    "judging.rules_set": lambda f: _("更改评选办法：%(n)s 条评分标准", n=f.get("criteria", "")),
    "judging.opened": lambda f: _("开始评审：%(n)s 份推荐", n=f.get("nominations", "")),
    "judging.seated": lambda _f: _("加入一位评委"),
    "judging.left": lambda _f: _("一位评委退出，打的分不算"),
    "judging.pledged": lambda _f: _("一位评委签了承诺书"),
    "judging.recused": lambda _f: _("登记一位评委回避"),
    "judging.locked": lambda _f: _("一位评委确认打分"),
    "judging.closed": lambda _f: _("打分结束，保存了排名"),
    "nomination.begun": lambda _f: _("开始写一份推荐"),
    "nomination.proposed": lambda _f: _("职工开始写一份推荐"),
    "nomination.passed_on": lambda _f: _("把写好的推荐交给部门联系人"),
    "nomination.preferred": lambda _f: _("更改推荐的先后"),
    "nomination.submitted": lambda _f: _("提交一份推荐"),
    "award.limit_added": lambda _f: _("加一条结构要求"),
    "award.limit_dropped": lambda _f: _("去掉一条结构要求"),
    "nomination.returned": lambda _f: _("退回一份推荐，请部门补正"),
    "nomination.candidate": lambda _f: _("定为候选人"),
    "nomination.ineligible": lambda _f: _("认定一份推荐不符合条件"),
    "nomination.reopened": lambda _f: _("重新审核一份推荐"),
    "nomination.signed": lambda _f: _("给一份推荐签字"),
    "nomination.signature_voided": lambda _f: _("推荐改过，原来的签字作废"),
    "nomination.consent_given": lambda _f: _("被推荐人同意一项"),
    "nomination.consent_declined": lambda _f: _("被推荐人不同意一项"),
    "nomination.consent_withdrawn": lambda _f: _("被推荐人撤回一项同意"),
    "nomination.correction_sent": lambda _f: _("被推荐人指出哪里不对"),
    "nomination.opinion_entered": lambda _f: _("登记了征求到的意见"),
    "nomination.withdrawn": lambda _f: _("撤回一份推荐"),
    "nomination.paper_received": lambda f: _(
        "收到纸质推荐表：%(copies)s 份",
        copies=f.get("copies", ""),
    ),
    "nomination.paper_undone": lambda _f: _("撤回纸质推荐表的收件记录"),
    "nomination.file_dropped": lambda _f: _("去掉推荐材料里的一个文件"),
    "nomination.file_refused": lambda _f: _("推荐材料里的一个文件读的时候发现会伤到电脑，已经去掉"),
    "nomination.file_kept": lambda _f: _("上传推荐材料里的一个文件"),
}
