"""Errors of the product: refusals with a code and facts, worded at the edge, and technical failures."""

from __future__ import annotations


class Refused(Exception):
    """A rule refused a request. `words.refusals` makes the sentence for `code` from `facts`.

    Raising it rolls the unit of work back; what must be stored in spite of a refusal is returned as a verdict (law 3).
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(Exception):
    """Something does not exist or is not the visitor's; both are answered alike (law 14). It is not shown at forms.

    `what` names the kind of thing for logs and tests; `code` is what programs read.
    """

    code = "not_found"

    def __init__(self, what: str = "page") -> None:
        super().__init__(what)
        self.what = what


class Busy(Exception):
    """The database was not available in time: 503, nothing was written, the request can be repeated."""


class DiskFull(Busy):
    """The disk is full: 507, nothing was written, an operator has to free space."""


class Unusable(Exception):
    """The installation cannot run as it is; the text says what to do about it."""
