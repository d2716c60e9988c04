"""An award in words: the fields of the 推荐表, its conditions, how it is counted, how places were allotted."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

Word = Callable[[], str]

# Label of a field of the 推荐表, and what it is asked for.
FIELDS: dict[str, tuple[Word, Word]] = {
    "post": (lambda: _("岗位"), lambda: _("推荐表和公示里写明她做什么")),
    "since": (lambda: _("参加工作时间"), lambda: _("看她在农电工作了多久，例如 2008年7月")),
    "honours": (lambda: _("曾获荣誉"), lambda: _("评审参考，一行一项")),
    "title": (lambda: _("职称或技能等级"), lambda: _("评审参考")),
    "education": (lambda: _("学历"), lambda: _("评审参考")),
    "born": (lambda: _("出生年月"), lambda: _("统计年龄段，不公示")),
    "ethnicity": (lambda: _("民族"), lambda: _("不是评选必需的，要用就写明用途")),
    "native_place": (lambda: _("籍贯"), lambda: _("不是评选必需的，要用就写明用途")),
    "political_status": (lambda: _("政治面貌"), lambda: _("不是评选必需的，要用就写明用途")),
    "id_number": (lambda: _("身份证号"), lambda: _("敏感个人信息，要用就写明用途")),
}
CONDITIONS: dict[str, Word] = {
    "line": lambda: _("认真执行党的路线方针政策"),
    "law": lambda: _("严格遵守国家法律法规"),
    "ethics": lambda: _("有良好的职业道德风貌"),
    "team": lambda: _("团结协作、积极奉献"),
    "merit": lambda: _("在工作中作出突出成绩"),
}
WAYS: dict[str, Word] = {
    "meeting": lambda: _("职工会议民主推荐"),
    "ballot": lambda: _("无记名投票"),
    "discussion": lambda: _("部门集体讨论"),
    "other": lambda: _("其他方式（请说明）"),
}
COUNTED: dict[str, tuple[Word, Word]] = {
    "zishu": (lambda: _("字数"), lambda: _("和文字处理软件一样：汉字、全角标点各算 1，一串字母或数字算 1")),
    "han": (lambda: _("汉字"), lambda: _("只数汉字，标点和字母都不算")),
    "characters": (lambda: _("字符数"), lambda: _("每个字符都算，空格不算")),
}
WHO: dict[str, tuple[Word, Word]] = {
    "contacts": (lambda: _("只有单位联系人"), lambda: _("联系人替部门填写和提交")),
    "oneself": (
        lambda: _("本人也可以自荐"),
        lambda: _("自荐写好以后交给本部门的联系人，由联系人提交，占部门的名额"),
    ),
    "colleagues": (
        lambda: _("同事之间也可以推荐"),
        lambda: _("可以自荐，也可以推荐本部门的同事，同样由联系人提交"),
    ),
}
METHODS: dict[str, tuple[Word, Word]] = {
    "remainder": (lambda: _("按比例"), lambda: _("先取整数部分，余下的给余数最大的单位（最大余数法）")),
    "floor": (lambda: _("保底后按比例分配"), lambda: _("每个单位先有几个，余下的按其余女职工人数分")),
    "threshold": (lambda: _("每满 N 人分配 1 名"), lambda: _("总数由人数算出来")),
}
STATES: dict[str, tuple[str, Word]] = {
    "draft": ("waiting", lambda: _("草稿")),
    "submitted": ("seated", lambda: _("已提交")),
    "returned": ("waiting", lambda: _("退回补正")),
    "candidate": ("seated", lambda: _("候选人")),
    "ineligible": ("withdrawn", lambda: _("不符合条件")),
    "withdrawn": ("withdrawn", lambda: _("已撤回")),
}


def field(key: str) -> str:
    """A field's label."""
    return FIELDS[key][0]()


def purpose(key: str, own: str) -> str:
    """What a field is asked for: in the organiser's words, else in ours."""
    return own or FIELDS[key][1]()


def allotted(method: str, *, total: int, number: int) -> str:
    """The rule by which a table was made, as the annex states it."""
    if method == "threshold":
        return _("每满 %(n)s 名在职女职工 1 个名额，不满的不计。", n=number)
    if method == "floor":
        return _(
            "共 %(total)s 个名额：每个单位先保底 %(n)s 个，不超过其女职工人数；其余按余下的女职工人数分配，"
            "先取整数部分，余下的给余数最大的单位，余数相同的排在前面的先得。",
            total=total,
            n=number,
        )
    return _(
        "共 %(total)s 个名额，按在职女职工人数分配：先取整数部分，余下的给余数最大的单位，"
        "余数相同的排在前面的先得。",
        total=total,
    )


def filled(*, places: int, filled: int, drafts: int) -> str:
    """How far a department is with its places."""
    return _(
        "名额 %(places)s 个，已提交 %(filled)s 份，草稿 %(drafts)s 份",
        places=places,
        filled=filled,
        drafts=drafts,
    )


def unit_of(counted: str) -> str:
    """What is counted, as it follows a number: 84 字."""
    return {"zishu": _("字"), "han": _("个汉字"), "characters": _("个字符")}[counted]


def standing(figure: int, *, least: int, most: int, counted: str) -> str:
    """How far a text is from what it has to hold: 还差 84 字."""
    unit = unit_of(counted)
    if figure < least:
        return _("还差 %(n)s %(unit)s", n=least - figure, unit=unit)
    if figure > most:
        return _("多了 %(n)s %(unit)s", n=figure - most, unit=unit)
    return _("够了")


def figures(zishu: object, han: object, characters: object) -> str:
    """All three figures of a text."""
    return _("字数 %(zishu)s，汉字 %(han)s，字符 %(characters)s", zishu=zishu, han=han, characters=characters)


def state(code: str) -> tuple[str, str]:
    """How a nomination's state looks, and its word."""
    look, word = STATES[code]
    return look, word()


def after(state: str, *, writable: bool) -> str:
    """What the department can do with what it submitted."""
    if state == "candidate":
        return _("审核人已定为候选人，不能再改了。")
    return _("截止以前还能改。") if writable else _("已经不能改了。")


def parts() -> tuple[str, ...]:
    """What a nomination says beside the 推荐表: conditions, way, day, people, the short deed."""
    return (
        _("已确认的条件"),
        _("推荐产生方式"),
        _("推荐日期"),
        _("参加人数（应到、实到）"),
        _("公示用的简短事迹"),
    )
