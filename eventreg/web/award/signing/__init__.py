"""Signatures of department heads."""
