"""Nominations: from a department's quota to a candidate."""
