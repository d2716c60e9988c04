"""Nominations that wait for the signature of a department head."""
