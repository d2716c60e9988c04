"""After how many seconds a client may try again: the `Retry-After` of pages, the API and the desk (RFC 9110, 10.2.3)."""

from __future__ import annotations

PERSON_SECONDS = 20  # a person reads the page first and presses the button again
PROGRAM_SECONDS = 5  # a program or a phone's script repeats the request by itself
NO_ROOM_SECONDS = 60  # the disk is full: somebody has to free some space first


def retry_after(seconds: int) -> dict[str, str]:
    """The header that asks the client to wait this long."""
    return {"Retry-After": str(seconds)}
