"""A round of judging: its rules (评选办法), its frozen list, its result."""
