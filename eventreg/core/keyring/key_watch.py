"""A running process notices that keys were added, rotated or retired, and goes on with the new states.

On the same host the key file changes: its inode and time are checked at every request, which takes a microsecond. On
other hosts only the database changes, which is read at each tick.
"""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from eventreg.core.db.session import db
from eventreg.core.errors import Unusable

from .installation import list_known, list_missing, missing_words
from .keys import IN_USE, Keys, KeyState, key_file, keys_in_use, read_keys, stamp
from .retired import states_on_record
from .rotation import refresh_file

log = logging.getLogger("eventreg.keys")

WATCHED = "eventreg.key_file"
Seen = tuple[int, int, int] | None


class KeyFile:
    """The state of the key file when this process read it last."""

    def __init__(self, instance: Path) -> None:
        self.instance, self.seen = instance, look(instance)


def look(instance: Path) -> Seen:
    """Inode, time and size of the file, which change with it; None if it does not exist."""
    try:
        found = key_file(instance).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def use(app: Flask, keys: Keys) -> None:
    """Sign and verify cookies, forms and everything else with these keys from now on."""
    app.extensions[IN_USE] = keys
    cookie, *older = (stamp(key, "cookie").hex() for key in keys.good("session"))
    app.config["SECRET_KEY_FALLBACKS"] = older or None
    app.config["SECRET_KEY"] = cookie
    forms = [stamp(key, "csrf").hex() for key in keys.good("forms")]
    # Flask-WTF hands this to itsdangerous, which signs with the last of a list and verifies with all.
    app.config["WTF_CSRF_SECRET_KEY"] = forms[0] if len(forms) == 1 else forms[::-1]


def watch(app: Flask, instance: Path) -> None:
    """Begin to watch the file, whose current content was read."""
    app.extensions[WATCHED] = KeyFile(instance)


def notice_file() -> None:
    """Read the keys again if the file has changed; called at the beginning of a request."""
    watched: KeyFile | None = current_app.extensions.get(WATCHED)
    if watched is not None and watched.seen != look(watched.instance):
        notice()


def notice() -> bool:
    """Read file and database; True when this process uses other keys or states afterwards.

    A file that cannot be read, because it is being copied, is read again later. Missing keys are logged; until they are
    copied this process uses the keys that it has.
    """
    watched: KeyFile = current_app.extensions[WATCHED]
    before = keys_in_use()
    seen = look(watched.instance)
    try:
        found = read_keys(key_file(watched.instance))
        known = list_known()
        states = states_on_record(known, found)
    except Unusable as error:
        watched.seen = seen  # it is read again when it changes, and at the next tick
        log.warning("keys.unreadable", extra={"error": str(error)})
        return False
    except SQLAlchemyError as error:
        log.warning("keys.unreadable", extra={"error": str(error)})
        return False
    finally:
        db.session.rollback()
    watched.seen = seen
    if missing := list_missing(found, known):
        log.error("keys.missing", extra={"advice": missing_words(missing, folder=watched.instance)})
    try:
        stated = found.with_states(states)
    except ValueError as error:  # mostly because the current key is not here: see the error above
        log.warning("keys.not_changed", extra={"error": str(error)})
        return False
    if any(states.get(key.fingerprint) is KeyState.RETIRED for key in found.ring):
        refresh_file(watched.instance, states)
        watched.seen = look(watched.instance)
    if stated.ring == before.ring:
        return False
    use(current_app._get_current_object(), stated)  # type: ignore[attr-defined]  # noqa: SLF001
    log.info("keys.changed", extra={"keys": [repr(key) for key in stated.ring]})
    return True
