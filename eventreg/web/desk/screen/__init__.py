"""The full-screen page of a screen, opened by its link."""
