"""The installation's keys: made at the first start, readable by us alone, one list for each purpose (ADR 34).

The current key of a purpose signs. Older keys, and new ones that are being copied to all hosts, only verify. The file
`keys/keys.json` holds the secrets; the database holds the states (see `installation`), so that all processes agree.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app

from eventreg.core.errors import Unusable
from eventreg.core.files import close_to_others, private_folder, write_once, write_whole

log = logging.getLogger("eventreg.keys")

PURPOSES = ("session", "forms", "tickets", "codes", "seal", "audit")
FIRST_PURPOSES = PURPOSES[:5]  # the content of a key file when each purpose had one key
NAME = "keys.json"
FORMAT = 2
IN_USE = "eventreg.keys"


class KeyState(StrEnum):
    """The state of a key. The secret of a retired key is deleted; its fingerprint stays in the database."""

    CURRENT = "current"
    VERIFIES = "verifies"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of one purpose."""

    purpose: str
    secret: bytes
    state: KeyState

    def __repr__(self) -> str:
        return f"Key({self.purpose}, {self.id}, {self.state})"

    @property
    def fingerprint(self) -> str:
        """32 hex digits that identify a key without revealing it."""
        return hashlib.sha256(f"eventreg key {self.purpose} ".encode() + self.secret).hexdigest()[:32]

    @property
    def id(self) -> str:
        """The part of the fingerprint by which people name a key."""
        return self.fingerprint[:8]


class Keys:
    """All keys that sign or verify; `session`, `forms` and so on are the current secrets, of 32 bytes each."""

    def __init__(self, ring: Iterable[Key]) -> None:
        self.ring = tuple(ring)
        self._good: dict[str, tuple[bytes, ...]] = {}
        for purpose in PURPOSES:
            mine = [key for key in self.ring if key.purpose == purpose]
            current = [key.secret for key in mine if key.state is KeyState.CURRENT]
            if len(current) != 1:
                raise ValueError(f"{len(current)} current keys for {purpose}")
            others = [key.secret for key in mine if key.state is KeyState.VERIFIES]
            self._good[purpose] = (current[0], *reversed(others))

    def __repr__(self) -> str:
        return f"Keys({self.fingerprint()})"

    @property
    def session(self) -> bytes:
        """Signs cookies."""
        return self._good["session"][0]

    @property
    def forms(self) -> bytes:
        """Signs the tokens of forms."""
        return self._good["forms"][0]

    @property
    def tickets(self) -> bytes:
        """Makes tickets, their short codes, and the check codes of papers."""
        return self._good["tickets"][0]

    @property
    def codes(self) -> bytes:
        """Keys the hashes of sign-in codes."""
        return self._good["codes"][0]

    @property
    def seal(self) -> bytes:
        """Encrypts content that has to be read again."""
        return self._good["seal"][0]

    @property
    def audit(self) -> bytes:
        """Signs the rows and seals of the audit trail."""
        return self._good["audit"][0]

    def good(self, purpose: str) -> tuple[bytes, ...]:
        """The secrets of a purpose that verify, the current one first."""
        return self._good[purpose]

    def fingerprint(self) -> str:
        """Identifies a set of secrets, whatever the states of the keys."""
        every = ",".join(sorted(key.fingerprint for key in self.ring))
        return hashlib.sha256(every.encode()).hexdigest()[:32]

    def first_fingerprint(self) -> str:
        """The fingerprint of a set in older versions with one key for each purpose: over the oldest key of each."""
        oldest = (next(k.secret for k in self.ring if k.purpose == purpose) for purpose in FIRST_PURPOSES)
        return hashlib.sha256(b"eventreg keys" + b"".join(oldest)).hexdigest()[:32]

    def with_states(self, states: Mapping[str, KeyState]) -> Keys:
        """The keys with the states of the database, without retired ones.

        A key that the database does not have yet is being added by another process; it verifies.
        """
        stated = (replace(key, state=states.get(key.fingerprint, KeyState.VERIFIES)) for key in self.ring)
        return Keys(key for key in stated if key.state is not KeyState.RETIRED)

    def sealed(self, text: str) -> bytes:
        """Encrypt a secret under the current key, such as a code in a letter."""
        return _box(self.seal).encrypt(text.encode())

    def opened(self, box: bytes) -> str:
        """Decrypt what `sealed` returned, with any key that verifies. Raises Unusable when none does."""
        try:
            return MultiFernet([_box(key) for key in self.good("seal")]).decrypt(box).decode()
        except InvalidToken as error:
            raise Unusable("A sealed secret was made under other keys.") from error


