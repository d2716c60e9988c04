"""Registrations for programs."""
