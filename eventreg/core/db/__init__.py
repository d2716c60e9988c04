"""The database: sessions and units of work, connections, constraints, migrations, the write lock of SQLite."""
