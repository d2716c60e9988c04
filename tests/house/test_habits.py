"""Habits of the code that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repository import ROOT, name_of, nodes, python_files, tracked

CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
PRODUCT = ("tests/", "tools/", "migrations/", "benchmarks/")
CELL_WRITERS = {
    f"write_{kind}"
    for kind in (
        "array_formula", "blank", "boolean", "column", "datetime", "dynamic_array_formula", "formula", "number",
        "rich_string", "row", "string", "url",
    )
}  # fmt: skip


def _calls(path: Path) -> list[tuple[int, str]]:
    return [(n.lineno, ast.unparse(n.func)) for n in nodes(path) if isinstance(n, ast.Call)]


def _reads_a_clock(called: str) -> bool:
    return any(called == clock or called.endswith("." + clock) for clock in CLOCKS)


def test_only_the_unit_of_work_commits() -> None:
    commits = {
        name_of(path)
        for path in python_files(but=PRODUCT)
        for _, called in _calls(path)
        if called == "commit" or called.endswith(".commit")
    }

    assert commits == {"eventreg/core/db/session.py"}


def test_only_the_clock_reads_the_time() -> None:
    readers = {
        name_of(path)
        for path in python_files(but=PRODUCT)
        for _, called in _calls(path)
        if _reads_a_clock(called)
    }

    assert readers == {"eventreg/core/clock.py"}


def test_nobody_takes_a_clock_out_of_the_time_module_by_name() -> None:
    taken = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(but=PRODUCT)
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        if {"time", "time_ns", "localtime", "gmtime"} & {alias.name for alias in node.names}
    ]

    assert taken == []


# Hours that nobody reads as a time of their own: keys, file names, values of form fields, and sheets in the campaign's zone.
HOURS = {
    "eventreg/chat/news.py",
    "eventreg/chat/service.py",
    "eventreg/delivery/mail/mailer.py",
    "eventreg/outbox/database_clock.py",
    "eventreg/reminders/making.py",
    "eventreg/reports/roster_sheet.py",
    "eventreg/web/award/drafting/view_models.py",
    "eventreg/web/forms/plan_form.py",
    "eventreg/web/organiser/activities/forms.py",
    "eventreg/web/organiser/moves/forms.py",
    "eventreg/web/organiser/reminders/forms.py",
    "eventreg/web/organiser/reminders/view_models.py",
    "eventreg/words/delivery/reminder_words.py",
    "eventreg/words/times.py",
}


def test_one_module_tells_hours() -> None:
    """`words/times.py` tells an instant of the database in the installation's zone; others would tell UTC."""
    tellers = {name_of(path) for path in python_files(but=PRODUCT) if "%H" in path.read_text("utf-8")}
    in_templates = [
        name_of(path)
        for path in tracked()
        if path.suffix in {".html", ".txt", ".typ"}
        if re.search(r"strftime|\.(hour|minute)\b", path.read_text("utf-8"))
    ]

    assert tellers == HOURS
    assert in_templates == []


def test_one_function_reads_the_numbers_that_browsers_send() -> None:
    """`isdigit` elsewhere would be another copy of `whole_number`; the API's description reads statuses of its own."""
    readers = {
        name_of(path)
        for path in python_files(but=PRODUCT)
        for _, called in _calls(path)
        if called.endswith((".isdigit", ".isdecimal", ".isnumeric"))
        and name_of(path).startswith("eventreg/web/")
    }

    assert readers == {"eventreg/web/app/numbers.py", "eventreg/web/api/description/views.py"}


def test_one_function_reads_the_names_of_uploaded_files() -> None:
    """Elsewhere a name with its whole path could be stored or shown; the gate looks at the combining marks alone."""
    readers = {
        name_of(path)
        for path in python_files(but=PRODUCT)
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr == "filename"
        if name_of(path).startswith("eventreg/web/")
    }

    assert readers == {"eventreg/web/app/gate.py", "eventreg/web/forms/uploaded.py"}


def test_one_module_words_the_retry_after_header() -> None:
    """Pages, API, desk and server take the header and its seconds from there; the API's description names it."""
    named = {
        name_of(path)
        for path in python_files(but=PRODUCT)
        for node in nodes(path)
        if isinstance(node, ast.Constant) and node.value == "Retry-After"
    }

    assert named == {"eventreg/core/retry_after.py", "eventreg/web/api/description/views.py"}


