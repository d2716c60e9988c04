"""Phones without a network."""
