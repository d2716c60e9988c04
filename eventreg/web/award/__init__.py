"""Nominating for an award: unit contacts, nominees, department heads and their delegates."""
