"""The installation's keys: made at first run, 0600, one purpose each (law 18).

One file holds one random master key a purpose, so that a purpose can be rotated without
killing another's printed tickets. The database keeps their fingerprints: a process with other
keys must not start, because it could neither check a ticket nor open a sealed code.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from .errors import Unusable
from .files import close_to_others, private_folder, write_once

log = logging.getLogger("eventreg.keys")

PURPOSES = ("session", "forms", "tickets", "codes", "seal")


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """32 random bytes for each purpose of PURPOSES."""

    session: bytes
    forms: bytes
    tickets: bytes
    codes: bytes
    seal: bytes

    def __repr__(self) -> str:
        return f"Keys({self.fingerprint()})"

    def fingerprint(self) -> str:
        """Tells two sets of keys apart and gives nothing of them away."""
        whole = b"".join(getattr(self, purpose) for purpose in PURPOSES)
        return hashlib.sha256(b"eventreg keys" + whole).hexdigest()[:32]

    def sealed(self, text: str) -> bytes:
        """A secret that has to be read again later (a code in a letter), encrypted."""
        return self._box().encrypt(text.encode())

    def opened(self, box: bytes) -> str:
        """What `sealed` was given. Raises Unusable when it was sealed under another key."""
        try:
            return self._box().decrypt(box).decode()
        except InvalidToken as error:
            raise Unusable("A sealed secret was made under other keys.") from error

    def _box(self) -> Fernet:
        return Fernet(urlsafe_b64encode(self.seal))


def stamp(key: bytes, *parts: object) -> bytes:
    """HMAC-SHA256 over the parts, 32 bytes; no two lists of parts give the same message."""
    message = json.dumps([str(part) for part in parts], ensure_ascii=False).encode()
    return hmac.digest(key, message, "sha256")


def fingerprint_of(token: str) -> bytes:
    """SHA-256 of a random token: what is stored instead of the token."""
    return hashlib.sha256(token.encode()).digest()


def load_keys(instance: Path) -> Keys:
    """The keys of this installation, made now if there are none yet.

    Safe with several processes starting at once: one file wins, all read it.
    """
    path = private_folder(instance / "keys") / "keys.json"
    if not path.exists():
        fresh = {purpose: secrets.token_hex(32) for purpose in PURPOSES}
        write_once(path, json.dumps(fresh, indent=1).encode())
    try:
        if close_to_others(path):
            log.warning("keys.were_open", extra={"file": str(path), "advice": "others could read them"})
        stored = json.loads(path.read_text())
        return Keys(**{purpose: bytes.fromhex(stored[purpose]) for purpose in PURPOSES})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable(f"The key file {path} cannot be read: restore it from a backup.") from error
