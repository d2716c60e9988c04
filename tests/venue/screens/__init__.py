"""Screens at the venue."""
