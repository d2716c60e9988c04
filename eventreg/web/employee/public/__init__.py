"""The campaigns as everybody sees them."""
