"""An organiser puts right what did not arrive; what is wrong in the roster, an administrator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from eventreg.outbox import mending
from eventreg.people import directory
from eventreg.people import service as people
from eventreg.people.rules import mail_address


def send_again(letter_id: int, *, mine: Sequence[int] | None, by: str, now: datetime) -> bool:
    """Send a letter again; one without an address goes to what the roster has now.

    False while it is on its way or has arrived. Raises NotFound and what `mending.send_again` does.
    """
    letter = mending.lock_letter(letter_id, mine=mine)
    address = letter.address
    if address is None and letter.person_id is not None:
        address = people.person_facts(letter.person_id).email
    return mending.send_again(letter, address, by=by, now=now)


def readdress(
    letter_id: int, typed: str, *, mine: Sequence[int] | None, roster: bool, by: str, now: datetime
) -> None:
    """Send a letter to another address, and with `roster` all that follow too.

    Raises NotFound, Refused("people.email_form"), ("people.email_taken"), and what `mending.readdress` does.
    """
    letter = mending.lock_letter(letter_id, mine=mine)
    address = mail_address(typed)
    if roster and letter.person_id is not None:
        directory.set_email(letter.person_id, address, by=by, now=now)
    mending.readdress(letter, address, by=by, now=now)


def note_bounce(
    letter_id: int, *, came_back: bool, mine: Sequence[int] | None, by: str, now: datetime
) -> bool:
    """Note that a letter came back, or take the note back; False when it is so already."""
    letter = mending.lock_letter(letter_id, mine=mine)
    return mending.note_bounce(letter, came_back=came_back, by=by, now=now)
