"""Coming in by the code on the wall, on one's own phone."""
