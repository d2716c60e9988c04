"""When an upload was in time, and how many files a nomination may have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventreg.core.errors import Refused
from eventreg.nominations.files import rules
from eventreg.nominations.files.rules import GRACE

CLOSES = datetime(2027, 1, 27, 15, 59, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("began", "ended", "counts"),
    [
        (CLOSES - SECOND, CLOSES - SECOND, True),
        (CLOSES - SECOND, CLOSES + GRACE, True),
        (CLOSES - SECOND, CLOSES + GRACE + SECOND, False),
        (CLOSES, CLOSES, False),
        (CLOSES + SECOND, CLOSES + 2 * SECOND, False),
    ],
)
def test_an_upload_that_began_in_time_has_ten_minutes(began: datetime, ended: datetime, counts: bool) -> None:
    assert rules.in_time(began=began, ended=ended, closes_at=CLOSES) == counts


def test_a_nomination_holds_so_many_files_and_no_more() -> None:
    rules.check_room(rules.FILES_MOST - 1)

    with pytest.raises(Refused) as no:
        rules.check_room(rules.FILES_MOST)
    assert (no.value.code, no.value.facts) == ("file.too_many", {"most": 10})
