"""Check codes, addresses on printed forms, and what a receipt must contain. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from enum import StrEnum

from eventreg.core.errors import Refused

from ..rules import NominationContent, NominationState

CODE_LENGTH = 8
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's alphabet: without I, L, O and U
MISREAD = str.maketrans("ILO", "110")
TOKEN = re.compile(r"([1-9]\d{0,8})-([1-9]\d{0,6})-([0-9A-HJKMNP-TV-Z]{8})", re.ASCII)
COPIES_MOST = 9
REMARK_MOST = 200  # characters


class PaperMatch(StrEnum):
    """How a paper compares with what is stored: the same, an older version, nothing submitted now, withdrawn."""

    SAME = "same"
    OLDER = "older"
    TAKEN_BACK = "taken_back"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PaperReference:
    """The reference in an address on a paper: the nomination, the version printed, the check code."""

    nomination_id: int
    version: int
    code: str


def code_of(drawn: bytes) -> str:
    """Forty bits as eight characters that cannot be mistaken for each other."""
    bits = int.from_bytes(drawn[:5])
    return "".join(CODE_ALPHABET[bits >> 5 * place & 31] for place in range(CODE_LENGTH))


def plain_code(typed: str) -> str:
    """A typed code in the form in which codes are compared: half-width, upper case, no spaces; 1 for I and L, 0 for O."""
    half = typed.translate({full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)})
    return "".join(mark for mark in half.upper() if mark.isalnum()).translate(MISREAD)


def in_groups(code: str) -> str:
    """7K3M-X9QF: easier to read and to type."""
    return f"{code[:4]}-{code[4:]}"


def find_named(token: str) -> PaperReference | None:
    """The reference in the last part of an address; None if it has another format."""
    found = TOKEN.fullmatch(token)
    return PaperReference(int(found[1]), int(found[2]), found[3]) if found else None


def digest_of(content: NominationContent) -> str:
    """SHA-256 of all content of a version, in hex."""
    said = [sorted(content.answers.items()), sorted(content.ticked), content.deeds]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def match(state: NominationState, handed_in: int | None, version: int) -> PaperMatch:
    """How a printed `version` compares with a nomination of which version `handed_in` is submitted."""
    if state is NominationState.WITHDRAWN:
        return PaperMatch.WITHDRAWN
    if handed_in is None:
        return PaperMatch.TAKEN_BACK
    return PaperMatch.SAME if version == handed_in else PaperMatch.OLDER


def check_receipt(state: NominationState, *, copies: int, remark: str) -> None:
    """Check a receipt: the nomination is not withdrawn, there are one to nine copies, the remark is short."""
    if state is NominationState.WITHDRAWN:
        raise Refused("paper.withdrawn")
    if not 1 <= copies <= COPIES_MOST:
        raise Refused("typed.out_of_bounds", field="copies", least=1, most=COPIES_MOST)
    if len(remark) > REMARK_MOST:
        raise Refused("typed.too_long", field="remark", most=REMARK_MOST, length=len(remark))


def check_reason(reason: str) -> None:
    """Check that a receipt is taken back with a reason."""
    if not reason:
        raise Refused("typed.missing", field="reason")
    if len(reason) > REMARK_MOST:
        raise Refused("typed.too_long", field="reason", most=REMARK_MOST, length=len(reason))
