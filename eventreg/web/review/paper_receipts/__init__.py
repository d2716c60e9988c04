"""Receipts of printed forms."""
