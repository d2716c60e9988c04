"""Write eventreg/people/strokes.txt: Han characters by number of strokes, then by their strokes in order.

usage: python tools/strokes.py Unihan_IRGSources.txt.bz2 cnchar.order.min.js

The first is the Unicode Han Database (Debian's package unicode-data 15.0.0 has it): how many strokes.
The second is the npm package cnchar-order 3.2.6: which strokes, of the 6,939 characters in use. Both say
the same number for all but two of them. ADR 9 tells why, strokes.LICENSE under which licences.
"""

from __future__ import annotations

import bz2
import hashlib
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

TO = Path(__file__).resolve().parent.parent / "eventreg" / "people" / "strokes.txt"

# The five kinds of the standard order 横竖撇点折: a rise counts as 横, a hooked 竖 as 竖, a 捺 as 点.
KINDS = {"j": 1, "d": 1, "f": 2, "g": 2, "s": 3, "k": 4, "l": 4}
TURN = 5
UNKNOWN = 9  # after all whose strokes are known


def counts_of(unihan: Path) -> dict[str, int]:
    """Character → number of strokes, as written in the mainland where they differ."""
    counts = {}
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            code, _, rest = line.rstrip("\n").partition("\t")
            name, _, value = rest.partition("\t")
            if code.startswith("U+") and name == "kTotalStrokes":
                counts[chr(int(code[2:], 16))] = int(value.split()[0])
    return counts


def strokes_of(script: Path) -> dict[str, tuple[int, ...]]:
    """Character → the kinds of its strokes in the order of writing."""
    found = re.search(r"JSON\.parse\('(\{.*?\})'\)", script.read_text("utf-8"))
    if found is None:
        raise SystemExit(f"no table of strokes in {script}")
    letters: dict[str, str] = json.loads(found[1])
    return {char: tuple(KINDS.get(letter, TURN) for letter in word) for char, word in letters.items()}


def main(unihan: Path, script: Path) -> None:
    """Write the file, a line a number of strokes, and say its sum."""
    counts, strokes = counts_of(unihan), strokes_of(script)
    lines = defaultdict(list)
    for char, count in counts.items():
        lines[count].append((strokes.get(char, (UNKNOWN,)), ord(char)))
    text = "".join(
        f"{count} {''.join(chr(code) for _, code in sorted(lines[count]))}\n" for count in sorted(lines)
    )
    TO.write_text(text, "utf-8")
    print(f"{len(counts)} characters, sha256:{hashlib.sha256(text.encode()).hexdigest()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
