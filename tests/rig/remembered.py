"""What is the same in every app is made once a run: each test has an app of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from werkzeug.routing import Rule


class RememberedRule(Rule):
    """A route whose builders of addresses werkzeug compiles once for all apps, not once for each.

    That was two thirds of the time that making an app takes. A builder depends on nothing but what its name
    and its key tell; it is a plain function that takes the rule as its first argument.
    """

    made: ClassVar[dict[object, Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:  # they are put into the code by converters, which are the rule's own
            return super()._compile_builder(append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in self.made:
            self.made[key] = super()._compile_builder(append_unknown)
        return self.made[key]
