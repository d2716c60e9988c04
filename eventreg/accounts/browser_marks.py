"""The mark of a browser in which somebody has signed in before: such a browser has a count of its own (ADR 37).

A mark opens nothing. It says "somebody signed in as this account here once": a random number and a MAC over it and the
person's id. It does not hold the id, so a browser does not tell who uses it.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable

from eventreg.core.keyring.keys import Keys, stamp

MOST = 4  # marks of one browser: a computer that some colleagues share
LONGEST = 400  # characters of them all


def make(person_id: int, *, keys: Keys, number: str = "") -> str:
    """A mark for one browser and one person under the current key, with the number that it had before, if any."""
    number = number or secrets.token_urlsafe(12)
    return f"{number}.{_mac(number, person_id, keys.codes)}"


def find(marks: Iterable[str], person_id: int, *, keys: Keys) -> str:
    """The number of the mark that was made for this person; empty where there is none.

    Every mark is checked whatever comes of it, so that all requests take the same time.
    """
    found = ""
    for mark in marks:
        number, _dot, mac = mark.partition(".")
        for key in keys.good("codes"):
            if secrets.compare_digest(mac.encode(), _mac(number, person_id, key).encode()) and person_id:
                found = number
    return found


def split(cookie: str) -> list[str]:
    """The marks that a cookie holds; none of one that no server of ours made."""
    if len(cookie) > LONGEST or not cookie.isascii():
        return []
    return [mark for mark in cookie.split("~") if mark][:MOST]


def joined(marks: Iterable[str]) -> str:
    """A cookie of these marks, the newest first; the oldest are dropped."""
    return "~".join(list(marks)[:MOST])


def _mac(number: str, person_id: int, key: bytes) -> str:
    return urlsafe_b64encode(stamp(key, "browser mark", person_id, number)).decode().rstrip("=")
