"""The addresses of one's own calendar feeds."""