def test_rules_load_neither_flask_nor_sqlalchemy() -> None:
    """Import contracts do not see what a package's __init__ loads on the way; running does."""
    pure = list((ROOT / "eventreg").rglob("rules.py"))
    pure += [ROOT / "eventreg/campaigns/kinds/__init__.py", *(ROOT / "eventreg/core").glob("clock.py")]
    modules = [name_of(p).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for p in pure]
    script = f"import sys, {', '.join([*modules, 'eventreg.core.errors'])}\nprint(*sorted(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert {"flask", "sqlalchemy", "flask_babel"} & set(ran.stdout.split()) == set()


def test_what_is_loaded_is_not_looked_through_for_garbage_and_what_comes_later_is(loaded: list[str]) -> None:
    assert loaded[:2] == ["True", "True"]


def test_a_start_loads_nothing_that_few_requests_need(loaded: list[str]) -> None:
    assert {"flask", "sqlalchemy", "granian"} <= set(loaded)
    assert {
        "alembic",
        "cryptography.x509",
        "docx",
        "fontTools",
        "icalendar",
        "typst",
        "xlsxwriter",
    }.isdisjoint(loaded)


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    """Of a process that has loaded the app: whether it collects garbage, has frozen the rest, and its modules."""
    script = "import app, gc, sys\nprint(gc.isenabled(), gc.get_freeze_count() > 100_000, *sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.split()


def test_every_blueprint_of_the_product_is_registered_behind_a_guard() -> None:
    """Only the gate does; the API's description tells them to flask-smorest, of an app that is never served."""
    may = {
        ("eventreg/web/app/gate.py", "app.register_blueprint"),
        ("eventreg/web/api/description/views.py", "api.register_blueprint"),
    }
    bare = [
        f"{name_of(path)}:{line}"
        for path in python_files(but=PRODUCT)
        for line, called in _calls(path)
        if called.endswith(".register_blueprint") and (name_of(path), called) not in may
    ]

    assert bare == []


def test_no_view_is_exempt_from_the_csrf_check() -> None:
    exempt = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(but=PRODUCT)
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr == "exempt"
    ]

    assert exempt == []


def _callers(*functions: str) -> set[str]:
    """The modules of the product that call one of these functions, by the last part of its name or the whole."""
    return {
        name_of(path)
        for path in python_files(but=PRODUCT)
        for _, called in _calls(path)
        if called in functions or called.rpartition(".")[2] in functions
    }


# Where most of a request's time would be the session's: sign-ups, scans, public pages, the outbox, and what each request asks.
HOT = (
    "eventreg/accounts/",
    "eventreg/campaigns/campaign_grants.py",
    "eventreg/campaigns/eligibility.py",
    "eventreg/campaigns/loading.py",
    "eventreg/campaigns/service.py",
    "eventreg/chat/pacing.py",
    "eventreg/core/",
    "eventreg/outbox/",
    "eventreg/people/service.py",
    "eventreg/registrations/",
    "eventreg/venue/",
)


def test_only_the_hot_path_goes_past_the_session() -> None:
    """`run` and `insert_row` are for statements that were built once; everywhere else the session reads and writes."""
    past = {
        name_of(path)
        for path in python_files(but=PRODUCT)
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module == "eventreg.core.db.session"
        if {"run", "insert_row"} & {alias.name for alias in node.names}
    }

    assert past
    assert [name for name in sorted(past) if not name.startswith(HOT)] == []


def test_no_code_of_ours_runs_a_checkpoint() -> None:
    """SQLite's own run inside a commit, which holds the lock file, or when the last connection is closed (ADR 5)."""
    texts = {name_of(path): path.read_text("utf-8") for path in python_files(but=PRODUCT)}

    assert [
        name for name, text in texts.items() if re.search("wal_checkpoint|wal_autocheckpoint", text)
    ] == []


def test_one_module_makes_workbooks_and_tells_numbers_from_text() -> None:
    assert _callers("Workbook", *CELL_WRITERS) == {"eventreg/reports/workbooks.py"}
    assert _callers("sheet.write") == set()


def test_one_module_writes_csv_and_no_cell_is_a_formula() -> None:
    assert _callers("csv.writer", "csv.DictWriter") == {"eventreg/core/cells.py"}
