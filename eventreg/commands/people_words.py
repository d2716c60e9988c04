"""The roster commands' words, in Chinese and English side by side."""

from __future__ import annotations

from eventreg.people.comparison import Change

SHOWN_MOST = 60

CHANGES = {
    Change.ADDED: "新增 / added",
    Change.RETURNED: "返岗 / returned",
    Change.LEFT: "离职 / left",
    Change.MOVED: "调动 / moved",
    Change.CHANGED: "更改 / changed",
    Change.SAME: "不变 / same",
}

COLUMNS = {
    "staff_no": "工号",
    "name": "姓名",
    "gender": "性别",
    "unit": "单位",
    "unit_kind": "单位类别",
    "email": "邮箱",
    "phone": "手机",
    "state": "状态",
}

SENTENCES = {
    "people.file_kind": "只收 .xlsx 和 .csv 文件，请另存为其中一种 / save it as .xlsx or .csv",
    "people.file_too_big": "文件太大，没有读取 / the file is too big and was not read",
    "people.file_broken": "文件打不开，请用表格软件重新保存一次 / the file cannot be read: save it again",
    "people.file_encoding": "认不出文件的编码，请另存为 UTF-8 / unknown encoding: save it as UTF-8",
    "people.file_empty": "文件是空的 / the file is empty",
    "people.no_rows": "只有表头，没有人 / there is a header but nobody below it",
    "people.too_many_rows": "超过 {most} 行，请分成几个文件 / more than {most} rows: split the file",
    "people.columns_missing": "缺少这些列 / missing columns: {columns}",
    "people.columns_repeated": "这些列出现了两次，请留一列 / columns that occur twice, keep one: {columns}",
    "people.bad_rows": "有 {n} 处要改，什么也没有导入 / {n} to correct, nothing was imported",
    "people.staff_no_missing": "没有工号，请补上 / the staff number is missing",
    "people.name_missing": "没有姓名，请补上 / the name is missing",
    "people.gender_missing": "没有性别，请补上 / the gender is missing",
    "people.unit_missing": "没有单位，请补上 / the unit is missing",
    "people.staff_no_form": "只含字母、数字和 - _ .，最多 32 个 / letters, digits and - _ . only, at most 32",
    "people.name_form": "最多 64 个字，不含控制字符 / at most 64 characters, no control characters",
    "people.gender_form": "写“女”或“男” / write female or male",
    "people.unit_form": "写一级或两级，用 / 分开，每级最多 80 个字 / one or two names of at most 80",
    "people.unit_kind_form": "写“部门”或“二级机构” / write department or second_level",
    "people.email_form": "邮箱写得不完整，例如 name@example.cn / not a mail address such as name@example.cn",
    "people.phone_form": "写 11 位手机号或座机号 / a mobile number of 11 digits or a landline",
    "people.state_form": "写“在职”或“离职” / write active or left",
    "people.staff_no_twice": "和第 {other_line} 行的工号相同 / the same staff number as line {other_line}",
    "people.email_twice": "和第 {other_line} 行的邮箱相同 / the same address as line {other_line}",
    "people.email_taken": "名册里已经有人用这个邮箱 / somebody else of the roster has this address",
    "people.staff_no_taken": "这个工号刚刚加进名册，请再试一次 / this staff number was just added: try again",
    "people.unit_kind_differs": "和第 {other_line} 行写的类别不同 / another kind than line {other_line} says",
}


def shown(text: str) -> str:
    """A value from a file, safe on a terminal: nothing unprintable, and not endless."""
    safe = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    return safe if len(safe) <= SHOWN_MOST else f"{safe[:SHOWN_MOST]}…"
