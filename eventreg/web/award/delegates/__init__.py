"""Whom a department head lets sign."""
