"""Write the migration from what the migrations make to what the models say.

usage: python tools/new_migration.py "what it does"      (`make migration m="…"`)
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from eventreg.config import PROJECT
from eventreg.core.db.connections import for_writing, prepare


def main(message: str) -> None:
    """Upgrade a throw-away SQLite database, then let Alembic compare it with the models."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        prepare(engine)
        config = Config()
        config.set_main_option("script_location", str(PROJECT / "migrations"))
        number = len(list((PROJECT / "migrations" / "versions").glob("[0-9]*.py"))) + 1
        with engine.connect() as connection:
            for_writing(connection, patience=5)
            config.attributes["connection"] = connection
            if number > 1:
                with connection.begin():
                    command.upgrade(config, "head")
            with connection.begin():
                command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
