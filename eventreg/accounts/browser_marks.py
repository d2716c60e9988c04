"""Marks of browsers in which somebody has signed in before; their requests for codes are counted separately (ADR 37).

A mark gives no access. It proves that somebody signed in to an account in this browser before: a random number and a
MAC over it and the person's id. It does not contain the id, so it does not reveal who uses the browser.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable

from eventreg.core.keyring.keys import Keys, stamp

MOST = 4  # marks of one browser, for a computer that colleagues share
LONGEST = 400  # characters of all marks


def make(person_id: int, *, keys: Keys, number: str = "") -> str:
    """Make a mark for a browser and a person under the current key, with its earlier number, if any."""
    number = number or secrets.token_urlsafe(12)
    return f"{number}.{_mac(number, person_id, keys.codes)}"


def find(marks: Iterable[str], person_id: int, *, keys: Keys) -> str:
    """The number of this person's mark; empty if there is none.

    All marks are checked in any case, so that all requests take the same time.
    """
    found = ""
    for mark in marks:
        number, _dot, mac = mark.partition(".")
        for key in keys.good("codes"):
            if secrets.compare_digest(mac.encode(), _mac(number, person_id, key).encode()) and person_id:
                found = number
    return found


def split(cookie: str) -> list[str]:
    """The marks in a cookie; empty for a cookie with another format."""
    if len(cookie) > LONGEST or not cookie.isascii():
        return []
    return [mark for mark in cookie.split("~") if mark][:MOST]


def joined(marks: Iterable[str]) -> str:
    """The cookie with these marks, the newest first; the oldest are dropped."""
    return "~".join(list(marks)[:MOST])


def _mac(number: str, person_id: int, key: bytes) -> str:
    return urlsafe_b64encode(stamp(key, "browser mark", person_id, number)).decode().rstrip("=")
