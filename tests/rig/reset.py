"""Put a PostgreSQL database back to what it held: a hundred times faster than making it anew."""

from __future__ import annotations

import psycopg
from sqlalchemy import make_url

from tests.rig.postgres import Cluster

_SHAPE = """
SELECT string_agg(
  format('%s %s %s', c.relname, a.attname, a.atttypid), ',' ORDER BY c.relname, a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
"""
_KEEP = """
DO $$ DECLARE it record; filled boolean; BEGIN
  CREATE SCHEMA kept;
  FOR it IN SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', it.name) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', it.name, it.name); END IF;
  END LOOP;
  CREATE TABLE kept."the shape" (said text);
  CREATE TABLE kept."the marks" (name text, mark text);
  CREATE TABLE kept."the sequences" AS
    SELECT sequencename::text AS name, last_value AS last FROM pg_sequences WHERE schemaname = 'public';
END $$
"""
# A table's mark is another once rows of it were written, even by a transaction that was rolled back, or it was
# emptied at one stroke. PostgreSQL counts rows when who wrote them has gone, or is told to.
_MARKS = """
CREATE VIEW kept.now AS SELECT relname::text AS name, format('%s %s', relfilenode,
  pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid)) AS mark
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
_COUNT_NOW = "SELECT pg_stat_force_next_flush()"
_MARK = """
WITH gone AS (DELETE FROM kept."the marks") INSERT INTO kept."the marks" SELECT name, mark FROM kept.now
"""
_PUT_BACK = """
DO $$ DECLARE it record; BEGIN
  SET LOCAL session_replication_role = replica;
  SET LOCAL lock_timeout = 5000;
  FOR it IN SELECT name FROM kept.now LEFT JOIN kept."the marks" kept USING (name)
    WHERE now.mark IS DISTINCT FROM kept.mark
  LOOP
    EXECUTE format('DELETE FROM public.%I', it.name);
    IF to_regclass(format('kept.%I', it.name)) IS NOT NULL THEN
      EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', it.name, it.name);
    END IF;
  END LOOP;
  FOR it IN SELECT name, last FROM kept."the sequences"
  LOOP PERFORM setval(format('public.%I', it.name), coalesce(it.last, 1), it.last IS NOT NULL); END LOOP;
END $$
"""
_SEND_AWAY = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Spare:
    """Databases that stand ready: what a test leaves in one is taken out before the next has it."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster, self.template = cluster, template
        self.free: list[str] = []

    def take(self) -> str:
        """The URL of a database that holds nothing but our schema."""
        return self.free.pop() if self.free else self.cluster.fresh(self.template)

    def give_back(self, url: str) -> None:
        """Empty it for the next one; a database whose tables were changed is thrown away."""
        if put_back(url):
            self.free.append(url)
        else:
            self.cluster.drop(url)


def keep(url: str) -> None:
    """Remember in the database, in a schema `kept`, what it holds now and what its tables look like."""
    with connected(url) as connection:
        connection.execute(_KEEP)
        connection.execute(_MARKS)
        connection.execute('INSERT INTO kept."the shape" VALUES (%s)', [_shape(connection)])
        _mark(connection)


def put_back(url: str) -> bool:
    """Everything as it was when it was kept, whoever is still connected sent away.

    False when a test changed a table itself: such a database is of no more use.
    """
    with connected(url) as connection:
        connection.execute(_SEND_AWAY)
        if connection.execute('SELECT said FROM kept."the shape"').fetchone() != (_shape(connection),):
            return False
        connection.execute(_PUT_BACK)
        _mark(connection)
    return True


def _mark(connection: psycopg.Connection[tuple[str]]) -> None:
    """Remember what the tables' marks are while nothing of them has been changed."""
    connection.execute(_COUNT_NOW)
    connection.execute(_MARK)


def _shape(connection: psycopg.Connection[tuple[str]]) -> str:
    row = connection.execute(_SHAPE).fetchone()
    return row[0] if row else ""


def connected(url: str) -> psycopg.Connection[tuple[str]]:
    """A connection to a database of the tests by its URL, past the product; each statement is committed at once."""
    at = make_url(url)
    return psycopg.connect(host=str(at.query["host"]), user=at.username, dbname=at.database, autocommit=True)
