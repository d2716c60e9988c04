"""Phones at the venue."""
