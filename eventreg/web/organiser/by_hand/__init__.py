"""Enter somebody by hand, and correct their answers."""
