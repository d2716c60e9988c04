"""The draw: a pure function of a seed and of the names that take part (ADR 52).

The SHA-256 of the seed is published before the draw, the seed after it. `docs/recompute_draw.py` does the same without
this product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from eventreg.core.errors import Refused


def seed_hash(seed: str) -> str:
    """The SHA-256 of the seed in hex, as it is published before the draw."""
    return _digest(seed)


def drawn(seed: str, among: Collection[str], wanted: int) -> tuple[str, ...]:
    """The first `wanted` of these names in the order that the seed gives them; the order of `among` does not matter.

    The names stand in the order of the SHA-256 of "SEED:NAME". Raises Refused("lots.too_few") when there are not enough.
    """
    names = set(among)
    if wanted > len(names):
        raise Refused("lots.too_few", wanted=wanted, n=len(names))
    return tuple(sorted(names, key=lambda name: (_digest(f"{seed}:{name}"), name))[:wanted])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
