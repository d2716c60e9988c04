"""The installation's keys: kept, watched, rotated, retired, and bound to one database."""
