"""Letters to administrators about the product itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from flask_babel import gettext as _

from eventreg.core.keyring.keys import Keys
from eventreg.outbox.service import ClaimedLetter
from eventreg.words import times

from .content import LetterContent


def _audit_head(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """The head of the audit trail at the beginning of a day, for later comparison."""
    head = f"{letter.facts['count']}:{letter.facts['hash']}"
    day = times.date_full(date.fromisoformat(letter.facts["day"]))
    return LetterContent(
        subject=_("办理记录的封签：%(day)s", day=day),
        heading=_("办理记录封到这里"),
        lines=(
            _("请留着这封信。数据库里的办理记录要是被删掉结尾，或者整个重做，和这里的封签就对不上。"),
            _("核对：在服务器上运行 flask audit verify --head %(head)s", head=head),
        ),
        facts=(
            (_("截至"), _("%(day)s 0 点", day=day)),
            (_("封好的记录"), str(letter.facts["count"])),
            (_("封签"), letter.facts["hash"]),
        ),
    )


WRITERS: dict[str, Callable[..., LetterContent]] = {"audit_head": _audit_head}
