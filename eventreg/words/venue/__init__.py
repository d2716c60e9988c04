"""Texts of the day at the venue."""
