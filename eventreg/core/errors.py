"""How the product says no: a code and facts, worded at the edge."""

from __future__ import annotations


class Refused(Exception):
    """A rule said no. `code` is worded by `words.refusals`; `facts` fill the sentence.

    Raising it rolls the unit of work back: what must outlive a refusal is returned as a
    verdict instead (law 3).
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(Exception):
    """There is no such thing, or it is not yours: both answer alike (law 14). It is no `Refused`: no form says it.

    `what` names the kind of thing for logs and tests; `code` is what programs read.
    """

    code = "not_found"

    def __init__(self, what: str = "page") -> None:
        super().__init__(what)
        self.what = what


class Busy(Exception):
    """The database could not be had in time: 503, try again, nothing was written."""


class DiskFull(Busy):
    """The disk is full: 507, nothing was written, an operator has to free some space."""


class Unusable(Exception):
    """The installation cannot run as it is; the text says what to do about it."""
