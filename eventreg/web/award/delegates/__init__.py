"""The delegates of a department head."""
