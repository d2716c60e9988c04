"""Write the working days that come with the product from the package chinesecalendar (MIT), which is not a dependency.

usage: pip install chinesecalendar && python tools/working_days.py
"""

from __future__ import annotations

import importlib
import json
from datetime import date
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "eventreg/core/working_days/china.json"
FIRST_YEAR = 2024
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}


def main() -> None:
    """Write the days off that fall on weekdays, the weekend days of holidays, and the worked weekends, by year."""
    known = importlib.import_module("chinese_calendar.constants")
    listed: dict[str, list[list[object]]] = {}
    for days, works in ((known.holidays, False), (known.workdays, True)):
        for day, name in days.items():
            if isinstance(day, date) and day.year >= FIRST_YEAR:
                listed.setdefault(str(day.year), []).append([day.isoformat(), works, NAMES[str(name)]])
    text = ",\n".join(
        f'"{year}": [\n' + ",\n".join(json.dumps(line, ensure_ascii=False) for line in sorted(lines)) + "\n]"
        for year, lines in sorted(listed.items())
    )
    TARGET.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
