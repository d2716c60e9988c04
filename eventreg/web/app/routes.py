"""Routes whose address builders are compiled when the first address is asked for."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class Route(Rule):
    """Werkzeug's rule; it writes two functions for each rule and compiles them as the rule is added.

    With two hundred routes that took a twelfth of the CPU of a start, and a process builds URLs of few of them (ADR 29).
    """

    def _compile_builder(self, append_unknown: bool = True) -> Build:
        name = "_build_unknown" if append_unknown else "_build"
        compiled = super()._compile_builder

        def first(route: Route, /, **values: object) -> tuple[str, str]:
            build: Build = compiled(append_unknown).__get__(route, None)
            setattr(route, name, build)
            return build(**values)

        return first


class Product(Flask):
    """Flask with these routes."""

    url_rule_class: type[Rule] = Route
