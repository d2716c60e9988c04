"""Signatures of department heads, their delegates, and the consents of nominees."""
