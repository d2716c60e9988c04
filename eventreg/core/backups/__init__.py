"""Copies of everything that an installation is: taken while it runs, put back whole or not at all (ADR 23)."""
