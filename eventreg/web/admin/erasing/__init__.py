"""Erasure of what is stored about a person, on request."""
