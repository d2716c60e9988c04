"""Scans of other systems."""
