"""Pausing and resuming letters."""
