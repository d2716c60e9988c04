"""The switch of the letters."""
