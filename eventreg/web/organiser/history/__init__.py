"""Who did what and when, for organisers."""
