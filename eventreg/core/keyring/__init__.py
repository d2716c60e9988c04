"""The installation's keys: stored, watched, rotated, retired, and bound to one database."""
