"""The installation's keys."""
