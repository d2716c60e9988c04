"""Single-use links from the console."""
