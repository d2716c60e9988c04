"""Extract what the product says, bring the English catalogue up to date and compile it.

usage: python tools/words.py      (`make words`; then fill in what it names and run it again)
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "eventreg" / "translations" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "messages.po", FOLDER / "messages.mo"
ALWAYS = datetime(2026, 3, 8, tzinfo=UTC)  # in place of the hour of compiling
HEADER = "# English of eventreg. The msgid is the Chinese text itself."


def extracted(root: Path = ROOT) -> Catalog:
    """Everything that is wrapped in gettext now, without places: they would change daily."""
    with (root / "babel.cfg").open() as file:
        mapping, options = parse_mapping_cfg(file)
    found = Catalog()
    for _path, _line, text, _comments, context in extract_from_dir(root, mapping, options):
        found.add(text, None, context=context)
    return found


def catalogue(path: Path = PO) -> Catalog:
    """The English catalogue as it is written."""
    with path.open("rb") as file:
        return read_po(file, locale="en")


def updated(old: Catalog, found: Catalog) -> Catalog:
    """What was found, with the English it had; nothing is guessed, nothing obsolete is kept."""
    new = Catalog(locale="en", header_comment=HEADER, fuzzy=False)
    for message in found:
        if message.id:
            had = old.get(message.id, message.context)
            new.add(message.id, had.string if had else None, context=message.context)
    return new


def missing(words: Catalog) -> list[str]:
    """The msgids that have no English yet, or only a guess."""
    return sorted(str(m.id) for m in words if m.id and (m.fuzzy or not _filled(m)))


def po_text(words: Catalog) -> str:
    """The catalogue as a file: sorted, headed by what gettext needs and nothing that changes."""
    out = io.BytesIO()
    write_po(out, words, width=100, no_location=True, omit_header=True, sort_output=True)
    plurals = f"nplurals={words.num_plurals}; plural={words.plural_expr};"
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plurals}\\n"\n\n'
    )
    return head + out.getvalue().decode("utf-8")


def mo_bytes(words: Catalog) -> bytes:
    """The catalogue compiled, without the hour of its making: the same words, the same file."""
    plain = Catalog(locale="en", fuzzy=False, creation_date=ALWAYS, revision_date=ALWAYS)
    for message in words:
        if message.id and _filled(message) and not message.fuzzy:
            plain.add(message.id, message.string, context=message.context)
    out = io.BytesIO()
    write_mo(out, plain)
    return out.getvalue()


def main() -> int:
    """Write both files; exit status 1 while something has no English."""
    new = updated(catalogue(), extracted())
    PO.write_text(po_text(new), "utf-8")
    MO.write_bytes(mo_bytes(catalogue()))
    lacking = missing(new)
    for text in lacking:
        print(f"no English yet: {text}", file=sys.stderr)
    return 1 if lacking else 0


def _filled(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(strings)


if __name__ == "__main__":
    sys.exit(main())
