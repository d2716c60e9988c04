"""What is the same in every app is made once a run: each test has an app of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart


class RememberedRule(Rule):
    """A route that werkzeug parses, and whose builders of addresses it compiles, once for all apps.

    That was most of the time that making an app takes. Parts, trace and converters depend on nothing but what
    the key tells, and nobody changes them afterwards; a builder is a plain function that takes the rule as
    its first argument.
    """

    parsed: ClassVar[
        dict[object, tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]]
    ] = {}
    made: ClassVar[dict[object, Callable[..., tuple[str, str]]]] = {}

    def compile(self) -> None:
        """Werkzeug's, whose findings are kept; a rule with defaults is left to it."""
        key = (self.rule, self.subdomain, self.merge_slashes, frozenset(self.map.converters.items()))
        if self.defaults or self.map.host_matching:
            super().compile()
        elif key not in self.parsed:
            super().compile()
            self.parsed[key] = self._parts, self._trace, self._converters
        else:
            self._parts, self._trace, self._converters = self.parsed[key]
            self.arguments.update(self._converters)
            self._build = self._compile_builder(False).__get__(self, None)
            self._build_unknown = self._compile_builder(True).__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:  # they are put into the code by converters, which are the rule's own
            return super()._compile_builder(append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in self.made:
            self.made[key] = super()._compile_builder(append_unknown)
        return self.made[key]


class SharedStatements:
    """A dialect that is the same in every engine, so that a statement is compiled once a run, not once an app.

    SQLAlchemy keeps what it compiled under the dialect and the statement's shape, for each engine apart. All
    engines of the tests are made by the product with the same options, and differ in nothing but the address.
    """

    compiled: ClassVar[LRUCache[Any, Any]] = LRUCache(5_000)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """SQLAlchemy's hook for dialects."""
        engine.update_execution_options(compiled_cache=cls.compiled)


class RememberedSQLite(SharedStatements, SQLiteDialect_pysqlite):
    """SQLite by Python's own driver."""

    supports_statement_cache = True  # SQLAlchemy asks each class for itself


class RememberedPostgreSQL(SharedStatements, PGDialect_psycopg):
    """PostgreSQL by psycopg."""

    supports_statement_cache = True


def remember_statements() -> None:
    """From now on engines are made with these dialects."""
    registry.register("sqlite", __name__, RememberedSQLite.__name__)
    registry.register("postgresql.psycopg", __name__, RememberedPostgreSQL.__name__)
