"""Refusals about uploaded and requested files, in words: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

Facts = Mapping[str, Any]

SENTENCES: dict[str, Callable[[Facts], str]] = {
    "archive.broken": lambda _f: _("文件打不开，可能没有传完整。请用 Word 或 WPS 重新保存一次，再上传"),
    "archive.bomb": lambda _f: _("文件里压缩的内容太多，没有收下。请另存为 PDF 再上传"),
    "archive.encrypted": lambda _f: _("文件设了密码，打不开。请去掉密码，再上传"),
    "archive.unsafe": lambda _f: _("文件的内部结构不正常，没有收下。请用 Word 或 WPS 重新保存一次，再上传"),
    "document.failed": lambda _f: _(
        "内容太多，或者有排不出来的文字，所以文件没有生成。填写的内容都在，一个字也没有丢。"
        "请删短内容，去掉叠在一起的符号，再打开一次"
    ),
    "file.bomb": lambda _f: _(
        "这个文件打开以后大得不正常，或者里面有不该有的声明，会伤到打开它的电脑，没有收下。"
        "图片请改小，文档请用原来的软件另存为 PDF，再上传"
    ),
    "file.cut": lambda _f: _(
        "PDF 不完整，后面一截没有了，可能没有下载完或没有传完。请重新导出或下载，打开看到最后一页，再上传"
    ),
    "file.cut_picture": lambda _f: _(
        "图片不完整，下面一截没有了，可能没有传完。请打开原图，看到整张，再上传"
    ),
    "file.empty": lambda _f: _("文件是空的，请检查后重新选择"),
    "file.encrypted": lambda _f: _("文件设了密码，打不开。请去掉密码，再上传"),
    "file.ending_differs": lambda f: _(
        "文件名以 %(ending)s 结尾，内容却是 %(really)s。请用原来的软件另存一次，再上传",
        ending=f.get("ending", ""),
        really=f.get("really", ""),
    ),
    "file.heic": lambda _f: _(
        "HEIC 照片收不了，请改成 JPEG 再上传。苹果手机：在“设置 → 相机 → 格式”里选“兼容性最佳”，再拍一张；"
        "已有的照片，用微信或邮件发到电脑，收到的就是 JPEG。华为、小米等手机：在相机设置里关掉“高效照片格式（HEIF）”"
    ),
    "file.kind": lambda f: _(
        "这种文件收不了，请另存为其中一种：%(allowed)s",
        allowed=_("、").join(str(f.get("allowed", "")).split()),
    ),
    "file.macros": lambda _f: _("文件里有宏，没有收下。请另存为不带宏的 .docx，再上传"),
    "file.not_word": lambda _f: _("文件名以 .docx 结尾，内容却不是 Word 文档。请用 Word 或 WPS 另存为 .docx"),
    "file.old_word": lambda _f: _("旧版 Word 文件（.doc）收不了。请在 Word 或 WPS 里另存为 .docx 或 PDF"),
    "file.other_inside": lambda _f: _(
        "文档的正文是嵌在里面的另一个文件（altChunk，由网页或系统导出），在 Word 里看得到，这里读不出来，没有收下。"
        "请用 Word 打开，另存为 .docx 或 PDF，再上传"
    ),
    "file.packed": lambda _f: _("文档里夹带了别的文件，没有收下。请把它们取出来，分别上传"),
    "file.too_big": lambda f: _(
        "文件超过 %(most)s MB，没有收下。请压缩图片或另存为 PDF，再上传", most=f.get("most", "")
    ),
    "file.too_many": lambda f: _("最多 %(most)s 个文件，已经满了。请先去掉一个", most=f.get("most", "")),
    "file.missing": lambda _f: _("还没有选文件，请先选一个，再上传"),
    "file.no_text": lambda _f: _(
        "这个文件里读不到文字（例如是扫描件）。文件留着；请把事迹文字输入或粘贴到推荐表里"
    ),
    "file.no_text_yet": lambda _f: _("这个文件正排队等着读，已经收下了。请过一分钟再打开这一页"),
    "file.no_copy": lambda _f: _(
        "这个文件读不出来，没有可以给评委看的副本。请推荐部门另存为 PDF，再上传一次"
    ),
    "people.file_old_excel": lambda _f: _(
        "这是旧版 Excel 文件（.xls），改文件名没有用。请在 Excel 或 WPS 里打开，另存为 .xlsx，再上传"
    ),
    "people.file_encrypted": lambda _f: _("文件设了密码，打不开。请去掉密码，再上传"),
    "file.no_public_copy": lambda _f: _(
        "这个文件读不出来，没有收下。图片请换一张，或者截图后再上传；方案请用 Word 或 WPS 重新导出 PDF"
    ),
    "file.no_copy_yet": lambda _f: _("这个文件还没有可以给评委看的副本，请过一分钟再试"),
}
