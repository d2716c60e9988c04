"""Nominations for an award: pages of unit contacts, nominees, department heads and their delegates."""
