"""Send a letter again that did not arrive: organisers resend, administrators also correct the roster."""

from __future__ import annotations

from collections.abc import Sequence

from eventreg.core.actor import Actor
from eventreg.outbox import resend
from eventreg.people import directory
from eventreg.people import service as people
from eventreg.people.rules import mail_address


def send_again(letter_id: int, *, mine: Sequence[int] | None, actor: Actor) -> bool:
    """Send a letter again; one without an address goes to the address in the roster now.

    Returns False while it is on its way or if it has arrived. Raises NotFound and what `outbox.resend.send_again` does.
    """
    letter = resend.lock_letter(letter_id, mine=mine)
    address = letter.address
    if address is None and letter.person_id is not None:
        address = people.person_facts(letter.person_id).email
    return resend.send_again(letter, address, actor=actor)


def readdress(letter_id: int, typed: str, *, mine: Sequence[int] | None, roster: bool, actor: Actor) -> None:
    """Send a letter to another address; `roster` also corrects the roster, so that later letters go there.

    Raises NotFound, Refused("people.email_form"), ("people.email_taken"), and what `outbox.resend.readdress` does.
    """
    letter = resend.lock_letter(letter_id, mine=mine)
    address = mail_address(typed)
    if roster and letter.person_id is not None:
        directory.set_email(letter.person_id, address, actor=actor)
    resend.readdress(letter, address, actor=actor)


def note_bounce(letter_id: int, *, came_back: bool, mine: Sequence[int] | None, actor: Actor) -> bool:
    """Note that a letter bounced, or remove the note; returns False if nothing changes."""
    letter = resend.lock_letter(letter_id, mine=mine)
    return resend.note_bounce(letter, came_back=came_back, actor=actor)
