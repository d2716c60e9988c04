"""The quota table of an award."""
