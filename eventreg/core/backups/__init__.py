"""Backups of a whole installation: made while it runs, restored completely or not at all (ADR 23)."""