def _box(key: bytes) -> Fernet:
    return Fernet(urlsafe_b64encode(key))


def opens(key: bytes, box: bytes) -> bool:
    """Whether this key encrypted the content."""
    try:
        _box(key).decrypt(box)
    except InvalidToken:
        return False
    return True


def stamp(key: bytes, *parts: object) -> bytes:
    """HMAC-SHA256 over the parts, 32 bytes; the encoding of the list of parts is unambiguous."""
    message = json.dumps([str(part) for part in parts], ensure_ascii=False).encode()
    return hmac.digest(key, message, "sha256")


def fingerprint_of(token: str) -> bytes:
    """SHA-256 of a random token: what is stored instead of the token."""
    return hashlib.sha256(token.encode()).digest()


def keys_in_use() -> Keys:
    """The keys of the running product; they change when somebody rotates them."""
    found: Keys = current_app.extensions[IN_USE]
    return found


def new_key(purpose: str, state: KeyState) -> Key:
    """32 random bytes."""
    return Key(purpose, secrets.token_bytes(32), state)


def key_file(instance: Path) -> Path:
    """The key file of an installation, which is copied to every host."""
    return instance / "keys" / NAME


def load_keys(instance: Path) -> Keys:
    """The keys of this installation; made if there are none.

    If several processes start at once, one file is written and all read it.
    """
    private_folder(instance / "keys")
    path = key_file(instance)
    if not path.exists():
        write_once(path, written(new_key(purpose, KeyState.CURRENT) for purpose in PURPOSES))
    return read_keys(path)


def read_keys(path: Path) -> Keys:
    """The keys of a file in this format or in the first one. Raises Unusable."""
    try:
        if close_to_others(path):
            log.warning("keys.were_open", extra={"file": str(path), "advice": "others could read them"})
        stored = json.loads(path.read_text())
        return Keys(_listed(stored) if "format" in stored else _of_first_format(stored))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable(f"The key file {path} cannot be read: restore it from a backup.") from error


def write_keys(instance: Path, ring: Iterable[Key]) -> None:
    """Replace the key file in one step."""
    write_whole(key_file(instance), written(ring))


def written(ring: Iterable[Key]) -> bytes:
    """The content of a key file, by purpose; within a purpose the oldest key first."""
    lists: dict[str, Any] = {purpose: [] for purpose in PURPOSES}
    for key in ring:
        if key.state is not KeyState.RETIRED:
            lists[key.purpose].append({"id": key.id, "key": key.secret.hex(), "state": str(key.state)})
    return json.dumps({"format": FORMAT, **lists}, indent=1).encode()


def _listed(stored: Mapping[str, Any]) -> list[Key]:
    if stored["format"] != FORMAT:
        raise ValueError("a newer format")
    return [
        Key(purpose, bytes.fromhex(one["key"]), KeyState(one["state"]))
        for purpose in PURPOSES
        for one in stored[purpose]
    ]


def _of_first_format(stored: Mapping[str, str]) -> list[Key]:
    """One key for each of the first five purposes. The audit key is derived from them, so that every host and
    every process of an older installation has the same one; the next change of the file writes it out.
    """
    found = {purpose: bytes.fromhex(stored[purpose]) for purpose in FIRST_PURPOSES}
    found["audit"] = stamp(b"".join(found.values()), "audit")
    return [Key(purpose, secret, KeyState.CURRENT) for purpose, secret in found.items()]
