"""The files of a nomination in words: what each is for, how large it is, and how far it was read."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

Word = Callable[[], str]

MIB = 1024 * 1024
# What a file is for, what belongs there, and the word on its button.
PARTS: dict[str, tuple[Word, Word, Word]] = {
    "deeds": (
        lambda: _("事迹材料"),
        lambda: _(".docx，或者能选中文字的 PDF。传上来先请你核对识别文字，确认以后才放进推荐表"),
        lambda: _("上传事迹材料"),
    ),
    "minutes": (
        lambda: _("产生过程的记录"),
        lambda: _("会议记录、投票结果或者公示照片：.docx、.pdf、.jpg、.png"),
        lambda: _("上传记录"),
    ),
    "evidence": (
        lambda: _("佐证材料"),
        lambda: _("证书、照片、报道：.docx、.pdf、.jpg、.png"),
        lambda: _("上传佐证"),
    ),
}


def part(code: str) -> str:
    """What a file is for."""
    return PARTS[code][0]()


def size(count: int) -> str:
    """Bytes as people say them: 38 KB, 2.4 MB."""
    if count < MIB:
        return _("%(n)s KB", n=max(1, round(count / 1024)))
    return _("%(n)s MB", n=f"{count / MIB:.1f}")


def standing(state: str, *, copied: bool, late: bool) -> tuple[str, str]:
    """How a file stands for its readers: its look and a word."""
    if late:
        return "lapsed", _("截止以后传的，不算")
    if state == "waiting":
        return "waiting", _("还没有读，过一分钟再看")
    if state == "unread":
        return "refused", _("读不出来，请另存为 PDF 再传")
    return ("seated", _("已识别")) if copied else ("waiting", _("没有可以预览的副本"))


def told(kind: str, *, pages: int | None, zishu: int | None) -> str:
    """What was read in a file: its pages, its 字数, or that there is no text."""
    said = [f".{kind}"]
    if pages is not None:
        said.append(_("%(n)s 页", n=pages))
    if zishu is not None:
        said.append(_("字数 %(n)s", n=zishu))
    elif kind in {"docx", "pdf"}:
        said.append(_("没有读到文字"))
    return _("，").join(said)


def mended(*, joined: int, replaced: int, removed: int) -> str:
    """What was done to the text of a file before it is shown; "" if nothing was."""
    done = []
    if joined:
        done.append(_("接起了 %(n)s 处断行，一段不再分成几行", n=joined))
    if replaced:
        done.append(_("把 %(n)s 个部首换成了同形的汉字（如 ⾼ 换成 高）", n=replaced))
    if removed:
        done.append(_("去掉了 %(n)s 行页眉和页脚", n=removed))
    return _("这份文字整理过：%(done)s。请对照原件看一遍。", done=_("；").join(done)) if done else ""
