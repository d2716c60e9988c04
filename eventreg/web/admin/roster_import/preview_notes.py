"""What the preview of a roster file says beside its changes: what was read and kept, and what to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from eventreg.people.import_plan import ImportPlan
from eventreg.people.uploads import UploadFacts
from eventreg.words import people_words

NAMED_MOST = 20  # people and units that are named


@dataclass(frozen=True, slots=True)
class KeptAsLeft:
    """Leavers whom the file has without a column of states: how many, and names of the first of them."""

    count: int
    named: str


def of_file(file: UploadFacts) -> list[str]:
    """How the file was read, in sentences."""
    read = file.read_as
    said = [_("文件里没有的人记为离职。") if file.leavers else _("文件里没有的人保持原样。")]
    if file.ignored:
        said.append(_("已忽略这些列：%(columns)s。", columns=_listed(file.ignored)))
    if read.skipped:
        lines = (
            _("第 %(line)s 行“%(text)s”", line=line, text=text[:NAMED_MOST]) for line, text in read.skipped
        )
        said.append(_("已忽略这些行：%(lines)s。", lines=_listed(lines)))
    if read.hidden:
        said.append(_("其中有 %(n)s 行在表格里是隐藏的，也读了。", n=read.hidden))
    if read.hidden_columns:
        columns = _("、").join(people_words.fields(read.hidden_columns))
        count = len(read.hidden_columns)
        said.append(_("有 %(n)s 列在表格里是隐藏的，也读了：%(columns)s。", n=count, columns=columns))
    if read.filled:
        said.append(_("有 %(n)s 格是合并单元格的一部分，按合并的内容读。", n=read.filled))
    return said


def of_other_sheets(file: UploadFacts) -> str:
    """The sheets that hold people, too, and were not read; nothing if there are none."""
    return _listed(file.read_as.other_sheets)


def of_plan(plan: ImportPlan) -> list[str]:
    """What the import leaves as it is, in sentences."""
    said = []
    if plan.left_out_units:
        units = _listed(plan.left_out_units)
        said.append(
            _("文件里“单位”和“部门”两列都有：%(units)s 在部门之上，已忽略，按“部门”分单位。", units=units)
        )
    if plan.absent:
        columns = _("、").join(people_words.fields(plan.absent))
        said.append(_("文件里没有这些列，保留原来的内容：%(columns)s。", columns=columns))
    return said


def of_emptied_units(plan: ImportPlan) -> list[str]:
    """Units that lose all their people, in sentences."""
    return [
        _(
            "“%(old)s”的人都到了“%(new)s”。如果只是单位改名，原来的单位还在，它的角色、名额和记录不会跟过去。",
            old=_path(unit),
            new=_path(now),
        )
        for unit, now in plan.emptied_units[:NAMED_MOST]
    ]


def kept_as_left(plan: ImportPlan) -> KeptAsLeft | None:
    """Who is kept as left although the file has them."""
    kept = [difference.row for difference in plan.kept_as_left if difference.row]
    return KeptAsLeft(len(kept), _listed(f"{row.name} {row.staff_no}" for row in kept)) if kept else None


def _path(path: Iterable[str]) -> str:
    return " ".join(path) or _("公司")


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    listed = _("、").join(found[:NAMED_MOST])
    return listed if len(found) <= NAMED_MOST else _("%(names)s 等 %(n)s 个", names=listed, n=len(found))
