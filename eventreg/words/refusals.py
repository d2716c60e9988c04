"""Every refusal code in words: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from . import file_words, mark_words, plan_refusals, roster_refusals, sign_up_refusals
from .award import award_refusals, judging_refusals, signing_words
from .day import desk_refusals, team_refusals, walk_words
from .delivery import delivery_refusals
from .locale import current
from .operations import backup_refusals
from .times import clock, moment, said_at

Facts = Mapping[str, Any]


def say(code: str, facts: Facts) -> str:
    """The sentence for a refusal in the current locale; every code has one (house test). The English is in messages.po."""
    return SENTENCES[code](facts)


def _placeholder(facts: Facts) -> str:
    return _braced(facts.get("english" if current() == "en" else "name", ""))


def _braced(name: object) -> str:
    return "{{" + str(name) + "}}"


SENTENCES: dict[str, Callable[[Facts], str]] = {
    **backup_refusals.SENTENCES,
    **desk_refusals.SENTENCES,
    **file_words.SENTENCES,
    **mark_words.SENTENCES,
    **roster_refusals.SENTENCES,
    **walk_words.SENTENCES,
    **plan_refusals.SENTENCES,
    **sign_up_refusals.SENTENCES,
    **team_refusals.SENTENCES,
    "not_found": lambda _f: _("没有找到这个页面，也可能你没有权限查看。"),
    "pause.no_reason": lambda _f: _("还没有选为什么暂停。选一个原因，办理记录里会写上。"),
    "request.other_body": lambda _f: _("这个请求编号已经用过，内容不同。请刷新页面再提交。"),
    "sign_in.too_many_codes": lambda f: _(
        "刚刚要过验证码，%(at)s 以后可以再要。已经收到的验证码，10 分钟内仍然有效。",
        at=said_at(f, "again_at", clock),
    ),
    "sign_in.link_dead": lambda _f: _("这个登录链接已经用过或过期，请在控制台再要一个。"),
    "sign_in.wrong_code": lambda f: _(
        "验证码不对，还可以试 %(n)s 次，请照最新的邮件或登录码再填", n=f.get("tries_left", 0)
    ),
    "sign_in.dead_code": lambda _f: _("这个验证码不能再用了，请重新发送一个"),
    "sign_in.needs_mail": lambda _f: _(
        "你在活动里有角色，要用邮箱里的验证码登录。名册里没有邮箱？请管理员补上"
    ),
    "sign_in.no_such_form": lambda _f: _(
        "这不是工号，也不是邮箱。请写工牌上的工号，或者完整的邮箱，例如 a@b.cn"
    ),
    "sign_in.no_identifier": lambda _f: _("请填写工号或者工作邮箱"),
    "sign_in.administrator_exists": lambda _f: _("管理员已经有了，请用工号或邮箱登录。"),
    "people.staff_no_taken": lambda _f: _("这个工号名册里已经有了，请核对"),
    "people.email_taken": lambda _f: _("这个邮箱名册里已经有人用了，请核对"),
    "people.file_kind": lambda _f: _("只收 .xlsx 和 .csv 文件，请另存为其中一种"),
    "people.file_too_big": lambda _f: _("文件太大，没有导入"),
    "people.file_broken": lambda _f: _("文件打不开，请用表格软件重新保存一次"),
    "people.file_encoding": lambda _f: _("认不出文件的编码，请另存为 UTF-8 或 GB 18030"),
    "people.file_empty": lambda _f: _("文件是空的"),
    "people.columns_missing": lambda f: _("缺少这些列：%(columns)s", columns=f.get("columns", "")),
    "people.columns_repeated": lambda f: _(
        "这些列出现了两次，请留一列：%(columns)s", columns=f.get("columns", "")
    ),
    "people.no_rows": lambda _f: _("只有表头，下面没有人"),
    "people.too_many_rows": lambda f: _("超过 %(most)s 行，请分成几个文件", most=f.get("most", "")),
    "people.unit_kind_differs": lambda f: _("和第 %(line)s 行写的单位类别不同", line=f.get("other_line", "")),
    "people.bad_rows": lambda f: _("有 %(n)s 处要改，整个文件都没有导入", n=len(f.get("problems", ()))),
    "people.staff_no_missing": lambda _f: _("没有工号"),
    "people.name_missing": lambda _f: _("没有姓名"),
    "people.gender_missing": lambda _f: _("没有性别"),
    "people.unit_missing": lambda _f: _("没有单位"),
    "people.name_form": lambda _f: _("姓名最多 64 个字，不含换行和控制字符"),
    "people.private_use": lambda _f: _("含自造字，换一台设备可能显示成别的字或空白"),
    "people.gender_form": lambda _f: _("性别写“女”或“男”"),
    "people.unit_form": lambda _f: _("单位写一级或两级，用 / 分开，每级最多 80 个字"),
    "people.unit_kind_form": lambda _f: _("单位类别写“部门”或“二级机构”"),
    "people.phone_form": lambda _f: _("电话写 11 位手机号或带区号的座机"),
    "people.state_form": lambda _f: _("状态写“在职”或“离职”"),
    "people.staff_no_twice": lambda f: _("工号和第 %(line)s 行相同", line=f.get("other_line", "")),
    "people.email_twice": lambda f: _("邮箱和第 %(line)s 行相同", line=f.get("other_line", "")),
    "people.staff_no_form": lambda _f: _("工号只含字母、数字和 - _ .，最多 32 个，请改正"),
    "people.email_form": lambda _f: _("邮箱写得不完整，例如 name@example.cn"),
    "people.search_short": lambda f: _("请至少写 %(n)s 个字，或者选一个单位", n=f.get("least", "")),
    "people.roster_changed": lambda _f: _("名册刚刚有了变化，什么也没有导入。请核对下面新的预览，再确认一次"),
    "people.last_administrator": lambda _f: _(
        "照这份名册，最后一位管理员会离职，再没有人能管理系统。请把管理员写进名册，或者先请一位管理员"
    ),
    "people.no_file": lambda _f: _("还没有选文件，请选一个 .xlsx 或 .csv 文件"),
    "people.unknown_staff_no": lambda f: _("名册里没有工号 %(no)s 的在职职工", no=f.get("staff_no", "")),
    "people.unknown_unit": lambda f: _("名册里没有单位“%(unit)s”", unit=f.get("unit", "")),
    "grant.needs_unit": lambda _f: _("这个角色要指定单位"),
    "grant.takes_no_unit": lambda _f: _("这个角色不分单位"),
    "grant.judges": lambda _f: _("这个人正在当评委，不能同时看到全部推荐。请先在评委会里退出"),
    "grant.needs_campaign": lambda _f: _("这个角色要指定活动"),
    "grant.period": lambda _f: _("结束日期要晚于开始日期"),
    "grant.last_administrator": lambda _f: _("这是最后一位管理员，不能收回。请先授予另一个人"),
    "grant.last_organiser": lambda _f: _("这是最后一位组织者，不能收回。请先请另一位"),
    "grant.no_role": lambda _f: _("还没有选角色，请选一个"),
    "grant.date_form": lambda _f: _("日期按 2027-03-08 这样写"),
    "kind.unknown": lambda _f: _("没有这种活动类型"),
    "kind.parameter_unknown": lambda f: _("没有参数 %(name)s", name=f.get("name", "")),
    "kind.out_of_bounds": lambda f: _(
        "参数 %(name)s 超出范围（%(least)s 到 %(most)s）",
        name=f.get("name", ""),
        least=f.get("least", ""),
        most=f.get("most", ""),
    ),
    "token.name_taken": lambda _f: _("已有同名的令牌，请换一个名字，或者先作废旧的"),
    "token.name_form": lambda f: _("令牌的名字写 1 到 %(most)s 个字，不含换行", most=f.get("most", "")),
    "token.no_scope": lambda _f: _("令牌至少要有一个权限范围"),
    "token.days": lambda f: _("有效期写 1 到 %(most)s 天", most=f.get("most", "")),
    "token.unknown": lambda _f: _("没有这个名字的令牌，或者它已经作废"),
    "request.in_progress": lambda _f: _("同一个请求编号的上一次还在办理，请稍后用同样的编号和内容再试。"),
    "request.malformed": lambda _f: _("请求的内容读不懂，请发送 UTF-8 编码的 JSON。"),
    "request.no_token": lambda _f: _("没有有效的令牌，请在 Authorization 头里写 Bearer 和令牌。"),
    "request.scope_missing": lambda f: _("这个令牌没有权限范围 %(scope)s。", scope=f.get("scope", "")),
    "request.method": lambda _f: _("这个地址不接受这种方法，可用的写在 Allow 头里。"),
    "request.too_large": lambda _f: _("内容超过了上限，请减小后再发送。"),
    "request.not_json": lambda _f: _("请求的内容要是 JSON，Content-Type 写 application/json。"),
    "request.invalid": lambda _f: _("有的字段不对，见 errors。"),
    "request.too_many": lambda _f: _("请求太多，请稍后再试。"),
    "request.failed": lambda _f: _("这是系统的问题，没有办成。请稍后再试。"),
    "request.busy": lambda _f: _("现在太忙，没有办成。请稍后用同样的内容再试。"),
    "request.disk_full": lambda _f: _(
        "服务器的磁盘满了，没有保存。请告诉管理员；腾出空间以后，用同样的内容再试。"
    ),
    "request.missing": lambda _f: _("缺少这个字段"),
    "request.wrong_type": lambda _f: _("这个字段的类型不对"),
    "request.field_twice": lambda _f: _("这个字段写了两次，只能写一次"),
    "request.unknown_field": lambda _f: _("没有这个字段"),
    "request.key_form": lambda _f: _("请求编号写 1 到 64 个可见的 ASCII 字符"),
    "request.time_form": lambda _f: _("时间按 RFC 3339 写并带时区，例如 2027-02-20T09:00:00+08:00"),
    "request.limit": lambda _f: _("每页写 1 到 500 条"),
    "request.check_point": lambda _f: _("签到点的代码只有小写字母、数字和 -，例如 door"),
    "request.cursor": lambda _f: _("游标不对，请用上一页给出的 next"),
    "demo.not_empty": lambda _f: _("这里已经有别的职工名册，示例数据只装进空的系统"),
    "document.nothing": lambda _f: _("这项活动没有这种材料"),
    "big_screen.no_name": lambda _f: _("还没有写这块屏幕放在哪里，请补上，例如：东门"),
    "big_screen.long_name": lambda f: _("最多 %(n)s 个字，请改短", n=f.get("most", "")),
    "big_screen.no_widget": lambda _f: _("请至少选一项要显示的内容"),
    "big_screen.many": lambda f: _("一项活动最多 %(n)s 块屏幕，请先停用不用的", n=f.get("most", "")),
    "big_screen.no_point": lambda _f: _("这项活动没有这个签到点"),
    "big_screen.not_covered": lambda _f: _("个人信息说明里还没有写大屏幕会显示全名。请先在活动说明里勾选"),
    "wall_code.old": lambda _f: _("这个二维码已经换了。请再扫一次屏幕上的"),
    "wall_code.waiting": lambda _f: _("你还在候补，没有名额，不能自己签到。请到签到台，请工作人员办理"),
    "wall_code.no_place": lambda _f: _("你没有报名这项活动，不能自己签到。请到签到台，请工作人员办理"),
    "check_point.no_name": lambda _f: _("请写签到点的名称，例如：东门、1 号车、第 7 讲"),
    "check_point.long_name": lambda f: _("最多 %(n)s 个字，请改短", n=f.get("most", "")),
    "check_point.same_name": lambda _f: _("已经有一个同名的签到点，请换一个名称"),
    "check_point.many": lambda f: _("一项活动最多 %(n)s 个签到点", n=f.get("most", "")),
    "check_point.other_activity": lambda _f: _("没有这个环节，请重新选择"),
    "check_point.exists": lambda _f: _("刚刚有人加了签到点，请再试一次"),
    "check_point.standard": lambda _f: _("入场、起点、终点是每项活动都有的，不能删除"),
    "check_point.in_use": lambda _f: _("这个签到点已经有手机或者扫码记录，不能删除"),
    "scan.unknown": lambda _f: _("没有这张票。请核对姓名，或者找组织者"),
    "scan.unknown_code": lambda _f: _("没有这个票号。请核对 8 位字符再输一次，或者扫二维码"),
    "scan.code_short": lambda f: _("票号是 8 位，这里只有 %(n)s 位。请补全再输一次", n=f.get("length", "")),
    "scan.code_long": lambda f: _("票号是 8 位，这里有 %(n)s 位。请去掉多的再输一次", n=f.get("length", "")),
    "scan.code_letters": lambda f: _("票号里不会有“%(marks)s”，请核对再输一次", marks=f.get("marks", "")),
    "scan.codes_paused": lambda _f: _("输错的票号太多了，这一小时里请扫二维码，或者查名单"),
    "scan.other_campaign": lambda _f: _("这张票是别的活动的"),
    "scan.check_point": lambda _f: _("这项活动没有这个签到点"),
    "scan.cancelled": lambda _f: _("这张票已经退掉，不能入场"),
    "scan.clock": lambda _f: _("手机的时间不对，请校准后再扫"),
    "scan.meanwhile": lambda _f: _("这一次扫码正在记录，请再扫一次"),
    "scan.entry_form": lambda _f: _("这条扫码记录写得不对，没有收下"),
    "scan.other_device": lambda _f: _("这条是另一次配对时扫的，没有记在这里"),
    "scan.other_post": lambda _f: _("这条是在别的签到点扫的，没有记在这里"),
    "scan.nonce_reused": lambda _f: _("这个编号已经用于另一次扫码，这一次没有记上，请再扫一次"),
    "scan.too_many": lambda f: _("一次最多送 %(n)s 条扫码记录", n=f.get("most", "")),
    "pairing.dead": lambda _f: _("这个配对码已经用过或过期，请在电脑上再生成一个"),
    "pairing.no_name": lambda _f: _("还没有写这台手机放在哪里，请补上，例如：景区东门"),
    "pairing.long_name": lambda f: _("最多 %(n)s 个字，请改短", n=f.get("most", "")),
    "pairing.no_point": lambda _f: _("请选一个签到点"),
    "scan.form": lambda _f: _("这批扫码记录写得不对，没有收下"),
    "pairing.no_device": lambda _f: _("这台手机没有配对，或者已经停用。请让组织者再生成一个配对码"),
    "reminder.exists": lambda _f: _("这条提醒已经有了，请改时间或者收信的人"),
    "reminder.too_many": lambda f: _("一项活动最多 %(most)s 条提醒，请先去掉一条", most=f.get("most", "")),
    "reminder.too_many_in_a_day": lambda f: _(
        "同一天发给同一批人的提醒最多 %(most)s 条，请改到别的日子", most=f.get("most", "")
    ),
    "reminder.too_late": lambda f: (
        _("这时报名已经截止，发了也没有用，请改早")
        if f.get("until") == "deadline"
        else _("这时活动已经开始，发了也没有用，请改早")
    ),
    "reminder.passed": lambda f: _("算下来是 %(at)s，已经过了，请改晚", at=said_at(f, "at", moment)),
    "reminder.no_usual": lambda _f: _("常用的提醒都有了，或者时间已经过了。可以另外加一条。"),
    "typed.missing": lambda _f: _("还没有填，请补上"),
    "typed.too_long": lambda f: _(
        "最多 %(most)s 个字，这里是 %(n)s 个，请删短", most=f.get("most", ""), n=f.get("length", "")
    ),
    "typed.not_a_number": lambda _f: _("请写一个整数，例如 30"),
    "typed.out_of_bounds": lambda f: _(
        "请写 %(least)s 到 %(most)s 之间的整数", least=f.get("least", ""), most=f.get("most", "")
    ),
    "typed.choice": lambda _f: _("请选一项"),
    "typed.day_form": lambda _f: _("请写日期，例如 2027-03-04"),
    "typed.clock_form": lambda _f: _("请写 24 小时制的时间，例如 09:00"),
    "typed.moment_form": lambda _f: _("请写日期和时间，例如 2027-03-01 18:00"),
    "typed.hour_skipped": lambda _f: _("这一天没有这个钟点（夏令时跳过了），请改一下"),
    "typed.slug_form": lambda f: _(
        "只用小写字母、数字和单个连字符，最多 %(most)s 个，例如 spring-outing", most=f.get("most", "")
    ),
    "placeholder.unknown": lambda f: _(
        "这封信里不能插入“%(name)s”，可以插入的内容列在下面", name=_braced(f.get("name", ""))
    ),
    "placeholder.braces": lambda f: _(
        "“%(near)s”这里的花括号没有配好。要写成 %(example)s 这样，两边各两个",
        near=f.get("near", ""),
        example=_braced("campaign" if current() == "en" else "活动"),
    ),
    "placeholder.user_in_subject": lambda f: _(
        "%(name)s 是名册里的内容，不能放在标题里，请移到正文", name=_placeholder(f)
    ),
    "placeholder.link_in_subject": lambda f: _(
        "标题里不能放网址，请把 %(name)s 移到正文", name=_placeholder(f)
    ),
    "placeholder.user_in_link": lambda f: _(
        "%(name)s 不能和网址连在一起，请在中间空一格", name=_placeholder(f)
    ),
    "placeholder.unseen": lambda f: _(
        "里面有看不见的字符（%(mark)s），请删掉，或者重新打一遍", mark=f.get("mark", "")
    ),
    "message.nobody": lambda _f: _("现在这里一个人也没有，没有发。请换一批人"),
    "message.audience_changed": lambda f: _(
        "刚才有人报名或退出，现在是 %(people)s 人，还没有发。请看过再发。", people=f.get("people", "")
    ),
    "message.too_many_today": lambda f: _(
        "这项活动今天已经发了 %(most)s 次，还没有发这一次。请明天再发，急事打电话。", most=f.get("most", "")
    ),
    "message.confirm": lambda f: _(
        "超过 %(limit)s 人，请在这里写上人数 %(people)s，再发",
        limit=f.get("limit", ""),
        people=f.get("people", ""),
    ),
    "codes.none_chosen": lambda _f: _("还没有勾选任何人，请至少勾选一位"),
    **delivery_refusals.SENTENCES,
    **award_refusals.SENTENCES,
    **judging_refusals.SENTENCES,
    **signing_words.SENTENCES,
}
