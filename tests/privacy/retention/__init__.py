"""Retention and erasure on request."""
