"""The quota table of an award, for HR."""
